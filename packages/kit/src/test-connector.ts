import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { Fetch, HttpAnswer } from './connector.ts'
import { FAILURES, type Failure } from './failures.ts'
import { DESTINATIONS } from './phone.ts'
import { SendError } from './send-error.ts'
import { describeSettings, secretKeys, settingsSchema } from './settings.ts'
import { REQUIRED_USAGE_TYPES } from './template.ts'
import { answerOf, type ConnectorSubject, messageTo, type Trial, textOf, trySend } from './test-world.ts'

export type { ConnectorSubject, TestProvider } from './test-world.ts'

/** Numbers of each destination; digits of the American one may be taken for those of a mainland number. */
const NUMBERS = { china: ['8613800138000'], overseas: ['13055552671', '85261234567'] } as const

/** How a runner takes one test, e.g. `test` of Vitest or of `node:test`. */
export type RunTest = (name: string, run: () => Promise<void>) => unknown

/**
 * The one suite that every connector passes: hands each test to the runner. It needs a stand-in for the provider
 * that checks what it is sent as the provider would, or it proves little.
 */
export function testConnector(test: RunTest, subject: ConnectorSubject): void {
  const { connector } = subject
  const schema = settingsSchema(connector.settings)
  const settings = () => schema.parse(subject.settings)
  const message = messageTo(subject)
  const send = (fetch: Fetch, options?: { deadline?: number }) => trySend(subject, settings(), fetch, options)

  test('delivers the code, with exactly one request, and returns the provider’s ids', async () => {
    const provider = subject.provider()
    const { outcome, requests } = await send(provider.fetch)
    assert.ok('sent' in outcome, `the send failed: ${describe(outcome)}`)
    assert.equal(requests.length, 1, 'a send makes exactly one request')
    const delivered = provider.delivered()
    assert.equal(delivered.length, 1, 'one message is delivered')
    assert.ok(delivered[0]!.text.includes(message.payload.code!), 'the message holds the code')
    const isThere = connector.channel === 'sms' ? delivered[0]!.to.replace(/\D/g, '') : delivered[0]!.to
    assert.equal(isThere, message.to, 'the message reaches its recipient')
    const ids = Object.values(outcome.sent.ids)
    assert.ok(ids.length > 0 && ids.every(id => typeof id === 'string' && id !== ''), 'there are ids')
  })

  test('sends no member of the payload but the code', async () => {
    const provider = subject.provider()
    const payload = { ...message.payload, locale: 'xx-Nowhere', ip: 'kq7ip', user: { name: 'kq7name' } }
    const { outcome, requests } = await trySend(subject, settings(), provider.fetch, {
      message: { ...message, payload },
    })
    assert.ok('sent' in outcome, `the send failed: ${describe(outcome)}`)
    for (const value of ['xx-Nowhere', 'kq7ip', 'kq7name'])
      assert.ok(!JSON.stringify(requests).includes(value), `${value} was sent to the provider`)
  })

  if (connector.destinations)
    test('refuses numbers where it says that it cannot send, before anything leaves', async () => {
      const served = connector.destinations!(settings())
      for (const destination of DESTINATIONS.filter(each => !served.includes(each)))
        for (const to of NUMBERS[destination]) {
          const { fetch } = subject.provider()
          const { outcome, requests } = await trySend(subject, settings(), fetch, {
            message: { ...message, to, hasCountryCode: true },
          })
          const refusal = 'error' in outcome && outcome.error instanceof SendError && outcome.error.failure
          assert.equal(refusal, 'region_unsupported', `a message to ${to}: ${describe(outcome)}`)
          assert.equal(requests.length, 0, `nothing leaves for ${to}`)
        }
    })

  test('names the failure of every code in its table', async () => {
    const wrong: string[] = []
    for (const [code, known] of Object.entries(connector.failures)) {
      const provider = subject.provider()
      provider.refuseWith(code)
      const { outcome } = await send(provider.fetch)
      const error = 'error' in outcome ? outcome.error : undefined
      if (!(error instanceof SendError) || error.failure !== known.failure || error.code !== code)
        wrong.push(`${code}: expected ${known.failure}, got ${describe(outcome)}`)
    }
    assert.deepEqual(wrong, [])
  })

  test('calls a code that is in no table unrecognized, and keeps it', async () => {
    const provider = subject.provider()
    provider.refuseWith('Countersign.NotInAnyTable')
    const error = failureOf(await send(provider.fetch), ['unrecognized'])
    assert.equal(error.code, 'Countersign.NotInAnyTable')
  })

  test('keeps the provider’s raw answer for the operator, and only its beginning', async () => {
    const provider = subject.provider()
    provider.refuseWith('Countersign.NotInAnyTable')
    const { answer } = failureOf(await send(provider.fetch), ['unrecognized'])
    assert.ok(answer?.body?.includes('Countersign.NotInAnyTable'), 'the raw answer is kept')
    assert.equal(typeof answer?.status, 'number')
    const long = failureOf(await send(async () => answerOf(500, 'x'.repeat(100_000))), ['provider_fault'])
    assert.ok((long.answer?.body?.length ?? 0) <= 8192, 'a long answer is cut')
  })

  test('explains every code in English and Chinese, with its source', async () => {
    for (const [code, { failure, meaning, remedy, source }] of Object.entries(connector.failures)) {
      assert.ok(Object.hasOwn(FAILURES, failure), `${code}: ${failure} is not a failure`)
      for (const text of [meaning.en, meaning['zh-CN'], remedy.en, remedy['zh-CN'], source])
        assert.ok(text.trim() !== '', `${code} lacks a text`)
    }
  })

  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED', 'UND_ERR_CONNECT_TIMEOUT'])
    test(`calls a network that fails with ${code} unreachable, and knows that nothing was sent`, async () => {
      const error = failureOf(await send(failing(code)), ['unreachable'])
      assert.equal(error.maybeSent, false)
    })

  for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT'])
    test(`calls a network that fails with ${code} unreachable, and that the message may be out`, async () => {
      const error = failureOf(await send(failing(code)), ['unreachable'])
      assert.equal(error.maybeSent, true)
    })

  for (const [name, fetch] of Object.entries(hangs))
    test(`gives up at its deadline when ${name}`, async () => {
      const error = failureOf(await send(fetch, { deadline: 40 }), ['unreachable', 'provider_fault'])
      assert.equal(error.maybeSent, true)
    })

  for (const [name, answer] of Object.entries(nonAnswers))
    test(`takes ${name} for no answer`, async () => {
      const error = failureOf(await send(async () => answer()), ['unreachable', 'provider_fault'])
      assert.equal(error.maybeSent, true)
    })

  test('takes a cut-off answer, a broken-off one and a success with a bad status for no answer', async () => {
    const answer = await textOf(
      await subject.provider().fetch(...(await requestOf(send, subject.provider().fetch))),
    )
    const half = answer.slice(0, Math.floor(answer.length / 2))
    for (const given of [() => answerOf(200, half), () => brokenOff(half), () => answerOf(500, answer)])
      failureOf(await send(async () => given()), ['unreachable', 'provider_fault'])
  })

  test('stops reading an answer that does not end', async () => {
    let closed = false
    const endless = async function* () {
      try {
        for (;;) yield new Uint8Array(65_536).fill(0x20)
      } finally {
        closed = true
      }
    }
    const answer: HttpAnswer = { status: 200, headers: { get: () => null }, body: endless() }
    failureOf(await send(async () => answer), ['unreachable', 'provider_fault'])
    assert.ok(closed, 'the answer’s body is let go')
  })

  test('keeps code, number and secrets out of its errors, even when the provider repeats them', async () => {
    const secrets = secretKeys(connector.settings).flatMap(key =>
      subject.settings[key] === undefined ? [] : [String(subject.settings[key])],
    )
    const number = connector.channel === 'sms' ? message.to.slice(-10) : message.to
    const needles = [message.payload.code!, number, ...secrets]
    const everything = (...[url, init]: Parameters<Fetch>) =>
      [url, decodeURIComponent(url), JSON.stringify(init.headers), init.body ?? '', ...needles].join(' ')

    const repeating: Fetch[] = [
      async (...request) => answerOf(500, `<html>${everything(...request)}</html>`),
      async (...request) => answerOf(200, everything(...request)),
      (...request) => Promise.reject(new TypeError(everything(...request), { cause: failure('ECONNRESET') })),
      (...request) => Promise.reject(Object.assign(new Error('x'), { code: everything(...request) })),
      ...needles.map(
        (needle): Fetch =>
          refusing(
            code => `Echo.${needle}.${code}`,
            () => 'no',
          ),
      ),
      ...needles.map(
        (needle): Fetch =>
          refusing(
            () => needle,
            () => 'no',
          ),
      ),
      ...Object.keys(connector.failures)
        .slice(-3)
        .map((code): Fetch => refusing(() => code, everything)),
      refusing(code => code, everything),
    ]
    function refusing(code: (code: string) => string, said: typeof everything): Fetch {
      return async (...request) => {
        const provider = subject.provider()
        provider.refuseWith('Countersign.Echo')
        const answer = await provider.fetch(...request)
        const body = repeat(JSON.parse(await textOf(answer)), text =>
          text === 'Countersign.Echo' ? code(text) : said(...request),
        )
        return answerOf(answer.status, JSON.stringify(body))
      }
    }
    for (const fetch of repeating) {
      const { outcome } = await send(fetch)
      assert.ok('error' in outcome, 'nothing was delivered')
      const { error } = outcome
      assert.ok(error instanceof SendError, `only SendError is thrown: ${inspect(error)}`)
      const shown = [error.message, error.stack, JSON.stringify(error), String(error), error.cause]
      const text = [...shown, inspect(error, { depth: 12, showHidden: true })].map(String).join('\n')
      for (const needle of needles)
        assert.ok(!text.includes(needle), `an error shows ${needle}: ${text.slice(0, 400)}`)
    }
  })

  test('refuses a configuration with a field missing or empty, and names the field', async () => {
    settings()
    for (const { key, required, row } of describeSettings(connector.settings)) {
      if (!required) continue
      const { [key]: _, ...without } = subject.settings
      assertNames(without, [key])
      if (!row) {
        assertNames({ ...subject.settings, [key]: '' }, [key])
        continue
      }
      const rows = subject.settings[key] as Record<string, unknown>[]
      for (const usageType of REQUIRED_USAGE_TYPES) {
        const fewer = rows.filter(each => each.usageType !== usageType)
        const issues = assertNames({ ...subject.settings, [key]: fewer }, [key])
        assert.ok(issues.includes(usageType), `${usageType} is named`)
      }
      for (const field of Object.keys(row)) {
        if (!row[field]!.required) continue
        const [{ [field]: _gone, ...first }, ...others] = rows as [Record<string, unknown>]
        assertNames({ ...subject.settings, [key]: [first, ...others] }, [key, 0, field])
      }
    }
  })

  function assertNames(configuration: unknown, path: (string | number)[]): string {
    const result = schema.safeParse(configuration)
    const name = path.join('.')
    assert.ok(!result.success, `a configuration without ${name} is accepted`)
    const named = result.error.issues.filter(issue => issue.path.join('.') === name)
    assert.ok(named.length > 0, `no issue names ${name}: ${result.error.message}`)
    return named.map(issue => issue.message).join('\n')
  }
}

function describe(outcome: Trial['outcome']): string {
  return 'sent' in outcome ? 'a success' : String(outcome.error)
}

/** Asserts that the send made one request and threw a `SendError` of one of the given failures; returns it. */
function failureOf({ outcome, requests }: Trial, expected: Failure[]): SendError {
  assert.ok('error' in outcome, 'the send succeeded')
  const { error } = outcome
  assert.ok(error instanceof SendError, `only SendError is thrown: ${inspect(error)}`)
  assert.ok(expected.includes(error.failure), `expected ${expected.join(' or ')}, got ${error.message}`)
  assert.equal(requests.length, 1, 'a send makes exactly one request')
  return error
}

const failure = (code: string) => Object.assign(new Error(code), { code })

/** A fetch that fails as the platform's does, the reason in its cause. */
const failing =
  (code: string): Fetch =>
  () =>
    Promise.reject(new TypeError('fetch failed', { cause: failure(code) }))

const never = () => new Promise<never>(() => {})

const hangs: Record<string, Fetch> = {
  'no answer comes': (_, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  'no answer comes and fetch does not heed its signal': never,
  'the answer stops half-way': async () => ({
    status: 200,
    headers: { get: () => null },
    body: (async function* () {
      yield new TextEncoder().encode('{"Co')
      await never()
    })(),
  }),
}

const nonAnswers: Record<string, () => HttpAnswer> = {
  'a 500 with HTML': () => answerOf(500, '<html><h1>500 Internal Server Error</h1></html>'),
  'a 503 without a body': () => answerOf(503),
  'HTML with status 200': () => answerOf(200, '<!doctype html><title>Welcome</title>'),
  'an empty body': () => answerOf(200, ''),
  'an absent body': () => answerOf(200),
  'JSON that is no object': () => answerOf(200, '"OK"'),
  'a JSON array': () => answerOf(200, '[{}]'),
  'JSON null': () => answerOf(200, 'null'),
  'an object without members': () => answerOf(200, '{}'),
  'bytes that are no text': () => answerOf(200, '\u0000\ufffd\u0001'),
}

function brokenOff(text: string): HttpAnswer {
  const body = (async function* () {
    yield new TextEncoder().encode(text)
    throw new TypeError('terminated', { cause: failure('UND_ERR_SOCKET') })
  })()
  return { status: 200, headers: { get: () => null }, body }
}

/** The request that the connector makes, to be put to another stand-in. */
async function requestOf(send: (fetch: Fetch) => Promise<Trial>, fetch: Fetch): Promise<Parameters<Fetch>> {
  let seen: Parameters<Fetch> | undefined
  await send((...request) => {
    seen = request
    return fetch(...request)
  })
  assert.ok(seen, 'a send makes exactly one request')
  return [seen[0], { ...seen[1], signal: AbortSignal.timeout(20_000) }]
}

/** The value with every text in it replaced. */
function repeat(value: unknown, say: (text: string) => string): unknown {
  if (typeof value === 'string') return say(value)
  if (Array.isArray(value)) return value.map(each => repeat(each, say))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, repeat(each, say)]))
}
