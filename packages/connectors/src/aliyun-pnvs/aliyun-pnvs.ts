import { defineConnector, isObject, type Message, SendError, type Values } from '@countersign/kit'
import { callAliyun, codeOf, fallback, throttledFor } from '../aliyun-gateway/call.ts'
import { untilMidnight } from '../beijing.ts'
import { linked } from '../check/linked.ts'
import { readRecipient } from '../phone.ts'
import { ALIYUN_PNVS_PLACES, linksIn } from '../places.ts'
import { ALIYUN_PNVS } from '../prices/aliyun-pnvs.ts'
import { pickIds, refusal } from '../refusal.ts'
import type { Answer } from '../request.ts'
import { templateFor } from '../sms-template.ts'
import { ACCESS_POINT } from './access-point.ts'
import { checkAliyunPnvs } from './check.ts'
import { asInTable, failures } from './failures.ts'
import { CODE_LENGTH, USUAL_INTERVAL, USUAL_MINUTES, USUAL_VALIDITY, WINDOWS } from './limits.ts'
import { lintAliyunPnvs } from './lint.ts'
import { receipts } from './receipts.ts'
import { settings as settingsTable } from './settings.ts'
import { paramFor } from './template-param.ts'

/** Aliyun PNVS, 短信认证: `SendSmsVerifyCode` of Dypnsapi 2017-05-25, with codes of our own. */
export const aliyunPnvs = defineConnector({
  id: 'aliyun-pnvs',
  channel: 'sms',
  name: { en: 'Aliyun PNVS', 'zh-CN': '阿里云短信认证' },
  description: {
    en: 'Text messages to mainland numbers under a signature that Alibaba Cloud lends; no company papers are needed.',
    'zh-CN': '使用阿里云赠送的签名和模板向内地号码发送短信，无需企业资质。',
  },
  settings: settingsTable,
  failures,
  pagesIn: linksIn.bind(null, ALIYUN_PNVS_PLACES),
  codeLength: CODE_LENGTH,
  destinations: () => ['china'],
  lint: lintAliyunPnvs,
  check: linked(checkAliyunPnvs, ALIYUN_PNVS_PLACES),
  prices: () => ALIYUN_PNVS,
  windows: WINDOWS,
  receipts,
  async send(message, settings, world) {
    const number = mobileOf(message)
    const { templateCode } = templateFor(settings.templates, message, 'china', ['china'])
    const answer = await callAliyun(world, {
      access: settings,
      ...ACCESS_POINT,
      action: 'SendSmsVerifyCode',
      query: {
        PhoneNumber: number,
        CountryCode: '86',
        SignName: settings.signName,
        TemplateCode: templateCode,
        ...ownCode(message, settings),
        OutId: message.attemptId,
      },
    })
    if (answer.status === 200 && answer.body.Code === 'OK') return { ids: idsOf(answer.body) }
    const { accessKeySecret, securityToken, proxy } = settings
    const code = asInTable(codeOf(answer))
    throw refusal({
      table: failures,
      answer,
      code,
      fallback,
      confidential: [message.payload.code, message.to, number, accessKeySecret, securityToken, proxy],
      retryAfter: untilSendable(code, answer, settings.interval, world.now()),
    })
  },
})

/**
 * The eleven digits of a mainland mobile number. The cloud is not asked about any other: it has no parameter that keeps an
 * American number apart from a mainland one, and so every number must come with its country code.
 */
function mobileOf({ to }: Message): string {
  const { destination, mobile } = readRecipient(to, { bare: false })
  if (destination !== 'china') throw new SendError('region_unsupported', { code: 'mainland_only' })
  if (mobile === undefined) throw new SendError('recipient_invalid', { code: 'mobile_only' })
  return mobile
}

/**
 * The code, and what the cloud is told about it. It neither makes nor checks the code, so nothing is said that is about
 * codes of its own (`CodeLength`, `CodeType`, `DuplicatePolicy`, `SchemeName`, `ReturnVerifyCode`); and what is as usual
 * is left out.
 */
function ownCode({ payload }: Message, settings: Values<typeof settingsTable>): Record<string, string> {
  const { code = '', minutes = USUAL_MINUTES } = payload
  const { interval, autoRetry, templateParam } = settings
  return {
    TemplateParam: paramFor(templateParam, { code, minutes }),
    // After the code has ended the cloud shall not try the message again.
    ...(minutes * 60 < USUAL_VALIDITY && { ValidTime: String(minutes * 60) }),
    ...(interval !== undefined && { Interval: interval }),
    ...(!autoRetry && { AutoRetry: '0' }),
  }
}

const idsOf = (body: Answer['body']): Record<string, string> => ({
  ...(isObject(body.Model) && pickIds(body.Model, ['BizId'])),
  ...pickIds(body, ['RequestId']),
})

/** Codes for a message that came before the interval since the last one was over. */
const TOO_SOON = new Set<unknown>(['biz.FREQUENCY', 'isv.FREQUENCY_FAIL'])

/**
 * Seconds after which a limit is over: the whole of its window, since the documents do not say when that began; of the
 * day's limit until the cloud's calendar day ends, which nobody has confirmed.
 */
function untilSendable(
  code: unknown,
  answer: Answer,
  interval: string | undefined,
  now: number,
): number | undefined {
  if (TOO_SOON.has(code)) return interval === undefined ? USUAL_INTERVAL : Number(interval)
  if (code === 'isv.DAY_LIMIT_CONTROL') return untilMidnight(now)
  if (code !== 'isv.BUSINESS_LIMIT_CONTROL') return throttledFor(answer)
  const said = String(answer.body.Message)
  if (said.includes('分钟级')) return 60
  if (said.includes('小时级')) return 3600
  return said.includes('天级') ? untilMidnight(now) : undefined
}
