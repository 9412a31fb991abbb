import { defineConnector, isObject, SendError, type Sent } from '@countersign/kit'
import { untilMidnight } from '../beijing.ts'
import { linked } from '../check/linked.ts'
import { readRecipient, tencentNumber } from '../phone.ts'
import { linksIn, TENCENT_PLACES } from '../places.ts'
import { TENCENT_SMS, TENCENT_SMS_INTERNATIONAL } from '../prices/tencent-sms.ts'
import { pickIds, refusal } from '../refusal.ts'
import type { Answer } from '../request.ts'
import { destinationsOf, PLAIN_AT_TENCENT, templateFor } from '../sms-template.ts'
import { callTencent } from './call.ts'
import { checkTencentSms } from './check.ts'
import { failures, fallback } from './failures.ts'
import { tencentSmsFeedback } from './feedback.ts'
import { CODE_LENGTH, WINDOWS } from './limits.ts'
import { lintTencentSms } from './lint.ts'
import { receipts } from './receipts.ts'
import { settings as settingsTable } from './settings.ts'

/** Tencent Cloud SMS: `SendSms` of API 3.0, version 2021-01-11, document 382/55981. */
export const tencentSms = defineConnector({
  id: 'tencent-sms',
  channel: 'sms',
  name: { en: 'Tencent Cloud SMS', 'zh-CN': '腾讯云短信' },
  description: { en: 'Text messages over Tencent Cloud SMS.', 'zh-CN': '通过腾讯云短信发送短信。' },
  settings: settingsTable,
  failures,
  pagesIn: linksIn.bind(null, TENCENT_PLACES),
  codeLength: CODE_LENGTH,
  destinations: ({ templates }) => destinationsOf(templates, PLAIN_AT_TENCENT),
  lint: lintTencentSms,
  check: linked(checkTencentSms, TENCENT_PLACES),
  feedback: tencentSmsFeedback,
  prices: ({ site }) => (site === 'international' ? TENCENT_SMS_INTERNATIONAL : TENCENT_SMS),
  windows: WINDOWS,
  receipts,
  async send(message, settings, world) {
    const recipient = readRecipient(message.to, { bare: false })
    const { row, templateCode } = templateFor(
      settings.templates,
      message,
      recipient.destination,
      PLAIN_AT_TENCENT,
    )
    const signName = recipient.destination === 'china' ? settings.signName : settings.overseasSignName
    const { code } = message.payload
    const answer = await callTencent(world, settings, 'SendSms', {
      PhoneNumberSet: [tencentNumber(recipient)],
      SmsSdkAppId: settings.sdkAppId,
      ...(signName && { SignName: signName }),
      TemplateId: templateCode,
      TemplateParamSet: valuesOf(row.parameters, message.payload),
      SessionContext: message.attemptId,
    })
    const verdict = read(answer)
    if ('ids' in verdict) return verdict
    throw refusal({
      table: failures,
      answer,
      code: verdict.code,
      fallback,
      confidential: [code, message.to, settings.accessKeySecret, settings.token, settings.proxy],
      retryAfter: untilSendable(verdict.code, world.now()),
    })
  },
})

/** Reads both layers: an error of the whole call, and the status of the one number. */
function read({ status, body }: Answer): Sent | { code: unknown } {
  const response = isObject(body.Response) ? body.Response : {}
  if (response.Error !== undefined && response.Error !== null)
    return { code: isObject(response.Error) ? response.Error.Code : undefined }
  const set = response.SendStatusSet
  const sent = Array.isArray(set) && set.length === 1 && isObject(set[0]) ? set[0] : {}
  if (sent.Code !== 'Ok') return { code: sent.Code }
  if (status !== 200) return { code: undefined }
  return {
    ids: { ...pickIds(sent, ['SerialNo']), ...pickIds(response, ['RequestId']) },
    // How many segments it charges.
    ...(typeof sent.Fee === 'number' && Number.isInteger(sent.Fee) && sent.Fee > 0 && { segments: sent.Fee }),
  }
}

/** Positions, not names: exactly as many as the template has, or a surplus value makes the whole message fail. */
function valuesOf(
  parameters: 'code' | 'code,minutes' | undefined,
  payload: { code?: string; minutes?: unknown },
) {
  const values = payload.code === undefined ? [] : [payload.code]
  if (parameters !== 'code,minutes') return values
  const minutes = String(payload.minutes)
  // A template for codes takes digits only, so “5 minutes” would be refused.
  if (!/^\d{1,6}$/.test(minutes)) throw new SendError('message_rejected', { code: 'minutes_missing' })
  return [...values, minutes]
}

/** Limits that end with the calendar day in UTC+8. */
const DAILY = /^LimitExceeded\.(?:PhoneNumber(?:SameContent)?|App(?:\w+)?)?DailyLimit$/

/** Seconds until the limit that a code names is over, where the documents fix it. */
function untilSendable(code: unknown, now: number): number | undefined {
  if (code === 'LimitExceeded.PhoneNumberThirtySecondLimit') return 30
  return typeof code === 'string' && DAILY.test(code) ? untilMidnight(now) : undefined
}
