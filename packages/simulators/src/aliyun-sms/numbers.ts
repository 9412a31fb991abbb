import { MAINLAND_MOBILE, mainlandRecipient, overseasRecipient, type Recipient } from '../numbers.ts'
import { INTERNATIONAL_TEMPLATE_DECIDES, OVERSEAS_PREFIXES_ACCEPTED } from './unverified.ts'

/** Numbers in one SendSms call at most. Source: Alibaba Cloud help, SendSms. */
export const NUMBERS_PER_CALL = 1000

/**
 * The recipient a number stands for, or undefined when Aliyun SMS does not take its form: mainland numbers bare or
 * with `+`, `+86`, `0086`, `86`; others as country code and subscriber number in digits alone. Spaces and hyphens
 * are not taken. Source: Alibaba Cloud help, SendSms, PhoneNumbers.
 */
export function readNumber(text: string, template: 'mainland' | 'international'): Recipient | undefined {
  const [, prefix, digits] = /^(\+86|0086|86|\+)?(\d{11})$/.exec(text) ?? []
  if (digits && MAINLAND_MOBILE.test(digits)) {
    if (!prefix && template === 'international' && INTERNATIONAL_TEMPLATE_DECIDES) {
      return overseasRecipient(digits) && isNorthAmerican(digits)
        ? overseasRecipient(digits)
        : mainlandRecipient(digits)
    }
    return mainlandRecipient(digits)
  }
  const bare = OVERSEAS_PREFIXES_ACCEPTED ? text.replace(/^(?:\+|00)/, '') : text
  return /^\d+$/.test(bare) ? overseasRecipient(bare) : undefined
}

/** 1, then area code and exchange, of which neither begins with 0 or 1 (North American Numbering Plan). */
function isNorthAmerican(digits: string): boolean {
  return /^1[2-9]\d{2}[2-9]\d{6}$/.test(digits)
}
