import { gatewayRefusal, Refusal } from '../aliyun-gateway/refusals.ts'

/**
 * Business codes with the message the mainland site sends along. They come with HTTP 200. Source:
 * Alibaba Cloud help, SMS API error codes (101346); the texts are not stable, callers must branch on codes alone.
 */
const MESSAGES: Record<string, string> = {
  'isv.BUSINESS_LIMIT_CONTROL': '触发分钟级流控Permits:1',
  'isv.DAY_LIMIT_CONTROL': '触发日发送限额',
  'isv.MONTH_LIMIT_CONTROL': '触发月发送限额',
  'isv.AMOUNT_NOT_ENOUGH': '账户余额不足',
  'isv.OUT_OF_SERVICE': '业务停机',
  'isv.PRODUCT_UN_SUBSCRIPT': '未开通云通信产品的阿里云客户',
  'isv.PRODUCT_UNSUBSCRIBE': '产品未开通',
  'isv.ACCOUNT_NOT_EXISTS': '账户不存在',
  'isv.ACCOUNT_ABNORMAL': '账户异常',
  'isv.SECURITY_FROZEN_ACCOUNT': '因该账号长时间未使用，出于对您的账号安全考虑，已限制您账号的短信发送',
  'isp.RAM_PERMISSION_DENY': '没有访问权限',
  'isv.DENY_IP_RANGE': '源IP地址所在的地区被禁用',
  'isv.SMS_TEMPLATE_ILLEGAL': '模板不合法(不存在或被拉黑)',
  'isv.SMS_SIGNATURE_ILLEGAL': '签名不合法(不存在或被拉黑)',
  'isv.SMS_SIGNATURE_SCENE_ILLEGAL': '短信所使用签名场景非法',
  'isv.SMS_SIGN_ILLEGAL': '签名禁止使用',
  'isv.SIGN_STATE_ILLEGAL': '签名状态不合法',
  'isv.SIGN_SOURCE_ILLEGAL': '签名来源不支持',
  SIGNATURE_BLACKLIST: '签名黑名单',
  PORT_NOT_REGISTERED: '签名未实名报备',
  'isv.TEMPLATE_MISSING_PARAMETERS': '模板变量缺少对应参数值',
  'isv.TEMPLATE_PARAMS_ILLEGAL': '传入的变量内容和实际申请模板时变量所选择的属性类型不配',
  'isv.PARAM_LENGTH_LIMIT': '参数超过长度限制',
  'isv.PARAM_NOT_SUPPORT_URL': '变量不支持传入URL',
  'isv.INVALID_JSON_PARAM': '参数格式错误，请修改为字符串值',
  template_parameter_count_illegal: '验证码模板仅支持一个变量',
  'isv.SMS_CONTENT_ILLEGAL': '短信内容包含禁止发送内容',
  'isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE': '短信内容和模板属性不匹配',
  'isv.UNSUPPORTED_CONTENT': '包含不支持的字符（繁体字、emoji表情符号、【】等）',
  'isv.BLACK_KEY_CONTROL_LIMIT': '黑名单管控',
  'isv.CUSTOMER_REFUSED': '用户已退订推广短信',
  'isv.MOBILE_NUMBER_ILLEGAL': '无效号码',
  'isv.MOBILE_COUNT_OVER_LIMIT': '手机号码数量超过限制',
  'isv.DOMESTIC_NUMBER_NOT_SUPPORTED': '国际/港澳台消息模板不支持发送境内号码',
  'isv.INVALID_PARAMETERS': '参数格式不正确',
  'isv.SMS_TEST_NUMBER_LIMIT': '只能向已回复授权信息的手机号发送',
  'isv.SMS_SIGN_NAME_ILLEGAL': '签名名称不符合规范',
  'isv.SIGN_NAME_ILLEGAL': '签名名称不符合规范',
  'isv.SMS_SIGN_EMOJI_ILLEGAL': '签名不能包含emoji表情',
  'isv.ONE_CODE_MULTIPLE_SIGN': '一码多签',
  'isv.CODE_EXCEED_LIMIT': '扩展码已超限',
  'isv.CODE_ERROR': '扩展码使用错误',
  'isv.EXTEND_CODE_ERROR': '扩展码使用错误，相同的扩展码不可用于多个签名',
  'isv.SMS_TEST_SIGN_TEMPLATE_LIMIT': '测试模板和签名限制',
  'isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL': '测试模板变量仅支持4~6位纯数字',
  'isv.SIGN_COUNT_OVER_LIMIT': '超过单自然日签名申请数量上限',
  'isv.TEMPLATE_COUNT_OVER_LIMIT': '超过单自然日模板申请数量上限',
  'isv.SIGN_FILE_LIMIT': '签名认证材料附件大小超限',
  'isv.SIGN_OVER_LIMIT': '签名字符数量超过限制',
  'isv.TEMPLATE_OVER_LIMIT': '模板字符数量超过限制',
  'isv.SMS_OVER_LIMIT': '单日最多申请模板或签名100条',
  'isv.ERROR_EMPTY_FILE': '签名认证材料附件为空',
  'isv.ERROR_SIGN_NOT_DELETE': '审核中的签名，暂时无法删除',
  'isv.ERROR_SIGN_NOT_MODIFY': '已通过的签名不支持修改',
  'isv.ERROR_TEMPLATE_NOT_DELETE': '审核中的模板，暂时无法删除',
  'isv.ERROR_TEMPLATE_NOT_MODIFY': '已通过的模板不支持修改',
  'isv.SHORTURL_OVER_LIMIT': '一天创建短链数量超过限制',
  'isv.NO_AVAILABLE_SHORT_URL': '无有效短链',
  'isv.SHORTURL_NAME_ILLEGAL': '短链名不能超过13字符',
  'isv.SOURCEURL_OVER_LIMIT': '原始链接字符数量超过限制',
  'isv.SHORTURL_TIME_ILLEGAL': '短链有效期不超过限制',
  'isv.PHONENUMBERS_OVER_LIMIT': '上传手机号个数超过上限',
  'isv.SHORTURL_STILL_AVAILABLE': '原始链接生成的短链仍在有效期内',
  'isv.SHORTURL_DOMAIN_EMPTY': '没有可更新的短链域名',
  'isp.SYSTEM_ERROR': '系统出现错误，请重新调用',
  'isp.GATEWAY_ERROR': '调用发送应用模块失败',
}

/** True for codes of the product itself, which come with HTTP 200. */
function isBusinessCode(code: string): boolean {
  return /^is[vp]\./.test(code) || Object.hasOwn(MESSAGES, code)
}

/** The refusal Aliyun SMS gives with this code: its own shape for business codes, the gateway's for all others. */
export function smsRefusal(code: string, message?: string): Refusal {
  if (!isBusinessCode(code)) return gatewayRefusal(code, message)
  return new Refusal('business', code, message ?? MESSAGES[code] ?? code, 200)
}
