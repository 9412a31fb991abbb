import { isNorthAmerican, type Phone, readPhone, SendError } from '@countersign/kit'

/**
 * Reads the recipient of a text message, by the rule of `readPhone`.
 *
 * @throws SendError `recipient_invalid` for what is no number
 */
export function readRecipient(to: string, { bare }: { bare: boolean }): Phone {
  const phone = readPhone(to, { bare })
  if (!phone) throw new SendError('recipient_invalid', { code: 'recipient_malformed' })
  return phone
}

/**
 * The form Aliyun takes: a mainland mobile number as eleven digits, any other with its country code, without `+`.
 *
 * @throws SendError `recipient_invalid` for an American number that cannot exist: the cloud could take its eleven digits
 *   for a mainland number, whatever the template
 */
export function aliyunNumber({ mobile, digits }: Phone): string {
  if (mobile === undefined && /^1\d{10}$/.test(digits) && !isNorthAmerican(digits))
    throw new SendError('recipient_invalid', { code: 'recipient_malformed' })
  return mobile ?? digits
}

/** The form Tencent Cloud takes: E.164 with `+`; without it a foreign number would count as a mainland one. */
export const tencentNumber = ({ digits }: Phone): string => `+${digits}`
