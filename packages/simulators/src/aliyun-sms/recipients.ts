/** A number that provokes one failure, whatever the settings; only authentication and presence come before it. */
export interface MagicRecipient {
  /** E.164. */
  e164: string
  code: string
  /** The message sent along, where it says more than the code. */
  message?: string
}

/** The number that ends so, and what it provokes. */
export const magic = (suffix: string, code: string, message?: string): MagicRecipient => ({
  e164: `+861390000${suffix}`,
  code,
  message,
})

/** Same number, same kind of failure on both SMS clouds. */
export const MAGIC_RECIPIENTS: MagicRecipient[] = [
  magic('0001', 'isv.BLACK_KEY_CONTROL_LIMIT'),
  magic('0002', 'isv.CUSTOMER_REFUSED'),
  magic('0003', 'isv.MOBILE_NUMBER_ILLEGAL'),
  magic('0011', 'isv.BUSINESS_LIMIT_CONTROL', '触发分钟级流控Permits:1'),
  magic('0012', 'isv.BUSINESS_LIMIT_CONTROL', '触发小时级流控Permits:5'),
  magic('0013', 'isv.BUSINESS_LIMIT_CONTROL', '触发天级流控Permits:10'),
  magic('0014', 'isv.DAY_LIMIT_CONTROL'),
  magic('0015', 'isv.MONTH_LIMIT_CONTROL'),
  magic('0016', 'isv.BUSINESS_LIMIT_CONTROL', '触发天级流控Permits:40'),
  magic('0021', 'isv.AMOUNT_NOT_ENOUGH'),
  magic('0022', 'isv.OUT_OF_SERVICE'),
  magic('0023', 'isv.PRODUCT_UN_SUBSCRIPT'),
  magic('0024', 'isv.ACCOUNT_ABNORMAL'),
  magic('0025', 'isv.SECURITY_FROZEN_ACCOUNT'),
  magic('0031', 'isp.RAM_PERMISSION_DENY'),
  magic('0032', 'Forbidden.RAM'),
  magic('0033', 'isv.DENY_IP_RANGE'),
  magic('0034', 'InvalidAccessKeyId.NotFound'),
  magic('0035', 'SignatureDoesNotMatch'),
  magic('0041', 'isv.SMS_SIGNATURE_ILLEGAL'),
  magic('0042', 'isv.SMS_SIGNATURE_SCENE_ILLEGAL'),
  magic('0043', 'isv.SMS_TEMPLATE_ILLEGAL'),
  magic('0044', 'isv.TEMPLATE_MISSING_PARAMETERS'),
  magic('0045', 'isv.TEMPLATE_PARAMS_ILLEGAL'),
  magic('0046', 'isv.SMS_CONTENT_ILLEGAL'),
  magic('0047', 'PORT_NOT_REGISTERED'),
  magic('0048', 'SIGNATURE_BLACKLIST'),
  magic('0051', 'isp.SYSTEM_ERROR'),
  magic('0052', 'isp.GATEWAY_ERROR'),
  magic('0053', 'InternalError'),
  magic('0054', 'ServiceUnavailable'),
  magic('0061', 'Throttling.User'),
  magic('0062', 'Throttling.Api'),
  magic('0063', 'isv.DOMESTIC_NUMBER_NOT_SUPPORTED'),
  magic('0099', 'isv.NOT_IN_ANY_TABLE'),
]
