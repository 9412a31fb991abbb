/**
 * What Direct Mail does where its documents are silent or contradict each other. Each is a choice of this stand-in;
 * a connector must not rely on any of them. Choices that are the shape of the code and not a value:
 * - a subject stays mandatory with a server-side template;
 * - AddressType 0, which sends from a random address of the account, wants the given sender to exist all the same.
 */

/** Longest subject: help pages and the error table say 100, the 2026 SDK says 256. The stricter one holds. */
export const SUBJECT_LENGTH = 100

/** Longest FromAlias: the parameter table says fewer than 15 characters, the error table not more than 15. */
export const FROM_ALIAS_LENGTH = 14

/** Lengths are counted in code points. */
export function lengthOf(text: string): number {
  return [...text].length
}

/** The code for an AddressType other than 0 and 1, a ReplyToAddress other than true and false, and the like. */
export function invalidParameterCode(name: string): string {
  return `Invalid${name}`
}

/** More than 100 recipients in ToAddress. */
export const TOO_MANY_RECIPIENTS_CODE = 'InvalidToAddress'

/** More than two addresses in BccAddress. */
export const TOO_MANY_BCC_CODE = 'InvalidBccAddress'

/** A query longer than about 80 KB never reaches the product. */
export const QUERY_LIMIT = 80 * 1024
export const QUERY_TOO_LONG_STATUS = 414

/** An account without balance or out of service: the documents name one code for quota, frequency and user state. */
export const ACCOUNT_STATE_CODE = 'InvalidSendMail.Spam'
