import type { CheckItem, Destination, Localized, SendWorld, Values } from '@countersign/kit'
import { callAliyun } from '../aliyun-gateway/call.ts'
import { readingOf } from '../aliyun-gateway/reading.ts'
import { withSegments } from '../check/segments.ts'
import { templatesNamed } from '../check/sms-templates.ts'
import {
  accessItems,
  ask,
  itemOfRefusal,
  mayAskOn,
  objectsIn,
  quoted,
  unknown,
  type Verdict,
  wordsIn,
} from '../check/verdict.ts'
import { both } from '../failure-table.ts'
import { PLAIN_AT_ALIYUN } from '../sms-template.ts'
import { failures } from './failures.ts'
import { REGIONS } from './regions.ts'
import type { settings as table } from './settings.ts'

const READING = readingOf(failures)

const GRANT = both(
  'Grant dysms:GetSmsSign and dysms:GetSmsTemplate to the RAM user, beside dysms:SendSms.',
  '请在 dysms:SendSms 之外，再为该 RAM 用户授予 dysms:GetSmsSign 和 dysms:GetSmsTemplate 权限。',
)
const WAIT = both(
  'Wait until the review is done, as a rule within hours.',
  '请等待审核完成，通常需要数小时。',
)
const APPLY = both(
  'Correct it in the SMS console and hand it in for review again.',
  '请在短信服务控制台修改后重新提交审核。',
)

/** Asks Aliyun SMS for signature and templates: `GetSmsSign`, `GetSmsTemplate`. */
export async function checkAliyunSms(settings: Values<typeof table>, world: SendWorld): Promise<CheckItem[]> {
  const query = (action: string, query: Record<string, string>) =>
    ask(READING, () =>
      callAliyun(world, {
        access: settings,
        host: REGIONS[settings.region].host,
        action,
        version: '2017-05-25',
        query,
      }),
    )
  const signature = await query('GetSmsSign', { SignName: settings.signName })
  const access = accessItems(signature, GRANT)
  const named = templatesNamed(settings.templates, PLAIN_AT_ALIYUN)
  if (!mayAskOn(access))
    return [...access, unknown('signature'), ...named.map(({ code }) => unknown(`template:${code}`))]
  const templates = await Promise.all(
    named.map(async ({ code, destination }) =>
      templateItem(
        code,
        destination,
        await query('GetSmsTemplate', { TemplateCode: code }),
        settings.signName,
      ),
    ),
  )
  return [...access, signatureItem(signature), ...templates]
}

/** The states of a review, the same for signatures and templates; templates have them as texts. */
function review(subject: string, status: unknown, body: Readonly<Record<string, unknown>>): CheckItem {
  const reason = wordsIn(body.AuditInfo, 'RejectInfo')
  switch (Number(status ?? Number.NaN)) {
    case 0:
      return { subject, state: 'in_review', remedy: WAIT }
    case 1:
      return { subject, state: 'approved' }
    case 2:
      return { subject, state: 'rejected', ...(reason && { reason: quoted(reason) }), remedy: APPLY }
    case 10:
      return { subject, state: 'rejected', reason: CANCELLED, remedy: APPLY }
    default:
      return unknown(subject)
  }
}
const CANCELLED = both('The application was cancelled.', '申请已取消。')

const CARRIERS: Readonly<Record<string, Localized>> = {
  mobile: both('China Mobile', '中国移动'),
  unicom: both('China Unicom', '中国联通'),
  telecom: both('China Telecom', '中国电信'),
}
/** Failed, expired, not begun: the carrier drops messages under this signature. */
const UNREGISTERED = new Set([0, 2, -2])

function signatureItem(verdict: Verdict): CheckItem {
  if (!('body' in verdict)) return itemOfRefusal('signature', verdict)
  const item = review('signature', verdict.body.SignStatus, verdict.body)
  if (item.state !== 'approved') return item
  const without = objectsIn(verdict.body.SignIspRegisterDetailList)
    .filter(({ RegisterStatus }) => UNREGISTERED.has(Number(RegisterStatus ?? Number.NaN)))
    .flatMap(({ OperatorCode }) => CARRIERS[String(OperatorCode)] ?? [])
  if (without.length === 0) return item
  const names = (language: 'en' | 'zh-CN', between: string) =>
    without.map(name => name[language]).join(between)
  return {
    ...item,
    reason: both(
      `Approved, but not registered with ${names('en', ', ')}, whose customers get no messages.`,
      `已审核通过，但未在${names('zh-CN', '、')}完成实名报备，其用户无法收到短信。`,
    ),
    remedy: both(
      'Open the SMS console → Signatures and complete the registration with the carriers.',
      '打开短信服务控制台 → 签名管理，完成运营商实名报备。',
    ),
  }
}

const INTERNATIONAL = 3

function templateItem(
  code: string,
  destination: Destination | undefined,
  verdict: Verdict,
  signature: string,
): CheckItem {
  const subject = `template:${code}`
  if (!('body' in verdict)) return itemOfRefusal(subject, verdict)
  const item = review(subject, verdict.body.TemplateStatus, verdict.body)
  if (item.state !== 'approved') return item
  const international = Number(verdict.body.TemplateType) === INTERNATIONAL
  if (destination !== undefined && international !== (destination === 'overseas'))
    return {
      subject,
      state: 'rejected',
      reason: international ? NOT_DOMESTIC : NOT_INTERNATIONAL,
      remedy: SWAP,
    }
  const text = wordsIn(verdict.body, 'TemplateContent')
  const variables = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)
  if (variables.some(name => name !== 'code'))
    return {
      subject,
      state: 'rejected',
      reason: both(
        `The template has the variables ${variables.join(', ')}; only one named code gets a value.`,
        `模板含有变量 ${variables.join('、')}，但只有名为 code 的变量会被赋值。`,
      ),
      remedy: both(
        'Use a template whose only variable is named code.',
        '请使用仅含一个名为 code 的变量的模板。',
      ),
    }
  return withSegments(item, { text, signature, destination: international ? 'overseas' : 'china' })
}

const NOT_DOMESTIC = both(
  'This is an international template; mainland numbers need a domestic one.',
  '这是国际/港澳台模板，内地号码须使用国内模板。',
)
const NOT_INTERNATIONAL = both(
  'This is a domestic template; numbers abroad need an international one.',
  '这是国内模板，境外号码须使用国际/港澳台模板。',
)
const SWAP = both(
  'Put a template of the right kind there; one for abroad stands as overseas beside the one for the mainland.',
  '请改填对应类型的模板；国际/港澳台模板应填在 overseas，与国内模板并列。',
)
