import { describe, expect, test } from 'vitest'
import {
  chooseTemplate,
  DESTINATIONS,
  defineConnector,
  type Failure,
  type Fetch,
  optionalText,
  SendError,
  secret,
  templates,
  text,
} from './index.ts'
import { type ConnectorSubject, testConnector } from './test-connector.ts'
import { answerOf, textOf } from './test-world.ts'

/** What a mistake can change in the toy connector below. */
const RIGHT = {
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
  key: secret({ label: { en: 'Key', 'zh-CN': '密钥' } }) as ReturnType<typeof optionalText>,
}
type Mistake = Partial<typeof RIGHT>

const NEVER_LEFT = ['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED', 'UND_ERR_CONNECT_TIMEOUT']
const both = { en: 'x', 'zh-CN': 'x' }

/** A connector for the toy provider, right but for the given mistake. */
function toyConnector(mistake: Mistake = {}) {
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
    async send(message, settings, world) {
      const { to, payload } = message
      const { templateCode: template = '' } =
        way.choose(settings.templates, message.usageType, payload.locale, message.fallbackLocale) ?? {}
      const pairs = { key: settings.key ?? '', name: settings.name, to, template, code: payload.code ?? '' }
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
          return { ids: { id: parsed.id } }
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

function parse(text: string) {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const NAME = 'Ada & Söhne 50%+'

/** Refuses as real clouds do: some codes above, some beside the recipient, all with HTTP 200. */
function toyProvider() {
  const delivered: { to: string; text: string }[] = []
  let refusal: string | undefined
  const fetch: Fetch = async (_url, { body }) => {
    const form = new URLSearchParams(body)
    if (refusal === 'E2') return answerOf(200, JSON.stringify({ id: '1', results: [{ error: refusal }] }))
    if (refusal !== undefined) return answerOf(200, JSON.stringify({ error: refusal, said: 'no' }))
    if (form.get('name') !== NAME) return answerOf(200, JSON.stringify({ error: 'E1' }))
    delivered.push({ to: form.get('to') ?? '', text: `${form.get('template')} ${form.get('code')}` })
    return answerOf(200, JSON.stringify({ id: '1', results: [{}] }))
  }
  return {
    fetch,
    delivered: () => delivered,
    refuseWith(code: string) {
      refusal = code
    },
  }
}

const subject = (mistake?: Mistake): ConnectorSubject => ({
  connector: toyConnector(mistake),
  settings: {
    key: 'toy-secret-key',
    name: NAME,
    templates: ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map(usageType => ({
      usageType,
      templateCode: 't',
    })),
  },
  provider: toyProvider,
})

/** The names of the tests that a connector does not pass. */
async function failedTests(mistake: Mistake): Promise<string> {
  const tests: [string, () => Promise<void>][] = []
  testConnector((name, run) => tests.push([name, run]), subject(mistake))
  const results = await Promise.all(
    tests.map(([name, run]) =>
      run().then(
        () => '',
        () => name,
      ),
    ),
  )
  return results.filter(name => name !== '').join('\n')
}

describe('the suite, for a connector that is right', () => {
  testConnector(test, subject())
})

describe('the suite finds a connector that', () => {
  const mistakes: [string, Mistake, string][] = [
    ['encodes wrongly', { encode: value => value }, 'delivers the code'],
    [
      'reads only one of two layers of errors',
      { refused: body => body.error },
      'names the failure of every code',
    ],
    [
      'sends where it says that it cannot',
      { serves: ['china'] },
      'refuses numbers where it says that it cannot send',
    ],
    [
      'has one template for readers of all languages',
      { choose: rows => rows[0] },
      'chooses the template in the reader’s language',
    ],
    [
      'knows no fallback language',
      { choose: (rows, usageType, locale) => chooseTemplate(rows, usageType, locale) },
      'chooses the template in the reader’s language',
    ],
    ['takes any answer for a success', { refused: () => undefined }, 'names the failure of every code'],
    ['maps a code wrongly', { failureOf: () => 'unrecognized' }, 'names the failure of every code'],
    [
      'guesses at codes it does not know',
      { failureOf: code => (code === 'E1' ? 'throttled' : 'recipient_blocked') },
      'calls a code that is in no table unrecognized',
    ],
    [
      'puts the secret into a message',
      {
        toError(error, secret) {
          error.message += ` with the key ${secret}`
          return error
        },
      },
      'keeps code, number and secrets out',
    ],
    [
      'hangs the request on its error',
      { toError: (error, _secret, body) => Object.assign(error, { request: { body } }) },
      'keeps code, number and secrets out',
    ],
    [
      'throws something else than SendError',
      { toError: () => new Error('it failed') },
      'names the failure of every code',
    ],
    [
      'passes the locale on',
      { extra: payload => `&all=${JSON.stringify(payload)}` },
      'sends no member of the payload',
    ],
    [
      'tries again by itself',
      {
        fetch: fetch => async (url, init) => {
          await fetch(url, init).catch(() => undefined)
          return await fetch(url, init)
        },
      },
      'delivers the code, with exactly one request',
    ],
    ['says of every failure that nothing was sent', { maybeSent: () => false }, 'with ECONNRESET'],
    ['says of every failure that something was sent', { maybeSent: () => true }, 'with ECONNREFUSED'],
    ['throws the raw answer away', { keepsAnswer: false }, 'keeps the provider’s raw answer'],
    ['has no deadline', { heedsDeadline: false }, 'gives up at its deadline'],
    [
      'accepts a configuration without its key',
      { key: { ...RIGHT.key, schema: optionalText({ label: both }).schema } },
      'refuses a configuration',
    ],
  ]

  test.each(mistakes)('%s', async (_, mistake, name) => {
    expect(await failedTests(mistake)).toContain(name)
  })
})

test('the text of an answer is read over the borders of its pieces', async () => {
  expect(await textOf(answerOf(200, '{"a":', '"验"}'))).toBe('{"a":"验"}')
})
