/**
 * What Aliyun SMS does where its documents are silent. Each is a choice of this stand-in; a connector must not rely
 * on any of them. Choices that are the shape of the code and not a value:
 * - of several numbers, one that cannot be used fails the whole call, for there is one BizId for all;
 * - keys in TemplateParam which the template does not use are tolerated;
 * - the order of the product's own checks: permission, count of numbers, form of the variables, signature, template,
 *   their fit, values, numbers, limits, balance;
 * - a receipt is acknowledged by the number 0 in `code`, by no other number and no text.
 */

/** A mainland template with an overseas number: the documents only say that the two are not interchangeable. */
export const MAINLAND_TEMPLATE_OVERSEAS_CODE = 'isv.SMS_TEMPLATE_ILLEGAL'

/**
 * Eleven bare digits can be a mainland mobile number and a North American one (13xx to 19xx are both). With an
 * international template a number that is possible in North America is taken for one; all else is mainland.
 */
export const INTERNATIONAL_TEMPLATE_DECIDES = true

/** `00` before a country code other than 86 is not among the documented forms, nor is `+` before one. */
export const OVERSEAS_PREFIXES_ACCEPTED = false

/** A number or boolean as a value in TemplateParam: the documents ask for strings. */
export const ONLY_STRINGS_IN_TEMPLATE_PARAM = true

/** Longest value of a variable in a notification: current tables say 35, older ones 20. */
export const VARIABLE_LENGTH = 35

/** An action that the key's policy does not name: the product's own refusal, or Forbidden.RAM of the gateway. */
export const DENIED_CODE = 'isp.RAM_PERMISSION_DENY'

/** A query for a signature or a template that the account does not have. */
export const UNKNOWN_SIGNATURE_CODE = 'isv.SMS_SIGNATURE_ILLEGAL'
export const UNKNOWN_TEMPLATE_CODE = 'isv.SMS_TEMPLATE_ILLEGAL'

/** A page number, page size or date beyond the documented range. */
export const OUT_OF_RANGE_CODE = 'isv.INVALID_PARAMETERS'

/** ErrCode in QuerySendDetails while there is no receipt: absent in some samples, this code in one table. */
export const PENDING_ERR_CODE = ''

/** Delivered in SmsConversionIntl that is neither `true` nor `false`: the spelling of the code. */
export const INVALID_DELIVERED_CODE = 'InvalidDelivered'

/**
 * SmsConversionIntl about a message that the account has not sent, about one to a mainland number, or with a time before
 * the message was sent or that is still to come: no code is documented. MessageId is taken for the BizId of SendSms.
 */
export const CONVERSION_REFUSED_CODE = 'isv.INVALID_PARAMETERS'

/** Receipts in one push at most: the documents only show that there may be several. */
export const RECEIPTS_PER_PUSH = 100

/** The spelling of a number in receipts and details: without the plus, in the mainland without the country code. */
export function receiptNumber(e164: string): string {
  return e164.replace(/^\+(?:86)?/, '')
}
