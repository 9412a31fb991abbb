import { createGateway } from '../aliyun-gateway/gateway.ts'
import { gatewayRefusal } from '../aliyun-gateway/refusals.ts'
import { receiptPushes } from '../aliyun-sms/receipts.ts'
import type { Cloud } from '../cloud.ts'
import type { Tokens } from './tokens.ts'

/** The one scene that there is. */
export const SCENE = 'simulated-scene'

/**
 * Aliyun Captcha 2.0's `VerifyIntelligentCaptcha`, 2023-03-05. Codes of what was not passed are from public code; a parameter
 * that this stand-in did not make is told as F003.
 */
export function createAliyunCaptcha({ now, tokens }: { now: () => number; tokens: Tokens }): Cloud {
  const codeOf = (parameter: string, scene: string): string => {
    if (scene !== SCENE) return 'F005'
    const meant = tokens.use(parameter)
    if (!meant) return 'F003'
    return meant.isUsed ? 'F008' : (meant.code ?? 'T001')
  }
  return createGateway(
    {
      // It stands in no journal and pushes nothing, so it needs no name of its own there.
      id: 'aliyun-sms',
      pushes: receiptPushes,
      wrongTypeBody: '{}',
      name: 'captcha',
      host: 'captcha.cn-shanghai.aliyuncs.com',
      actions: {
        '2023-03-05': {
          VerifyIntelligentCaptcha(call) {
            const VerifyCode = codeOf(call.required('CaptchaVerifyParam'), call.required('SceneId'))
            return {
              Code: 'Success',
              Message: 'success',
              Success: true,
              Result: { VerifyResult: VerifyCode.startsWith('T'), VerifyCode, CertifyId: 'simulated' },
            }
          },
        },
      },
      // A key for sending messages may not do this.
      sendAction: '',
      refusal: gatewayRefusal,
      deniedCode: 'Forbidden.RAM',
      reset: () => {},
    },
    { now },
  )
}
