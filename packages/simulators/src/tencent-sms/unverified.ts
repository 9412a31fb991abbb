/**
 * What Tencent Cloud SMS does where its documents are silent or contradict each other. Each is a choice of this
 * stand-in; a connector must not rely on any of them. Choices that are the shape of the code and not a value:
 * - an overseas number without a plus sign is not a number at all;
 * - a signature may be used for either destination, though each is listed under its own;
 * - ids of signatures and templates that the account does not have are left out of the lists;
 * - a message without a receipt is left out of the pulls;
 * - the pull of all receipts, which has to be activated, is activated.
 */

/** A request without an Authorization header, or with one that cannot be read. */
export const UNREADABLE_AUTHORIZATION_CODE = 'AuthFailure.InvalidAuthorization'

/** A disabled key. */
export const DISABLED_KEY_CODE = 'AuthFailure.InvalidSecretId'

/** Regions that take SendSms: the set is named in several places, never completely. */
export const REGIONS = ['ap-guangzhou', 'ap-beijing', 'ap-nanjing', 'ap-singapore']
export const WRONG_REGION_CODE = 'UnsupportedRegion'

/** A member the action does not have: the common table has a code, whether each action uses it is open. */
export const UNKNOWN_MEMBER_CODE = 'UnknownParameter'

/**
 * Codes of SMS that stand in `Response.Error` and not in the status of a number. The documents do not say it of any
 * of them; these concern the request as a whole.
 */
export const REQUEST_LEVEL_CODES = [
  'MissingParameter.EmptyPhoneNumberSet',
  'LimitExceeded.PhoneNumberCountLimit',
  'UnauthorizedOperation.SmsSdkAppIdVerifyFail',
  'UnauthorizedOperation.SdkAppIdIsDisabled',
  'UnauthorizedOperation.RequestIpNotInWhitelist',
  'UnauthorizedOperation.RequestPermissionDeny',
  'UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber',
  'UnsupportedOperation.UnsupportedRegion',
  'UnsupportedOperation.UnsuportedRegion',
  'InternalError.RequestTimeException',
]

/**
 * Messages to one number in one calendar day (UTC+8): current pages say 2, older ones 10. The stricter one holds.
 */
export const PER_NUMBER_PER_DAY = 2

/** The limits per number hold for overseas numbers too; no page excludes them. */
export const LIMITS_HOLD_OVERSEAS = true

/** Longest variable for an enterprise account: "longer than 12" is all that is written. */
export const ENTERPRISE_VARIABLE_LENGTH = 100

/** 【】 in a variable is forbidden; the code is not named. */
export const BRACKETS_IN_VARIABLE_CODE = 'InvalidParameterValue.TemplateParameterFormatError'

/** SessionContext of 512 bytes or more. */
export const SESSION_CONTEXT_TOO_LONG_CODE = 'InvalidParameterValue'

/** A failed number has no serial number. One sample shows an empty text, another a UUID: rely on neither. */
export const SERIAL_NO_OF_A_FAILURE = ''

/** Actions that need no X-TC-Region; it is documented as required for sending, pulling and reviews. */
export const ACTIONS_WITHOUT_REGION = ['DescribePhoneNumberInfo']

/** An action that the key's policy does not name. */
export const DENIED_CODE = 'UnauthorizedOperation'

/** Entries of a template list when Limit is absent: the SDK's types say 0, and 10 for signatures. */
export const TEMPLATE_LIST_LIMIT = 0

/** More than 100 ids in SignIdSet or TemplateIdSet. */
export const TOO_MANY_IDS_CODE = 'InvalidParameterValue'

/** Receipts in a callback that the carrier worded: `DELIVRD` of a success has this description. */
export const DELIVERED_DESCRIPTION = '用户短信送达成功'

/** How long a retry of a callback waits: only their number, two, is documented. */
export const PUSH_RETRIES_MS = [60_000, 300_000]

/** Which accounts may call ReportConversion: it is enabled on request; here it is for all but those of individuals. */
export const CONVERSION_OWNERS = ['enterprise']
export const NOT_ENABLED_CODE = 'UnauthorizedOperation.RequestPermissionDeny'

/** ReportConversion about a serial number that the application does not have. */
export const UNKNOWN_SERIAL_CODE = 'InvalidParameterValue'

/** The code of a success: `OK` in the example, `ok` in the types. */
export const CONVERSION_OK_CODE = 'OK'

/** IsoName in DescribePhoneNumberInfo, as English names of the countries. */
export const countryName = (code: string): string | undefined =>
  new Intl.DisplayNames('en', { type: 'region' }).of(code)
