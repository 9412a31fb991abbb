import { keptForm, oneSpelling } from './one-spelling.ts'
import { countryOf, maskRecipient } from './phone.ts'

/** A phone number or an e-mail address that a message may go to, read once, where a request comes in. */
class ReadRecipient {
  readonly type: 'phone' | 'email'
  readonly channel: 'sms' | 'email'
  /** What the message is sent to, and what its code is bound to, in its one form. */
  readonly value: string
  /** One spelling for all those that reach the same phone or mailbox: what is counted is counted by it. */
  readonly canonical: string

  constructor(type: 'phone' | 'email', value: string) {
    this.type = type
    this.channel = type === 'phone' ? 'sms' : 'email'
    this.value = keptForm(type, value)
    this.canonical = oneSpelling(this.value)
  }

  /** The country of a phone number, e.g. `CN`; undefined for an address, and for a number of which nobody can tell. */
  get country(): string | undefined {
    return this.type === 'email' ? undefined : countryOf(this.value)
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
  new ReadRecipient(type, value)
