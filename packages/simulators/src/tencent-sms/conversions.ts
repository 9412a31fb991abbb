import type { World } from '../cloud.ts'
import type { ApiRequest } from '../request.ts'
import { APPLICATIONS } from './accounts.ts'
import { readParameters } from './parameters.ts'
import { knownApplication } from './pulls.ts'
import { Refusal } from './refusals.ts'
import { CONVERSION_OK_CODE, CONVERSION_OWNERS, NOT_ENABLED_CODE, UNKNOWN_SERIAL_CODE } from './unverified.ts'

/**
 * ReportConversion: the code of a message was typed back, and when, in seconds. The cloud enables it for single accounts.
 * Source: types of the official SDK.
 */
export function reportConversion(request: ApiRequest, account: string, world: World) {
  const given = readParameters(request, {
    SmsSdkAppId: { type: 'text', required: true },
    SerialNo: { type: 'text', required: true },
    ConversionTime: { type: 'number' },
  })
  const application = knownApplication(given.SmsSdkAppId)
  const owner = APPLICATIONS.find(({ id }) => id === application)!.owner
  if (!CONVERSION_OWNERS.includes(owner)) throw new Refusal(NOT_ENABLED_CODE)
  const at = given.ConversionTime === undefined ? world.now() : Number(given.ConversionTime) * 1000
  // Milliseconds would be a day that is far away.
  if (!(at >= 0 && at <= world.now())) throw new Refusal('InvalidParameterValue')
  const message = world
    .submitted()
    .find(
      each =>
        each.cloud === 'tencent-sms' &&
        each.account === account &&
        each.application === application &&
        each.messageId === given.SerialNo,
    )
  if (!message)
    return { ReportConversionStatus: { Code: UNKNOWN_SERIAL_CODE, Message: 'SerialNo not found' } }
  message.conversions.push({ used: true, at })
  return { ReportConversionStatus: { Code: CONVERSION_OK_CODE, Message: 'success' } }
}
