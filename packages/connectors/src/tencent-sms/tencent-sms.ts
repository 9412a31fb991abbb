import { choice, chooseTemplate, defineConnector, SendError, secret, templates, text } from '@countersign/kit'
import { tencentNumber } from '../phone.ts'
import { pickIds, refusal } from '../refusal.ts'
import { type Answer, isObject, request } from '../request.ts'
import { sign } from '../signing/tc3.ts'
import { failures, fallback } from './failures.ts'

const HOST = 'sms.tencentcloudapi.com'
const CONTENT_TYPE = 'application/json'

/** Tencent Cloud SMS: `SendSms` of API 3.0, version 2021-01-11, document 382/55981. */
export const tencentSms = defineConnector({
  id: 'tencent-sms',
  channel: 'sms',
  name: { en: 'Tencent Cloud SMS', 'zh-CN': '腾讯云短信' },
  description: { en: 'Text messages over Tencent Cloud SMS.', 'zh-CN': '通过腾讯云短信发送短信。' },
  settings: {
    accessKeyId: text({
      label: { en: 'SecretId', 'zh-CN': 'SecretId' },
      help: {
        en: 'Of a CAM user that may do nothing but send; see the guide.',
        'zh-CN': '请使用仅有发送权限的 CAM 子用户的密钥，详见配置指南。',
      },
      placeholder: 'AKID…',
      maxLength: 128,
      pattern: { test: /^[\x21-\x7e]+$/, message: 'must be letters, digits and signs without spaces' },
    }),
    accessKeySecret: secret({
      label: { en: 'SecretKey', 'zh-CN': 'SecretKey' },
      help: {
        en: 'Tencent Cloud shows it only once, when the key is created.',
        'zh-CN': '仅在创建密钥时显示一次。',
      },
      maxLength: 256,
    }),
    signName: text({
      label: { en: 'Signature', 'zh-CN': '签名内容' },
      help: {
        en: 'The content of the approved signature, not its ID, without brackets.',
        'zh-CN': '填写审核通过的签名内容（不是签名 ID），不含【】。',
      },
      maxLength: 100,
    }),
    sdkAppId: text({
      label: { en: 'SDK AppID', 'zh-CN': 'SDK AppID' },
      help: {
        en: 'Of the application in the SMS console; not the AppID of the account.',
        'zh-CN': '短信控制台“应用管理”中的 SDK AppID，不是账号的 APPID。',
      },
      placeholder: '1400000000',
      maxLength: 20,
      pattern: { test: /^\d+$/, message: 'must be digits' },
    }),
    region: choice({
      label: { en: 'Region', 'zh-CN': '地域' },
      help: {
        en: 'Any of them sends everywhere; take the nearest.',
        'zh-CN': '任一地域均可发往各地，选择就近地域即可。',
      },
      options: [
        { value: 'ap-guangzhou', label: { en: 'South China (Guangzhou)', 'zh-CN': '华南地区（广州）' } },
        { value: 'ap-beijing', label: { en: 'North China (Beijing)', 'zh-CN': '华北地区（北京）' } },
        { value: 'ap-nanjing', label: { en: 'East China (Nanjing)', 'zh-CN': '华东地区（南京）' } },
      ],
      fallback: 'ap-guangzhou',
    }),
    templates: templates({
      label: { en: 'Templates', 'zh-CN': '短信模板' },
      help: {
        en: 'An approved template for each usage type; its one variable is {1}. The same one may stand in several rows.',
        'zh-CN': '为每种用途填写一个审核通过的模板，模板仅含变量 {1}；多种用途可使用同一模板。',
      },
      row: {
        templateCode: text({
          label: { en: 'Template ID', 'zh-CN': '模板 ID' },
          placeholder: '1234567',
          maxLength: 20,
          pattern: { test: /^\d+$/, message: 'must be digits' },
        }),
      },
    }),
  },
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
  if (code !== 'LimitExceeded.PhoneNumberDailyLimit') return undefined
  const day = 24 * 3600
  return day - ((Math.floor(now / 1000) + 8 * 3600) % day)
}
