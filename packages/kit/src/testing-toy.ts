import { createHash } from 'node:crypto'
import {
  type AskedReceipt,
  chooseTemplate,
  DESTINATIONS,
  defineConnector,
  type Failure,
  type Fetch,
  optionalText,
  type Receipt,
  type Receipts,
  SendError,
  secret,
  templates,
  text,
} from './index.ts'
import { answerOf, textOf } from './test-world.ts'

/** A text in both languages. */
export const both = { en: 'x', 'zh-CN': 'x' }

/** What a mistake can change in the toy connector below. */
export const RIGHT = {
  encode: (value: string): string => encodeURIComponent(value),
  /** The code of a refusal, or undefined for a success. */
  refused: (body: { error?: string; results?: { error?: string }[] }): string | undefined =>
    body.error ?? body.results?.[0]?.error,
  failureOf: (code: string): Failure =>
    code === 'E1' ? 'throttled' : code === 'E2' ? 'recipient_blocked' : 'unrecognized',
  toError: (error: SendError, _secret: string, _body: string): unknown => error,
  extra: (_payload: object): string => '',
  fetch: (fetch: Fetch): Fetch => fetch,
  maybeSent: (code: string | undefined) => !NEVER_LEFT.includes(code ?? ''),
  serves: DESTINATIONS,
  choose: chooseTemplate,
  heedsDeadline: true,
  keepsAnswer: true,
  /** Whether the toy provider signs what it pushes. */
  signed: false,
  checksMark: true,
  parse: (text: string): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      return undefined
    }
  },
  refusedStatus: 400,
  stateOf: (said: unknown): Receipt['state'] =>
    said === 'arrived' ? 'delivered' : said === 'lost' ? 'failed' : 'pending',
  cut: (text: string) =>
    text
      .replace(/\p{Cc}/gu, '')
      .toWellFormed()
      .slice(0, 100),
  mostEntries: 500,
  receiptCodes: { NO_PHONE: { meaning: both, remedy: both, source: 'toy' } } as Receipts['codes'],
  tellsAll: (receipt: Receipt): Receipt => receipt,
  isOurs: (entry: ToyEntry, asked: AskedReceipt) =>
    entry.id === asked.ids.id || entry.out === asked.attemptId,
  toPullError: (error: SendError, _answer: string): unknown => error,
  segments: 1,
  key: secret({ label: { en: 'Key', 'zh-CN': '密钥' } }) as ReturnType<typeof optionalText>,
}
/** What is changed in it. */
export type Mistake = Partial<typeof RIGHT>

interface ToyEntry {
  id?: unknown
  out?: unknown
  state?: unknown
  code?: unknown
  text?: unknown
}

const NEVER_LEFT = ['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED', 'UND_ERR_CONNECT_TIMEOUT']

/** A connector for the toy provider, right but for the given mistake. */
export function toyConnector(mistake: Mistake = {}) {
  const way = { ...RIGHT, ...mistake }
  return defineConnector({
    id: 'toy',
    channel: 'sms',
    name: both,
    description: both,
    settings: {
      key: way.key,
      name: text({ label: both }),
      templates: templates({
        label: both,
        row: { templateCode: text({ label: both }), locale: optionalText({ label: both }) },
      }),
    },
    destinations: () => way.serves,
    failures: {
      E1: { failure: 'throttled', meaning: both, remedy: both, source: 'toy' },
      E2: { failure: 'recipient_blocked', meaning: both, remedy: both, source: 'toy' },
    },
    receipts: toyReceipts(way),
    async send(message, settings, world) {
      const { to, payload, attemptId: out } = message
      const { templateCode: template = '' } =
        way.choose(settings.templates, message.usageType, payload.locale, message.fallbackLocale) ?? {}
      const { key = '', name } = settings
      const pairs = { key, name, to, template, code: payload.code ?? '', out }
      const body =
        Object.entries(pairs)
          .map(([key, value]) => `${key}=${way.encode(value)}`)
          .join('&') + way.extra(payload)
      const controller = new AbortController()
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<never>((_, reject) => {
        const expire = () => {
          controller.abort()
          reject(new SendError('unreachable', { maybeSent: true }))
        }
        if (way.heedsDeadline) timer = setTimeout(expire, world.deadline)
      })
      const exchange = async () => {
        const init = { method: 'POST', headers: {}, body, signal: controller.signal }
        const answer = await way
          .fetch(world.fetch)('https://toy.invalid/', init)
          .catch((error: Error) => {
            const code = (error.cause as { code?: string } | undefined)?.code
            throw new SendError('unreachable', { maybeSent: way.maybeSent(code) })
          })
        const decoder = new TextDecoder()
        let said = ''
        try {
          for await (const chunk of answer.body ?? []) {
            said += decoder.decode(chunk, { stream: true })
            if (said.length > 100_000) break
          }
        } catch {
          said = ''
        }
        const raw = way.keepsAnswer ? { answer: { status: answer.status, body: said.slice(0, 1000) } } : {}
        const parsed = parse(said)
        const code = parsed && way.refused(parsed)
        if (parsed && code === undefined && typeof parsed.id === 'string' && answer.status === 200)
          return { ids: { id: parsed.id }, segments: way.segments }
        if (code === undefined) throw new SendError('provider_fault', { maybeSent: true, ...raw })
        const speakable = ['E1', 'E2', 'Countersign.NotInAnyTable'].includes(code) ? code : undefined
        throw new SendError(way.failureOf(code), { code: speakable, ...raw })
      }
      try {
        return await Promise.race([exchange(), late])
      } catch (error) {
        throw error instanceof SendError ? way.toError(error, settings.key ?? '', body) : error
      } finally {
        clearTimeout(timer)
      }
    },
  })
}

/** How the toy connector reads what its provider pushes, and asks it. */
function toyReceipts(way: typeof RIGHT): Receipts {
  const receiptOf = (entry: ToyEntry): Receipt[] => {
    const { id, out, state, code } = entry
    if (typeof id !== 'string' || id === '') return []
    const text = typeof code === 'string' ? way.cut(code) : ''
    return [
      way.tellsAll({
        ids: { id: way.cut(id) || '?' },
        ...(typeof out === 'string' && way.cut(out) && { attemptId: way.cut(out) }),
        state: way.stateOf(state),
        ...(text && { code: text }),
      }),
    ]
  }
  return {
    codes: way.receiptCodes,
    async read({ body, headers }) {
      const answer = { status: way.refusedStatus, body: {} }
      if (way.signed && way.checksMark && headers['x-sign'] !== markOf(body))
        return { refused: 'forged', answer }
      const parsed = way.parse(body)
      const entries = Array.isArray(parsed) ? parsed.slice(0, way.mostEntries) : []
      if (
        !Array.isArray(parsed) ||
        !entries.every(each => typeof each === 'object' && each?.length === undefined && each)
      )
        return { refused: 'no list', answer }
      return { receipts: entries.flatMap(receiptOf), answer: { status: 200, body: {} } }
    },
    async pull(asked, _settings, world) {
      const init = { method: 'GET', headers: {}, signal: AbortSignal.timeout(5000) }
      const said = await textOf(await world.fetch('https://toy.invalid/', init))
      const parsed = parse(said)
      if (!Array.isArray(parsed))
        throw way.toPullError(new SendError('throttled', { code: parsed?.error }), said)
      return parsed.filter(entry => way.isOurs(entry, asked)).flatMap(receiptOf)
    },
  }
}

const markOf = (body: string) => createHash('sha256').update(`toy${body}`).digest('hex')

function parse(text: string) {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** The name that the toy provider knows its caller by. */
export const NAME = 'Ada & Söhne 50%+'

/** Refuses as real clouds do: some codes above, some beside the recipient, all with HTTP 200. */
export function toyProvider(signed = false) {
  const delivered: { to: string; text: string }[] = []
  const entries: ToyEntry[] = []
  let refusal: string | undefined
  const fetch: Fetch = async (_url, { body, method }) => {
    if (method === 'GET')
      return answerOf(
        200,
        JSON.stringify(refusal === undefined ? entries : { error: refusal, said: delivered }),
      )
    const form = new URLSearchParams(body)
    if (refusal === 'E2') return answerOf(200, JSON.stringify({ id: '1', results: [{ error: refusal }] }))
    if (refusal !== undefined) return answerOf(200, JSON.stringify({ error: refusal, said: 'no' }))
    if (form.get('name') !== NAME) return answerOf(200, JSON.stringify({ error: 'E1' }))
    const id = String(entries.length + 1)
    const [to, text] = [form.get('to') ?? '', `${form.get('template')} ${form.get('code')}`]
    const fate = to === UNREACHABLE ? { state: 'lost', code: 'NO_PHONE' } : { state: 'arrived', code: '' }
    entries.push({ id, out: form.get('out'), text, ...fate })
    delivered.push({ to, text })
    return answerOf(200, JSON.stringify({ id, results: [{}] }))
  }
  return {
    fetch,
    delivered: () => delivered,
    refuseWith(code: string) {
      refusal = code
    },
    receipts: {
      signed,
      async push() {
        const body = JSON.stringify(entries)
        return [{ method: 'POST', url: 'https://us.invalid/r', headers: { 'x-sign': markOf(body) }, body }]
      },
    },
  }
}

/** Who never gets anything. */
export const UNREACHABLE = '8613900000009'
