import { type Keys, mac } from './keys.ts'

/**
 * Makes the keyed hash under which a recipient's messages are counted and found.
 *
 * @example recipientKey(keys, recipient.canonical)
 */
export const recipientKey = (keys: Keys, canonical: string): string =>
  mac(keys.lookup, 'recipient', canonical)
