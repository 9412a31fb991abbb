/**
 * The form of an e-mail address that is unique and looked up: without case. The Kelvin sign stays as it is, whose
 * small letter is the `k` of ASCII: an address with it is another mailbox, whose holder must not be taken for the
 * owner of the account with `k`.
 */
export const emailKey = (address: string): string =>
  address.replaceAll(/[^\u212A]+/g, text => text.toLowerCase())
