import { chooseTemplate, defineConnector, SendError } from '@countersign/kit'
import { tencentNumber } from '../phone.ts'
import { pickIds, refusal } from '../refusal.ts'
import { type Answer, isObject, request } from '../request.ts'
import { sign } from '../signing/tc3.ts'
import { failures, fallback } from './failures.ts'
import { settings as settingsTable } from './settings.ts'

const HOST = 'sms.tencentcloudapi.com'
const CONTENT_TYPE = 'application/json'

/** Tencent Cloud SMS: `SendSms` of API 3.0, version 2021-01-11, document 382/55981. */
export const tencentSms = defineConnector({
  id: 'tencent-sms',
  channel: 'sms',
  name: { en: 'Tencent Cloud SMS', 'zh-CN': '腾讯云短信' },
  description: { en: 'Text messages over Tencent Cloud SMS.', 'zh-CN': '通过腾讯云短信发送短信。' },
  settings: settingsTable,
  failures,
  async send(message, settings, world) {
    const template = chooseTemplate(settings.templates, message.usageType)
    if (!template) throw new SendError('message_rejected', { code: 'template_missing' })
    const number = tencentNumber(message.to)
    const { code } = message.payload
    const payload = JSON.stringify({
      PhoneNumberSet: [number],
      SmsSdkAppId: settings.sdkAppId,
      SignName: settings.signName,
      TemplateId: template.templateCode,
      // Positions, not names: exactly the code, or a surplus value makes the whole message fail.
      TemplateParamSet: code === undefined ? [] : [code],
      SessionContext: message.attemptId,
    })
    const timestamp = Math.floor(world.now() / 1000)
    const { authorization } = sign({
      secretId: settings.accessKeyId,
      secretKey: settings.accessKeySecret,
      method: 'POST',
      host: HOST,
      contentType: CONTENT_TYPE,
      timestamp,
      service: 'sms',
      payload,
    })
    const answer = await request(world, {
      method: 'POST',
      url: `https://${HOST}/`,
      headers: {
        'content-type': CONTENT_TYPE,
        'x-tc-action': 'SendSms',
        'x-tc-version': '2021-01-11',
        'x-tc-timestamp': String(timestamp),
        'x-tc-region': settings.region,
        authorization,
      },
      body: payload,
    })
    const verdict = read(answer)
    if ('ids' in verdict) return verdict
    throw refusal({
      table: failures,
      answer,
      code: verdict.code,
      fallback,
      confidential: [code, message.to, settings.accessKeySecret],
      retryAfter: untilSendable(verdict.code, world.now()),
    })
  },
})

/** Reads both layers: an error of the whole call, and the status of the one number. */
function read({ status, body }: Answer): { ids: Record<string, string> } | { code: unknown } {
  const response = isObject(body.Response) ? body.Response : {}
  if (response.Error !== undefined && response.Error !== null)
    return { code: isObject(response.Error) ? response.Error.Code : undefined }
  const set = response.SendStatusSet
  const sent = Array.isArray(set) && set.length === 1 && isObject(set[0]) ? set[0] : {}
  if (sent.Code !== 'Ok') return { code: sent.Code }
  if (status !== 200) return { code: undefined }
  return { ids: { ...pickIds(sent, ['SerialNo']), ...pickIds(response, ['RequestId']) } }
}

/** Seconds until the limit that a code names is over, where the documents fix it: a day ends at midnight in UTC+8. */
function untilSendable(code: unknown, now: number): number | undefined {
  if (code === 'LimitExceeded.PhoneNumberThirtySecondLimit') return 30
  if (typeof code !== 'string' || !/^LimitExceeded\.PhoneNumber(SameContent)?DailyLimit$/.test(code))
    return undefined
  const day = 24 * 3600
  return day - ((Math.floor(now / 1000) + 8 * 3600) % day)
}
