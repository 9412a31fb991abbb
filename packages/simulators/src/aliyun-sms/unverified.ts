/**
 * What Aliyun SMS does where its documents are silent. Each is a choice of this stand-in; a connector must not rely
 * on any of them. Choices that are the shape of the code and not a value:
 * - of several numbers, one that cannot be used fails the whole call, for there is one BizId for all;
 * - keys in TemplateParam which the template does not use are tolerated;
 * - the order of the product's own checks: permission, count of numbers, form of the variables, signature, template,
 *   their fit, values, numbers, limits, balance.
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
