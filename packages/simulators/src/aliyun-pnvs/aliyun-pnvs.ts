import { createGateway } from '../aliyun-gateway/gateway.ts'
import { receiptPushes } from '../aliyun-sms/receipts.ts'
import type { Cloud, World } from '../cloud.ts'
import { createCodes } from './codes.ts'
import { createFrequency } from './frequency.ts'
import { pnvsRefusal } from './refusals.ts'
import { checkSmsVerifyCode, sendSmsVerifyCode } from './verify-code.ts'

/** Aliyun PNVS, 短信认证服务: Dypnsapi 2017-05-25. Its receipts are those of Aliyun SMS. */
export function createAliyunPnvs(world: World): Cloud {
  const service = { world, codes: createCodes(world.now), frequency: createFrequency(world.now) }
  return createGateway(
    {
      id: 'aliyun-pnvs',
      name: 'Dypnsapi',
      host: 'dypnsapi.aliyuncs.com',
      actions: {
        '2017-05-25': {
          SendSmsVerifyCode: call => sendSmsVerifyCode(call, service),
          CheckSmsVerifyCode: call => checkSmsVerifyCode(call, service),
        },
      },
      sendAction: 'SendSmsVerifyCode',
      refusal: pnvsRefusal,
      deniedCode: 'isv.RAM_PERMISSION_DENY',
      pushes: receiptPushes,
      wrongTypeBody: JSON.stringify({ Code: 200, Message: ['OK'], RequestId: null, Model: 'BizId' }),
      reset() {
        service.codes.clear()
        service.frequency.clear()
      },
    },
    world,
  )
}
