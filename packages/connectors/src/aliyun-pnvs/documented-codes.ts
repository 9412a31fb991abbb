import { DOCUMENTED_CODES as GATEWAY_CODES } from '../aliyun-gateway/documented-codes.ts'

/**
 * The codes of SendSmsVerifyCode and of the errors that are common to PNVS, one spelling each, and those of the gateway;
 * names only.
 */
export const DOCUMENTED_CODES: readonly string[] = [
  ...GATEWAY_CODES,
  'Throttling.System',
  'isv.MOBILE_NUMBER_ILLEGAL',
  'isv.FREQUENCY_FAIL',
  'biz.FREQUENCY',
  'isv.BUSINESS_LIMIT_CONTROL',
  'isv.DAY_LIMIT_CONTROL',
  'isv.MONTH_LIMIT_CONTROL',
  'isv.BLACK_KEY_CONTROL_LIMIT',
  'isv.CUSTOMER_REFUSED',
  'isv.INVALID_PARAMETERS',
  'isv.SMS_SIGNATURE_ILLEGAL',
  'isv.SMS_TEMPLATE_ILLEGAL',
  'isv.TEMPLATE_PARAMS_ILLEGAL',
  'isv.TEMPLATE_MISSING_PARAMETERS',
  'isv.SMS_CONTENT_ILLEGAL',
  'isv.ILLEGAL_ARGUMENT',
  'isv.VERIFY_SCHEME_NOT_EXIST',
  'MissingPhoneNumber',
  'MissingTemplateParam',
  'isv.FUNCTION_NOT_OPENED',
  'isv.PRODUCT_UNSUBSCRIBE',
  'isv.PRODUCT_UN_SUBSCRIPT',
  'Unsupported.Account',
  'BIZ_NOT_OPEN_STATUS',
  'isv.RAM_PERMISSION_DENY',
  'Forbidden.NoPermission',
  'NoPermission',
  'UnauthorizedOperation',
  'isv.ACCOUNT_NOT_EXISTS',
  'isv.ACCOUNT_ABNORMAL',
  'isv.OUT_OF_SERVICE',
  'InvalidAccountStatus',
  'isv.AMOUNT_NOT_ENOUGH',
  'isp.SYSTEM_ERROR',
  'isp.UNKNOWN_ERR_CODE',
]
