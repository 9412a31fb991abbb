import { chooseTemplate, defineConnector, SendError, templates, text, toggle } from '@countersign/kit'
import { accessKey } from '../aliyun-gateway/access-key.ts'
import { callAliyun, codeOf, fallback } from '../aliyun-gateway/call.ts'
import { aliyunNumber } from '../phone.ts'
import { pickIds, refusal } from '../refusal.ts'
import { failures } from './failures.ts'

/** Aliyun SMS: `SendSms` of Dysmsapi 2017-05-25, help document 101414. */
export const aliyunSms = defineConnector({
  id: 'aliyun-sms',
  channel: 'sms',
  name: { en: 'Aliyun SMS', 'zh-CN': '阿里云短信' },
  description: {
    en: 'Text messages over Alibaba Cloud Short Message Service.',
    'zh-CN': '通过阿里云短信服务发送短信。',
  },
  settings: {
    ...accessKey,
    signName: text({
      label: { en: 'Signature name', 'zh-CN': '签名名称' },
      help: {
        en: 'Exactly as approved, without brackets.',
        'zh-CN': '须与审核通过的签名完全一致，不含【】。',
      },
      maxLength: 100,
    }),
    strictPhoneRegionNumberCheck: toggle({
      label: { en: 'Strict region check', 'zh-CN': '严格校验区号' },
      help: {
        en: 'On: a number counts as a mainland Chinese one only with its country code 86. Off: eleven bare digits that look like a mainland mobile number count too.',
        'zh-CN': '开启：仅带区号 86 的号码视为中国内地号码。关闭：形似内地手机号的 11 位数字也视为内地号码。',
      },
      fallback: false,
    }),
    templates: templates({
      label: { en: 'Templates', 'zh-CN': '短信模板' },
      help: {
        en: 'An approved template for each usage type; its one variable is named code. The same one may stand in several rows.',
        'zh-CN': '为每种用途填写一个审核通过的模板，模板仅含一个名为 code 的变量；多种用途可使用同一模板。',
      },
      row: {
        templateCode: text({
          label: { en: 'Template code', 'zh-CN': '模板 CODE' },
          placeholder: 'SMS_123456789',
          maxLength: 64,
        }),
      },
    }),
  },
  failures,
  async send(message, settings, world) {
    const template = chooseTemplate(settings.templates, message.usageType)
    if (!template) throw new SendError('message_rejected', { code: 'template_missing' })
    const number = aliyunNumber(message.to, settings.strictPhoneRegionNumberCheck)
    const { code } = message.payload
    const answer = await callAliyun(world, {
      host: 'dysmsapi.aliyuncs.com',
      action: 'SendSms',
      version: '2017-05-25',
      accessKeyId: settings.accessKeyId,
      accessKeySecret: settings.accessKeySecret,
      query: {
        PhoneNumbers: number,
        SignName: settings.signName,
        TemplateCode: template.templateCode,
        // Nothing but the code, and as a string: the platform refuses JSON numbers.
        TemplateParam: JSON.stringify({ code }),
        OutId: message.attemptId,
      },
    })
    if (answer.status === 200 && answer.body.Code === 'OK')
      return { ids: pickIds(answer.body, ['BizId', 'RequestId']) }
    throw refusal({
      table: failures,
      answer,
      code: codeOf(answer),
      fallback,
      confidential: [code, message.to, number, settings.accessKeySecret],
      retryAfter: untilWindowEnds(answer.body, world.now()),
    })
  },
})

/**
 * Seconds until the frequency window that the message names ends. Minute and hour are fixed windows of the
 * clock (in UTC+8, which begins its minutes and hours with UTC); the day counts back from each earlier send, so
 * its end is unknown.
 */
function untilWindowEnds({ Code, Message }: Readonly<Record<string, unknown>>, now: number) {
  if (Code !== 'isv.BUSINESS_LIMIT_CONTROL' || typeof Message !== 'string') return undefined
  const window = Message.includes('分钟级') ? 60 : Message.includes('小时级') ? 3600 : undefined
  return window && window - (Math.floor(now / 1000) % window)
}
