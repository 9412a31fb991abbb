import { SendError } from '@countersign/kit'

const DIGITS = /^\d{5,20}$/
// No other country code begins with 86, so a pattern tells mainland numbers apart; metadata of prefixes would
// only age.
const WITH_COUNTRY_CODE = /^86(1[3-9]\d{9})$/
const WITH_OR_WITHOUT = /^(?:(?:00)?86)?(1[3-9]\d{9})$/

/** Digits, country code first, no `+`; throws `SendError` `recipient_invalid` for anything else. */
function digitsOf(to: string): string {
  const digits = to.startsWith('+') ? to.slice(1) : to
  if (!DIGITS.test(digits)) throw new SendError('recipient_invalid', { code: 'recipient_malformed' })
  return digits
}

/** The eleven digits of a mainland mobile number, or undefined when the number is none. */
export function mainlandNumber(digits: string, strict: boolean): string | undefined {
  return (strict ? WITH_COUNTRY_CODE : WITH_OR_WITHOUT).exec(digits)?.[1]
}

/**
 * The form Aliyun takes: a mainland mobile number as eleven digits, any other as country code and number
 * without `+`.
 *
 * `strict`: a number counts as mainland only with its country code 86. Otherwise eleven bare digits that look
 * like a mainland mobile number count too, although an American number can look the same.
 */
export function aliyunNumber(to: string, strict: boolean): string {
  const digits = digitsOf(to)
  return mainlandNumber(digits, strict) ?? digits
}

/** The form Tencent Cloud takes: E.164 with `+`; without it a foreign number would count as a mainland one. */
export const tencentNumber = (to: string): string => `+${digitsOf(to)}`
