import { countryNames, type RobotForm } from '@countersign/api'
import type { Localized } from '@countersign/kit'
import { isObject } from '@countersign/kit'
import type { Message } from './message.ts'

/** What a webhook is told of an event: the body that receivers of JSON get. */
export type Payload = Record<string, unknown>

/** An event, as a robot tells of it. It names no code, no whole number or address, no key, and quotes no provider. */
export interface Alert {
  title: Localized
  facts: readonly Localized[]
  /** The page of the console where something can be done about it. */
  path?: string
  /**
   * What it says lasts, until another alert about the same subject: the same state of a subject is told once an hour at
   * most, and of several that wait the newest alone.
   */
  lasting?: { subject: string; state: string }
}

const both = (en: string, zh: string): Localized => ({ en, 'zh-CN': zh })

/** Longest name of somebody's choosing in a message, in characters. */
const LONGEST_NAME = 80

/** A text of somebody's choosing on one line; empty when there is none. */
function nameIn(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  const line = [...text.replace(/[\p{Cc}\s]+/gu, ' ').trim()]
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME).join('')}…` : line.join('')
}

const membersOf = (value: unknown): Payload => (isObject(value) ? value : {})

/** A moment that can be read anywhere. */
function moment(value: unknown): string | undefined {
  const at = typeof value === 'number' || typeof value === 'string' ? new Date(value) : undefined
  return at && !Number.isNaN(at.getTime())
    ? `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
    : undefined
}

/** The same by the clocks of a time zone, such as those that a budget goes by. */
function momentIn(timeZone: string, value: unknown): string | undefined {
  if (typeof value !== 'number' || timeZone === '') return moment(value)
  // Of all languages Swedish writes moments as ISO 8601 does.
  const written = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone })
  return `${written.format(value)} (${timeZone})`
}

const isLocalized = (value: unknown): value is Localized =>
  isObject(value) && typeof value.en === 'string' && typeof value['zh-CN'] === 'string'

const fact = (en: string, zh: string, value: string | undefined): Localized[] =>
  value ? [both(`${en}: ${value}`, `${zh}：${value}`)] : []

const when = (payload: Payload) => fact('Time', '时间', moment(payload.createdAt))

/** Tells of what just happens, such as a sign-in. */
const happens = (title: Localized, path?: (payload: Payload) => string) => (payload: Payload) => {
  const user = nameIn(payload.userId ?? membersOf(payload.data).id)
  return {
    title,
    facts: [...fact('User', '用户', user), ...when(payload)],
    ...(path && { path: path(payload) }),
  }
}

const userPage = (payload: Payload) =>
  `/users/${encodeURIComponent(nameIn(payload.userId ?? membersOf(payload.data).id))}`

const CHANNELS: Readonly<Record<string, Localized>> = {
  sms: both('text messages', '短信'),
  email: both('e-mail', '邮件'),
}

const RESTS: Readonly<Record<string, (name: string) => Localized>> = {
  balance_exhausted: name => both(`Balance exhausted: ${name}`, `余额不足：${name}`),
  credentials_rejected: name => both(`Keys rejected: ${name}`, `密钥被拒绝：${name}`),
  failing: name => both(`Messages fail over ${name}`, `${name} 发送失败`),
}

function healthTitle(name: string, state: string, reason: string): Localized {
  if (state === 'healthy') return both(`${name} works again`, `${name} 已恢复`)
  if (state === 'held') return both(`${name} was held back by an operator`, `${name} 已被操作员停用`)
  const said = Object.hasOwn(RESTS, reason) ? RESTS[reason] : undefined
  return said?.(name) ?? both(`${name} rests`, `${name} 暂停使用`)
}

function connectionHealth(payload: Payload): Alert {
  const data = membersOf(payload.data)
  const health = membersOf(data.health)
  const name = nameIn(data.name) || nameIn(data.connectorId)
  const [state, reason, id] = [nameIn(health.state), nameIn(health.reason), nameIn(data.id)]
  const channel = CHANNELS[nameIn(data.channel)]
  const isOver = state === 'healthy'
  return {
    title: healthTitle(name, state, reason),
    facts: [
      ...(channel
        ? [
            both(
              isOver
                ? `It takes ${channel.en} again.`
                : `It takes no ${channel.en} for now; others go first.`,
              isOver
                ? `${channel['zh-CN']}已恢复使用该连接。`
                : `${channel['zh-CN']}暂不使用该连接，优先使用其他连接。`,
            ),
          ]
        : []),
      ...(isOver ? [] : [health.meaning, health.remedy].filter(isLocalized)),
      ...fact('Connector', '连接器', nameIn(data.connectorId)),
      ...fact('Since', '开始时间', moment(health.since)),
    ],
    path: `/connectors/${encodeURIComponent(id)}`,
    lasting: { subject: id, state: `${state}/${reason}` },
  }
}

/** An amount of a budget, which is given in millionths of its currency. */
const money = ({ currency }: Payload, amount: unknown): string | undefined =>
  typeof amount === 'number' ? `${(amount / 1_000_000).toFixed(2)} ${nameIn(currency)}`.trim() : undefined

const budget =
  (of: (name: string) => Localized, reached: 'soft' | 'hard') =>
  (payload: Payload): Alert => {
    const data = membersOf(payload.data)
    const channel = CHANNELS[nameIn(data.channel)]
    return {
      title: of(nameIn(data.name) || nameIn(data.id)),
      facts: [
        ...fact('Spent', '已花费', money(data, data.used)),
        ...(reached === 'soft' ? fact('Check for people from', '软上限', money(data, data.soft)) : []),
        ...fact('Spend at most', '硬上限', money(data, data.hard)),
        ...(channel ? [both(`For: ${channel.en}`, `范围：${channel['zh-CN']}`)] : []),
        ...fact('Until', '截止', momentIn(nameIn(data.timeZone), data.end)),
      ],
      path: '/protection',
      lasting: { subject: `${nameIn(data.id)}/${nameIn(data.begin)}`, state: '' },
    }
  }

/** What the fraud guard looks at, and whether it may be named: the beginning of a number may, an address may not. */
const LOOKED_AT: Readonly<Record<string, [what: Localized, isNamed: boolean]>> = {
  prefix: [both('numbers that begin with', '号段'), true],
  country: [both('numbers of', '国家或地区'), true],
  network: [both('a network of addresses', '同一网段的地址'), false],
  application: [both('an application', '某个应用'), false],
}

function fraud(payload: Payload): Alert {
  const data = membersOf(payload.data)
  const figures = membersOf(data.figures)
  const [kind, subject] = [nameIn(data.kind), nameIn(data.subject)]
  const [what, isNamed] = (Object.hasOwn(LOOKED_AT, kind) && LOOKED_AT[kind]) || [
    both('messages', '消息'),
    false,
  ]
  const nameOf = (language: string) => (kind === 'country' ? countryNames(language)(subject) : subject)
  const named = (language: string) => (isNamed ? ` ${nameOf(language)}` : '')
  const share = typeof data.expected === 'number' ? `${Math.round(data.expected * 100)} %` : undefined
  return {
    title: both('Codes are sent and hardly used', '大量验证码已发送但几乎无人使用'),
    facts: [
      both(`What: ${what.en}${named('en')}`, `对象：${what['zh-CN']}${named('zh-CN')}`),
      ...fact('Asked for a code', '请求验证码的人数', nameIn(figures.people)),
      ...fact('Used it', '其中已使用', nameIn(figures.used)),
      ...fact('Usual share', '通常使用率', share),
      ...fact('Since', '开始时间', moment(data.beganAt)),
    ],
    path: '/protection',
    lasting: { subject: `${nameIn(data.channel)}/${kind}/${subject}`, state: nameIn(data.state) },
  }
}

/** How an event is told; a new one needs a line here, and none to be told at all. */
const TEXTS: Readonly<Record<string, (payload: Payload) => Alert>> = {
  'Connection.Health.Updated': connectionHealth,
  'Budget.SoftReached': budget(
    name => both(`Budget at its soft amount: ${name}`, `预算达到软上限：${name}`),
    'soft',
  ),
  'Budget.HardReached': budget(name => both(`Budget used up: ${name}`, `预算已用尽：${name}`), 'hard'),
  'Fraud.Found': fraud,
  'Grant.LimitExceeded': happens(
    both('A user signed in in too many places', '用户登录的位置超过上限'),
    userPage,
  ),
  PostSignIn: happens(both('Somebody signed in', '有用户登录'), userPage),
  PostRegister: happens(both('Somebody registered', '有用户注册'), userPage),
  PostResetPassword: happens(both('Somebody chose a new password', '有用户重置了密码'), userPage),
  'User.Created': happens(both('A user was created', '新建了用户'), userPage),
  'User.Deleted': happens(both('A user was deleted', '删除了用户')),
  'User.Data.Updated': happens(both('A user was changed', '用户资料有变更'), userPage),
  'User.SuspensionStatus.Updated': happens(
    both('A user was suspended or let go', '用户的停用状态有变更'),
    userPage,
  ),
}

const KINDS: readonly [types: readonly string[], one: Localized, many: Localized][] = [
  [['phone'], both('phone number', '手机号'), both('phone numbers', '手机号')],
  [['email'], both('e-mail address', '邮箱地址'), both('e-mail addresses', '邮箱地址')],
]
const OTHER: (typeof KINDS)[number] = [[], both('account', '账号'), both('accounts', '账号')]

/** Which identifiers are meant, by their kinds: in a group of a chat they are counted, and not named. */
function kindsOf(payloads: readonly Payload[]): Localized[] {
  const seen = new Map<string, (typeof KINDS)[number]>()
  for (const payload of payloads) {
    const recipient = membersOf(payload.recipient)
    const type = nameIn(payload.type ?? recipient.type)
    const kind = KINDS.find(([types]) => types.includes(type)) ?? OTHER
    seen.set(`${type}/${String(payload.value ?? recipient.value ?? payload.recipient)}`, kind)
  }
  return [...KINDS, OTHER].flatMap(kind => {
    const count = [...seen.values()].filter(each => each === kind).length
    const [, one, many] = kind
    if (count === 0) return []
    return [both(`${count} ${(count === 1 ? one : many).en}`, `${count} 个${many['zh-CN']}`)]
  })
}

/** Events of which strangers cause many: they are counted, and told together. */
const COUNTED: Readonly<Record<string, { title: Localized; path: string }>> = {
  'Identifier.Lockout': {
    title: both('Sign-ins are blocked after too many wrong attempts', '错误尝试过多，登录已被暂时锁定'),
    path: '/logs',
  },
  'Message.RateLimited': {
    title: both('Codes are refused: too many to one recipient', '验证码发送被拒绝：同一收件人请求过多'),
    path: '/deliveries',
  },
}

/** The events that are counted and told together. */
export const COUNTED_EVENTS: readonly string[] = Object.keys(COUNTED)

/** Whether an event is one of those that are counted and told together. */
export const isCounted = (event: string): boolean => Object.hasOwn(COUNTED, event)

function counted(event: string, payloads: readonly Payload[], more: number): Alert {
  const { title, path } = COUNTED[event]!
  const total = payloads.length + more
  return {
    title,
    facts: [
      ...(more > 0 ? [] : kindsOf(payloads)),
      ...(total > 1
        ? [both(`${total} refusals since the last message`, `自上一条消息以来共拒绝 ${total} 次`)]
        : []),
    ],
    path,
  }
}

/**
 * What a robot tells of an event; of a counted one, of several.
 *
 * @param more how many more there were, beside those that are given
 * @example alertOf('User.Created', [payload]).title.en // 'A user was created'
 */
export function alertOf(event: string, payloads: readonly [Payload, ...Payload[]], more = 0): Alert {
  if (isCounted(event)) return counted(event, payloads, more)
  const [payload] = payloads
  const text = Object.hasOwn(TEXTS, event) ? TEXTS[event]! : happens(both(`Event ${event}`, `事件 ${event}`))
  return text(payload)
}

/** Where and in which language a robot writes. */
export interface Voice {
  form: RobotForm
  language: 'en' | 'zh-CN'
  /** The console's address, where others than this machine know it. */
  console?: string | undefined
}

const linkOf = ({ console, language }: Voice, path: string | undefined): string[] => {
  if (console === undefined || path === undefined) return []
  return [`${language === 'en' ? 'Console: ' : '控制台：'}${console}${path}`]
}

/** Alerts that one message lists; more are counted. */
const MOST_LISTED = 20

/**
 * The message of one alert, or of several together.
 *
 * @param more alerts beside those that are given
 * @example messageOf([alert], { form: 'wecom', language: 'en' })
 */
export function messageOf(alerts: readonly [Alert, ...Alert[]], voice: Voice, more = 0): Message {
  const { language } = voice
  const [first] = alerts
  if (alerts.length + more === 1)
    return {
      title: first.title[language]!,
      lines: [...first.facts.map(each => each[language]!), ...linkOf(voice, first.path)],
    }
  const total = alerts.length + more
  const listed = alerts.slice(0, MOST_LISTED)
  const left = total - listed.length
  return {
    title: language === 'en' ? `${total} alerts` : `${total} 条告警`,
    lines: [
      ...listed.map(each => `- ${each.title[language]!}`),
      ...(left > 0 ? [language === 'en' ? `- and ${left} more` : `- 另有 ${left} 条`] : []),
      ...linkOf(voice, '/'),
    ],
  }
}

/**
 * The message of a try that an operator asks for.
 *
 * @param name of the webhook
 * @example testMessage('Alerts', { form: 'slack', language: 'en' })
 */
export function testMessage(name: string, voice: Voice): Message {
  const isEnglish = voice.language === 'en'
  const shown = nameIn(name)
  return {
    title: isEnglish ? 'Test message' : '测试消息',
    lines: [
      isEnglish
        ? `Alerts${shown && ` of “${shown}”`} will be written into this group.`
        : `${shown && `“${shown}”的`}告警将发送到本群。`,
      ...linkOf(voice, '/webhooks'),
    ],
  }
}
