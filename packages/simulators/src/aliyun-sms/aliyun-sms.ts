import { createGateway } from '../aliyun-gateway/gateway.ts'
import type { Cloud, World } from '../cloud.ts'
import { smsConversionIntl } from './conversions.ts'
import { createFrequency } from './frequency.ts'
import { receiptPushes } from './receipts.ts'
import { smsRefusal } from './refusals.ts'
import { getSmsSign, querySmsSign, querySmsSignList } from './review-signatures.ts'
import { getSmsTemplate, querySmsTemplate, querySmsTemplateList } from './review-templates.ts'
import { querySendDetails } from './send-details.ts'
import { sendSms } from './send-sms.ts'
import { DENIED_CODE } from './unverified.ts'

/** Aliyun SMS: Dysmsapi 2017-05-25; the overseas version 2018-05-01 is known but has no action. */
export function createAliyunSms(world: World): Cloud {
  const frequency = createFrequency(world.now)
  return createGateway(
    {
      id: 'aliyun-sms',
      name: 'Dysmsapi',
      host: 'dysmsapi.aliyuncs.com',
      actions: {
        '2017-05-25': {
          SendSms: call => sendSms(call, world, frequency),
          QuerySendDetails: call => querySendDetails(call, world),
          SmsConversionIntl: call => smsConversionIntl(call, world),
          QuerySmsSign: querySmsSign,
          GetSmsSign: getSmsSign,
          QuerySmsSignList: querySmsSignList,
          QuerySmsTemplate: querySmsTemplate,
          GetSmsTemplate: getSmsTemplate,
          QuerySmsTemplateList: querySmsTemplateList,
        },
        '2018-05-01': {},
      },
      sendAction: 'SendSms',
      refusal: smsRefusal,
      deniedCode: DENIED_CODE,
      pushes: receiptPushes,
      wrongTypeBody: JSON.stringify({ Code: 200, Message: ['OK'], RequestId: null, BizId: { value: 7 } }),
      reset: frequency.clear,
    },
    world,
  )
}
