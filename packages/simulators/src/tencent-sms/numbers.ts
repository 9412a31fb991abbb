import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { MAINLAND_MOBILE, mainlandRecipient, overseasRecipient, type Recipient } from '../numbers.ts'

/**
 * The recipient a number stands for, or undefined when Tencent Cloud does not take its form: E.164 with a plus sign,
 * or a mainland number bare or with 86 or 0086. Source: Tencent Cloud API 3.0 documents, SendSms, PhoneNumberSet.
 */
export function readNumber(text: string): Recipient | undefined {
  const bare = /^(?:\+?86|0086)?(\d{11})$/.exec(text)?.[1]
  if (bare && MAINLAND_MOBILE.test(bare)) return mainlandRecipient(bare)
  const digits = /^\+(\d+)$/.exec(text)?.[1]
  if (!digits) return undefined
  if (!digits.startsWith('86')) return overseasRecipient(digits)
  // DescribePhoneNumberInfo shows that a surplus trunk zero is forgiven: +86 0185… becomes +86 185….
  const national = parsePhoneNumberFromString(`+${digits}`)?.nationalNumber ?? ''
  return MAINLAND_MOBILE.test(national) ? mainlandRecipient(national) : undefined
}
