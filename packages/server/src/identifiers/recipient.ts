import { oneSpelling } from './one-spelling.ts'
import { asMainlandMobile, countryOf, isInternational, maskRecipient } from './phone.ts'

/**
 * What is known of the country of a phone number.
 *
 * - `asked`: its owner was asked for the country, as on every page, so the number begins with its country code.
 * - `first`: the interface wants the country code first, but nobody asked; what reads as a number of another country is
 *   one.
 * - `unsaid`: eleven digits may be a mainland number without its 86, as back ends give them.
 */
export type CountrySaid = 'asked' | 'first' | 'unsaid'

/** A phone number or an e-mail address that a message may go to, read once, where a request comes in. */
class ReadRecipient {
  readonly type: 'phone' | 'email'
  readonly channel: 'sms' | 'email'
  /** As it was given: what the message is sent to, and what its code is bound to. */
  readonly value: string
  /** True when it is certain that a phone number begins with its country code. */
  readonly hasCountryCode: boolean
  /** One spelling for all those that reach the same phone or mailbox: what is counted is counted by it. */
  readonly canonical: string
  readonly #said: CountrySaid

  constructor(type: 'phone' | 'email', value: string, said: CountrySaid) {
    this.type = type
    this.channel = type === 'phone' ? 'sms' : 'email'
    this.value = value
    this.#said = said
    this.hasCountryCode =
      type === 'phone' && (said === 'asked' || (said === 'first' && isInternational(value)))
    this.canonical = oneSpelling(value)
  }

  /** True for a mainland mobile number without its 86, from somebody who may leave it out. */
  get isBareMainland(): boolean {
    return this.type === 'phone' && this.#said === 'unsaid' && asMainlandMobile(this.value) !== undefined
  }

  /** The country of a phone number, e.g. `CN`; undefined for an address, and for a number of which nobody can tell. */
  get country(): string | undefined {
    if (this.type === 'email') return undefined
    return this.isBareMainland ? 'CN' : countryOf(this.value)
  }

  /** For people who may not see all of it: `+86 138****8000`, `a***@example.com`. */
  get masked(): string {
    return maskRecipient(this.value, this.hasCountryCode)
  }
}

export type Recipient = ReadRecipient

/**
 * Reads a recipient. Nothing else makes one, so nobody who sends a message can forget what is known of the country.
 *
 * @example readRecipient({ type: 'phone', value: '8613800138000' }, 'asked').masked // '+86 138****8000'
 */
export const readRecipient = (
  { type, value }: { type: 'phone' | 'email'; value: string },
  said: CountrySaid,
): Recipient => new ReadRecipient(type, value, said)
