import { gatewayRefusal, Refusal } from '../aliyun-gateway/refusals.ts'

/** Messages that come along, where they are known. Source: Alibaba Cloud help, and answers quoted in public. */
const MESSAGES: Record<string, string> = {
  MOBILE_NUMBER_ILLEGAL: '手机号码格式错误',
  FREQUENCY_FAIL: 'check frequency failed',
  FREQUENCY: 'check frequency failed',
  BUSINESS_LIMIT_CONTROL: '触发号码天级流控Permits:40',
  INVALID_PARAMETERS: '签名或者模版无效',
  FUNCTION_NOT_OPENED: '服务未开通',
  OUT_OF_SERVICE: '业务停机',
  AMOUNT_NOT_ENOUGH: '账户余额不足',
  RAM_PERMISSION_DENY: '没有访问权限',
  ValidateFail: '验证失败',
}

/** What the cloud says of variables that do not fit. */
export const CHECK_VARIABLES = '请检查模板内容与模板参数是否匹配'
export const BAD_CODE = '模版变量code内容非法'

/**
 * The refusal that PNVS gives with this code. Both ways are seen in public: codes with a prefix with HTTP 400, as the
 * documents say, and the same codes without one in a body of HTTP 200.
 */
export function pnvsRefusal(code: string, message?: string): Refusal {
  const name = code.slice(code.lastIndexOf('.') + 1)
  const text = message ?? (Object.hasOwn(MESSAGES, name) ? MESSAGES[name] : undefined)
  if (/^[A-Z]+(?:_[A-Z]+)+$/.test(code)) return new Refusal('business', code, text ?? code, 200)
  return gatewayRefusal(code, text)
}
