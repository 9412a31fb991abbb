import { mailboxOf } from './email.ts'
import { keptForm, oneSpelling } from './one-spelling.ts'
import { countryOf, maskRecipient } from './phone.ts'

/**
 * A phone number or an e-mail address that a message may go to, read once, where a request comes in; or a number for whose
 * owner an e-mail is asked for, which is counted for the number.
 */
class ReadRecipient {
  readonly type: 'phone' | 'email'
  readonly channel: 'sms' | 'email'
  /** What the message is sent to, and what its code is bound to, in its one form. */
  readonly value: string
  /** One spelling for all those of the same number or address: a message is noted and found by it. */
  readonly canonical: string
  /** The phone or mailbox that it reaches, also under other addresses: limits count by it. */
  readonly reached: string

  constructor(type: 'phone' | 'email', value: string, channel: 'sms' | 'email') {
    this.type = type
    this.channel = channel
    this.value = keptForm(type, value)
    this.canonical = oneSpelling(this.value)
    this.reached = mailboxOf(this.canonical)
  }

  /** The country that a text message goes to, e.g. `CN`; undefined for an e-mail, and for a number of which nobody can tell. */
  get country(): string | undefined {
    return this.channel === 'email' ? undefined : countryOf(this.value)
  }

  /** For people who may not see all of it: `+86 138****8000`, `a***@example.com`. */
  get masked(): string {
    return maskRecipient(this.value)
  }
}

export type Recipient = ReadRecipient

/**
 * Reads a recipient. Nothing else makes one, so what is shown, counted, checked and sent to is one and the same.
 *
 * @example readRecipient({ type: 'phone', value: '13800138000' }).masked // '+86 138****8000'
 */
export const readRecipient = ({ type, value }: { type: 'phone' | 'email'; value: string }): Recipient =>
  new ReadRecipient(type, value, type === 'phone' ? 'sms' : 'email')

/**
 * The recipient of an e-mail that is asked for by a phone number: whose address it goes to, only the server knows. All is
 * counted for the number, whoever has it.
 *
 * @example ownerOfNumber('8613800138000').channel // 'email'
 */
export const ownerOfNumber = (number: string): Recipient => new ReadRecipient('phone', number, 'email')
