import { createHmac } from 'node:crypto'
import type { ApiRequest } from '../request.ts'

/** A message as it would stand in a group. */
export interface RobotMessage {
  service: Service
  /** The robot's token. */
  robot: string
  text: string
  /** Milliseconds since 1970. */
  at: number
}

type Service = 'dingtalk' | 'wecom' | 'feishu' | 'slack'

const HOSTS: Readonly<Record<string, Service>> = {
  'oapi.dingtalk.com': 'dingtalk',
  'qyapi.weixin.qq.com': 'wecom',
  'open.feishu.cn': 'feishu',
  'open.larksuite.com': 'feishu',
  'hooks.slack.com': 'slack',
  'hooks.slack-gov.com': 'slack',
}

/** True for the hosts at which chat services let robots write into groups. */
export const hasRobots = (hostname: string): boolean => Object.hasOwn(HOSTS, hostname)

interface Robot {
  secret?: string
  keyword?: string
  odd?: 'html' | 'empty' | 'broken' | 'gone'
}

/** The robots of every service, by their token. */
const ROBOTS: Readonly<Record<string, Robot>> = {
  'simulated-ok': {},
  'simulated-signed': { secret: 'SECsimulated' },
  'simulated-keyword': { keyword: 'Countersign' },
  'simulated-other-keyword': { keyword: '值班' },
  'simulated-html': { odd: 'html' },
  'simulated-empty': { odd: 'empty' },
  'simulated-broken': { odd: 'broken' },
  'simulated-gone': { odd: 'gone' },
}

/** Ways in which a service refuses; each has its own code for it. */
type Refusal = 'sign' | 'keyword' | 'token' | 'gone' | 'fast' | 'broken' | 'shape' | 'type' | 'long'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Messages a minute. DingTalk, WeCom: documented where their pages are repeated; Feishu: documented; Slack: from memory. */
const MOST_A_MINUTE: Readonly<Record<Service, number>> = { dingtalk: 20, wecom: 20, feishu: 100, slack: 60 }

const json = (status: number, body: unknown) => Response.json(body, { status })
const plain = (status: number, body: string, headers: Record<string, string> = {}) =>
  new Response(body, { status, headers: { 'content-type': 'text/plain', ...headers } })

const OK: Readonly<Record<Service, () => Response>> = {
  dingtalk: () => json(200, { errcode: 0, errmsg: 'ok' }),
  wecom: () => json(200, { errcode: 0, errmsg: 'ok' }),
  feishu: () => json(200, { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' }),
  slack: () => plain(200, 'ok'),
}

const DINGTALK: Readonly<Record<Refusal, [code: number, words: string]>> = {
  sign: [310000, 'sign not match'],
  keyword: [310000, 'keywords not in content'],
  token: [300005, 'token is not exist'],
  gone: [400106, 'robot does not exist'],
  fast: [130101, 'send too fast, exceed 20 times per minute'],
  broken: [-1, 'system busy'],
  shape: [40035, 'missing parameter'],
  type: [43004, 'invalid content type'],
  long: [40035, 'content too long'],
}
const WECOM: Readonly<Record<Refusal, [code: number, words: string]>> = {
  ...DINGTALK,
  token: [93000, 'invalid webhook url'],
  gone: [93000, 'invalid webhook url'],
  fast: [45009, 'api freq out of limit'],
  shape: [40008, 'invalid message type'],
  long: [40058, 'text.content exceed max length 2048'],
}
const FEISHU: Readonly<Record<Refusal, [code: number, words: string]>> = {
  sign: [19021, 'sign match fail or timestamp is not within one hour from current time'],
  keyword: [19024, 'Key Words Not Found'],
  token: [19001, 'param invalid: incoming webhook access token invalid'],
  gone: [19001, 'param invalid: incoming webhook access token invalid'],
  fast: [11232, 'frequency limited psm'],
  broken: [9499, 'Bad Request'],
  shape: [9499, 'Bad Request'],
  type: [9499, 'Bad Request'],
  long: [9499, 'Bad Request'],
}
const SLACK: Readonly<Record<Refusal, [status: number, word: string]>> = {
  sign: [403, 'invalid_token'],
  keyword: [403, 'action_prohibited'],
  token: [403, 'invalid_token'],
  gone: [410, 'channel_is_archived'],
  fast: [429, 'rate_limited'],
  broken: [500, 'rollup_error'],
  shape: [400, 'invalid_payload'],
  type: [400, 'invalid_payload'],
  long: [400, 'invalid_payload'],
}

function refuse(service: Service, refusal: Refusal): Response {
  if (service === 'slack') {
    const [status, word] = SLACK[refusal]
    return plain(status, word, refusal === 'fast' ? { 'retry-after': '30' } : {})
  }
  if (service === 'feishu') {
    const [code, msg] = FEISHU[refusal]
    return json(code === 9499 ? 400 : 200, { code, msg, data: {} })
  }
  const [errcode, errmsg] = (service === 'dingtalk' ? DINGTALK : WECOM)[refusal]
  return json(200, { errcode, errmsg })
}

/** The token of a robot's address, as far as the path is the service's; empty when there is none. */
function tokenIn(service: Service, { path, rawQuery }: ApiRequest): string {
  const query = new URLSearchParams(rawQuery)
  switch (service) {
    case 'dingtalk':
      return path === '/robot/send' ? (query.get('access_token') ?? '') : ''
    case 'wecom':
      return path === '/cgi-bin/webhook/send' ? (query.get('key') ?? '') : ''
    case 'feishu':
      return path.startsWith('/open-apis/bot/v2/hook/') ? (path.split('/').at(-1) ?? '') : ''
    case 'slack':
      return path.startsWith('/services/') ? (path.split('/').at(-1) ?? '') : ''
  }
}

type Body = Record<string, unknown>
const inside = (body: Body, ...names: string[]): unknown =>
  names.reduce<unknown>((value, name) => (value as Body | undefined)?.[name], body)

/** The text of a message; undefined when the body has not the shape of one. */
function textIn(service: Service, body: Body): string | undefined {
  const text =
    service === 'slack'
      ? body.text
      : service === 'feishu'
        ? body.msg_type === 'text' && inside(body, 'content', 'text')
        : body.msgtype === 'text' && inside(body, 'text', 'content')
  return typeof text === 'string' && text !== '' ? text : undefined
}

/** Whether a message is signed as the robot wants, by a clock that is up to an hour wrong. */
function isSigned(
  service: Service,
  secret: string,
  { rawQuery }: ApiRequest,
  body: Body,
  now: number,
): boolean {
  if (service === 'dingtalk') {
    const query = new URLSearchParams(rawQuery)
    const timestamp = query.get('timestamp') ?? ''
    const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
    return Math.abs(now - Number(timestamp)) <= HOUR && query.get('sign') === sign
  }
  if (service !== 'feishu') return true
  const timestamp = String(body.timestamp)
  const sign = createHmac('sha256', `${timestamp}\n${secret}`).digest('base64')
  return Math.abs(now - Number(timestamp) * 1000) <= HOUR && body.sign === sign
}

function bodyOf({ body }: ApiRequest): Body | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Body) : undefined
  } catch {
    return undefined
  }
}

const ODD: Readonly<Record<NonNullable<Robot['odd']>, (service: Service) => Response>> = {
  html: () => new Response('<html><body>Portal</body></html>', { headers: { 'content-type': 'text/html' } }),
  empty: () => new Response(''),
  broken: service => refuse(service, 'broken'),
  gone: service => refuse(service, 'gone'),
}

/** Messages kept; older ones are dropped. */
const MOST_KEPT = 200

/**
 * The robots of DingTalk, WeCom, Feishu with Lark, and Slack, by which programs write into groups. Their tokens say how
 * they behave; see the README. Source: the services' pages about custom robots and incoming webhooks.
 */
export function createRobots(now: () => number) {
  let kept: RobotMessage[] = []
  /** When each robot was written to within the last minute. */
  const written = new Map<string, number[]>()
  /** DingTalk hears nothing for ten minutes after too much. */
  const blocked = new Map<string, number>()

  function isTooFast(service: Service, robot: string): boolean {
    const key = `${service}/${robot}`
    if ((blocked.get(key) ?? 0) > now()) return true
    const moments = (written.get(key) ?? []).filter(moment => moment > now() - MINUTE)
    const isFull = moments.length >= MOST_A_MINUTE[service]
    if (isFull && service === 'dingtalk') blocked.set(key, now() + 10 * MINUTE)
    written.set(key, isFull ? moments : [...moments, now()])
    return isFull
  }

  function judge(service: Service, request: ApiRequest): Refusal | RobotMessage | Robot['odd'] {
    const robot = tokenIn(service, request)
    if (!Object.hasOwn(ROBOTS, robot)) return 'token'
    const { secret, keyword, odd } = ROBOTS[robot]!
    if (odd) return odd
    if (request.method !== 'POST' || !request.headers.get('content-type')?.includes('json')) return 'type'
    const body = bodyOf(request)
    const text = body && textIn(service, body)
    if (body === undefined || text === undefined) return 'shape'
    if (secret !== undefined && !isSigned(service, secret, request, body, now())) return 'sign'
    if (keyword !== undefined && !text.includes(keyword)) return 'keyword'
    const bytes = Buffer.byteLength(text)
    if (bytes > (service === 'wecom' ? 2048 : 20_000)) return 'long'
    if (isTooFast(service, robot)) return 'fast'
    return { service, robot, text, at: now() }
  }

  return {
    /** Answers a request to one of the hosts. */
    answer(request: ApiRequest): Response {
      const service = HOSTS[request.hostname]!
      const verdict = judge(service, request)
      if (verdict === undefined) return refuse(service, 'shape')
      if (typeof verdict === 'object') {
        kept = [...kept, verdict].slice(-MOST_KEPT)
        return OK[service]()
      }
      return Object.hasOwn(ODD, verdict)
        ? ODD[verdict as keyof typeof ODD](service)
        : refuse(service, verdict as Refusal)
    },
    /** What was written into groups, newest first. */
    messages: (): RobotMessage[] => kept.toReversed(),
    clear(): void {
      kept = []
      written.clear()
      blocked.clear()
    },
  }
}

export type Robots = ReturnType<typeof createRobots>
