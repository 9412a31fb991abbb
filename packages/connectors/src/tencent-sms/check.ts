import type { CheckItem, Destination, SendWorld, Values } from '@countersign/kit'
import { withSegments } from '../check/segments.ts'
import { type NamedTemplate, templatesNamed } from '../check/sms-templates.ts'
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
import { callTencent } from './call.ts'
import { READING } from './reading.ts'
import type { settings as table } from './settings.ts'

const GRANT = both(
  'Grant sms:DescribeSmsSignList and sms:DescribeSmsTemplateList to the CAM user, beside sms:SendSms.',
  '请在 sms:SendSms 之外，再为该 CAM 子用户授予 sms:DescribeSmsSignList 和 sms:DescribeSmsTemplateList 权限。',
)
const WAIT = both('Wait until it takes effect, as a rule within hours.', '请等待生效，通常需要数小时。')
const APPLY = both(
  'Correct it in the SMS console and hand it in for review again.',
  '请在短信控制台修改后重新提交审核。',
)
/** The API's number for a destination. */
const INTERNATIONAL = { china: 0, overseas: 1 } as const
/** Signatures come by pages; an account with more than these has other troubles. */
const PAGE = 100
const PAGES = 5

type Row = Values<typeof table>['templates'][number]

/** Asks Tencent Cloud SMS for signatures and templates: `DescribeSmsSignList`, `DescribeSmsTemplateList`. */
export async function checkTencentSms(
  settings: Values<typeof table>,
  world: SendWorld,
): Promise<CheckItem[]> {
  const query = (action: string, destination: Destination, more: Record<string, unknown>) =>
    ask(READING, () =>
      callTencent(world, settings, action, { International: INTERNATIONAL[destination], ...more }),
    )

  async function signature(subject: string, name: string, destination: Destination) {
    for (let page = 0; ; page++) {
      const verdict = await query('DescribeSmsSignList', destination, { Limit: PAGE, Offset: page * PAGE })
      if (!('body' in verdict)) return { verdict, item: itemOfRefusal(subject, verdict) }
      const list = objectsIn(verdict.body.DescribeSignListStatusSet)
      const found = list.find(each => wordsIn(each, 'SignName') === name)
      if (found) return { verdict, item: review(subject, found) }
      if (list.length < PAGE || page + 1 === PAGES) return { verdict, item: missing(subject, SIGNATURE) }
    }
  }

  async function template({ code, destination, row }: NamedTemplate<Row>): Promise<CheckItem> {
    const subject = `template:${code}`
    // Where one code serves all, it is looked for among the domestic ones first.
    const places: readonly Destination[] = destination ? [destination] : ['china', 'overseas']
    let refused: Exclude<Verdict, { body: unknown }> | undefined
    for (const place of places) {
      const verdict = await query('DescribeSmsTemplateList', place, { TemplateIdSet: [Number(code)] })
      if (!('body' in verdict)) refused = verdict
      else
        for (const each of objectsIn(verdict.body.DescribeTemplateStatusSet))
          if (String(each.TemplateId) === code)
            return withSegments(withVariables(review(subject, each), each, row), {
              text: wordsIn(each, 'TemplateContent'),
              signature: place === 'china' ? settings.signName : settings.overseasSignName,
              destination: place,
            })
    }
    return refused && refused.failure !== 'message_rejected'
      ? itemOfRefusal(subject, refused)
      : missing(subject, TEMPLATE)
  }

  const { verdict, item } = await signature(
    'signature',
    settings.signName,
    settings.site === 'international' ? 'overseas' : 'china',
  )
  const access = accessItems(verdict, GRANT)
  const named = templatesNamed(settings.templates)
  const abroad = settings.overseasSignName
  if (!mayAskOn(access))
    return [...access, unknown('signature'), ...named.map(({ code }) => unknown(`template:${code}`))]
  const [second, ...templates] = await Promise.all([
    abroad === undefined
      ? []
      : signature(`signature:${abroad}`, abroad, 'overseas').then(each => [each.item]),
    ...named.map(template),
  ])
  return [...access, item, ...second, ...templates]
}

function review(subject: string, found: Readonly<Record<string, unknown>>): CheckItem {
  const reply = wordsIn(found, 'ReviewReply')
  const reason = reply && { reason: quoted(reply) }
  switch (found.StatusCode) {
    case 0:
      return { subject, state: 'approved' }
    case 1:
      return { subject, state: 'in_review', remedy: WAIT }
    case 2:
      return { subject, state: 'in_review', reason: NOT_YET, remedy: WAIT }
    case -1:
      return { subject, state: 'rejected', ...reason, remedy: APPLY }
    default:
      return unknown(subject)
  }
}
const NOT_YET = both('Approved, but not in effect yet.', '审核已通过，尚未生效。')

const SIGNATURE = both(
  'Put the content of an approved signature into the settings, not its ID.',
  '请填写审核通过的签名内容，而不是签名 ID。',
)
const TEMPLATE = both(
  'Put the ID of an approved template of this account and this destination into the settings.',
  '请填写当前账号下审核通过、且适用于该目的地的模板 ID。',
)
const missing = (subject: string, remedy: CheckItem['remedy']): CheckItem => ({
  subject,
  state: 'missing',
  reason: both('The account has none such for this destination.', '该账号下没有适用于该目的地的此项。'),
  remedy: remedy!,
})

/** A template that takes other values than it would get fails although it is approved. */
function withVariables(item: CheckItem, found: unknown, row: Row): CheckItem {
  if (item.state !== 'approved') return item
  const text = wordsIn(found, 'TemplateContent')
  const variables = new Set(text.match(/\{\d+\}/g)).size
  const values = row.parameters === 'code,minutes' ? 2 : 1
  if (variables === values || text === '') return item
  return {
    ...item,
    state: 'rejected',
    reason: both(
      `The template has ${variables} variables and would get ${values}.`,
      `模板有 ${variables} 个变量，而发送时会传入 ${values} 个。`,
    ),
    remedy: both('Choose under Variables what the template has.', '请在“模板变量”中选择与模板一致的选项。'),
  }
}
