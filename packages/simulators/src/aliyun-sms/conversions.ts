import { accountOf } from '../aliyun-gateway/access-keys.ts'
import type { Call, Fields } from '../aliyun-gateway/gateway.ts'
import { gatewayRefusal } from '../aliyun-gateway/refusals.ts'
import type { World } from '../cloud.ts'
import { smsRefusal } from './refusals.ts'
import { CONVERSION_REFUSED_CODE, INVALID_DELIVERED_CODE } from './unverified.ts'

/**
 * SmsConversionIntl: whether the code of a message to a number abroad was typed back, and when, in milliseconds. Source:
 * types of the official SDK.
 */
export function smsConversionIntl(call: Call, world: World): Fields {
  const messageId = call.required('MessageId')
  const delivered = call.required('Delivered')
  if (!/^(?:true|false)$/.test(delivered)) throw gatewayRefusal(INVALID_DELIVERED_CODE)
  const given = call.parameters.get('ConversionTime')
  const at = given ? Number(given) : world.now()
  const account = accountOf(call.key)
  const message = world
    .submitted()
    .find(each => each.cloud === 'aliyun-sms' && each.account === account && each.messageId === messageId)
  const isAbroad = message && !message.to.startsWith('+86')
  if (!isAbroad || !(at >= message.sentAt && at <= world.now())) throw smsRefusal(CONVERSION_REFUSED_CODE)
  message.conversions.push({ used: delivered === 'true', at })
  return { Code: 'OK', Message: 'OK' }
}
