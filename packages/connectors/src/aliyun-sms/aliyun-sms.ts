import { defineConnector } from '@countersign/kit'
import { callAliyun, codeOf, fallback, throttledFor } from '../aliyun-gateway/call.ts'
import { untilMidnight } from '../beijing.ts'
import { linked } from '../check/linked.ts'
import { aliyunNumber, readRecipient } from '../phone.ts'
import { ALIYUN_SMS_PLACES, linksIn } from '../places.ts'
import { ALIYUN_SMS } from '../prices/aliyun-sms.ts'
import { pickIds, refusal } from '../refusal.ts'
import type { Answer } from '../request.ts'
import { destinationsOf, PLAIN_AT_ALIYUN, templateFor } from '../sms-template.ts'
import { checkAliyunSms } from './check.ts'
import { failures } from './failures.ts'
import { aliyunSmsFeedback } from './feedback.ts'
import { CODE_LENGTH, WINDOWS } from './limits.ts'
import { lintAliyunSms } from './lint.ts'
import { receipts } from './receipts.ts'
import { REGIONS } from './regions.ts'
import { settings as settingsTable } from './settings.ts'

/** Aliyun SMS: `SendSms` of Dysmsapi 2017-05-25, help document 101414. */
export const aliyunSms = defineConnector({
  id: 'aliyun-sms',
  channel: 'sms',
  name: { en: 'Aliyun SMS', 'zh-CN': '阿里云短信' },
  description: {
    en: 'Text messages over Alibaba Cloud Short Message Service.',
    'zh-CN': '通过阿里云短信服务发送短信。',
  },
  settings: settingsTable,
  failures,
  pagesIn: linksIn.bind(null, ALIYUN_SMS_PLACES),
  codeLength: CODE_LENGTH,
  destinations: ({ templates }) => destinationsOf(templates, PLAIN_AT_ALIYUN),
  lint: lintAliyunSms,
  check: linked(checkAliyunSms, ALIYUN_SMS_PLACES),
  feedback: aliyunSmsFeedback,
  prices: () => ALIYUN_SMS,
  windows: WINDOWS,
  receipts,
  async send(message, settings, world) {
    const bare = !settings.strictPhoneRegionNumberCheck && !message.hasCountryCode
    const recipient = readRecipient(message.to, { bare })
    const number = aliyunNumber(recipient)
    const { templateCode } = templateFor(settings.templates, message, recipient.destination, PLAIN_AT_ALIYUN)
    const { code } = message.payload
    const answer = await callAliyun(world, {
      access: settings,
      host: REGIONS[settings.region].host,
      action: 'SendSms',
      version: '2017-05-25',
      query: {
        PhoneNumbers: number,
        SignName: settings.signName,
        TemplateCode: templateCode,
        // Nothing but the code, and as a string: the platform refuses JSON numbers.
        TemplateParam: JSON.stringify({ code }),
        OutId: message.attemptId,
      },
    })
    if (answer.status === 200 && answer.body.Code === 'OK')
      return { ids: pickIds(answer.body, ['BizId', 'RequestId']) }
    const { accessKeySecret, securityToken, proxy } = settings
    throw refusal({
      table: failures,
      answer,
      code: codeOf(answer),
      fallback,
      confidential: [code, message.to, number, accessKeySecret, securityToken, proxy],
      retryAfter: untilSendable(answer, world.now()),
    })
  },
})

/**
 * Seconds until the limit that an answer names is over. Minute and hour are fixed windows of the clock in UTC+8,
 * whose minutes and hours begin with those of UTC; the day of a single number counts back from each earlier send,
 * so its end is unknown. The account's own cap counts calendar days.
 */
function untilSendable(answer: Answer, now: number): number | undefined {
  const { Code, Message } = answer.body
  if (Code === 'isv.DAY_LIMIT_CONTROL') return untilMidnight(now)
  if (Code !== 'isv.BUSINESS_LIMIT_CONTROL') return throttledFor(answer)
  if (typeof Message !== 'string') return undefined
  const window = Message.includes('分钟级') ? 60 : Message.includes('小时级') ? 3600 : undefined
  return window && window - (Math.floor(now / 1000) % window)
}
