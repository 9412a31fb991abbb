import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { sampleSettings } from '@countersign/simulators'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ConfigError, readConfig } from '../config.ts'
import { eachServerDatabase, writeDirectly } from '../db/testing.ts'
import { createObserving } from '../observing.ts'
import { ADMIN, launch, managementToken } from '../testing/launch.ts'
import { createSpans } from './spans.ts'
import { readTraceparent, writeTraceparent } from './traceparent.ts'

const PHONE = '8613800138000'
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`

interface Span {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[]
}

/** A collector that keeps what it is handed. */
async function collector() {
  const bodies: string[] = []
  const headers: IncomingHttpHeaders[] = []
  const server = createServer(async (request, response) => {
    headers.push(request.headers)
    bodies.push(await text(request))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    headers,
    spans: (): Span[] =>
      bodies
        .flatMap(body => JSON.parse(body).resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans),
  }
}

/** What traces as the settings say. */
async function tracingBy(settings: Record<string, string>) {
  const { watchers } = await createObserving(readConfig(settings), () => {})
  return watchers.tracing!
}

const attribute = (span: Span | undefined, key: string) =>
  Object.values(span?.attributes.find(each => each.key === key)?.value ?? {})[0]

eachServerDatabase('a server that is traced', fresh => {
  test('has one trace from the click to the receipt, which names nobody', async () => {
    const { endpoint, bodies, spans } = await collector()
    const tracing = await tracingBy({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, TRUST_PROXY: '1' })
    const server = await launch({ ...(await fresh()), TRUST_PROXY: '1' }, { tracing })
    await server.connect('aliyun-sms')
    const token = await managementToken(server.endpoint)
    const call = (path: string, body: object, more: Record<string, string> = {}) =>
      fetch(`${server.endpoint}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more },
        body: JSON.stringify(body),
      })
    const sent = await call(
      '/api/verification-codes',
      { phone: PHONE },
      { traceparent: PARENT, 'x-request-id': TRACE, 'x-forwarded-for': '203.0.113.7' },
    )
    expect([sent.status, sent.headers.get('logto-core-request-id')]).toEqual([204, TRACE])
    const code = server.codeFor(`+${PHONE}`)
    await call('/api/verification-codes/verify', { phone: PHONE, verificationCode: code })
    await server.app.settled()

    expect((await fetch(`${server.endpoint}/api/health/live`)).status).toBe(200)
    const mine = () => spans().filter(({ traceId }) => traceId === TRACE)
    const named = (name: string) => mine().find(span => span.name === name)
    const attemptId = attribute(named('attempt'), 'countersign.attempt_id')
    const connectionId = attribute(named('attempt'), 'countersign.connection_id')
    await server.app.ledger.receive({
      connectionId: String(connectionId),
      connector: 'aliyun-sms',
      via: 'push',
      receipts: [{ state: 'delivered', ids: {}, attemptId: String(attemptId), to: PHONE }],
    })
    await server.app.settled()

    const chain = ['POST codes', 'send message', 'attempt']
    for (const [above, below] of [
      [chain[0], chain[1]],
      [chain[1], chain[2]],
      [chain[2], 'call POST'],
      [chain[2], 'receipt'],
    ])
      expect(named(below!)?.parentSpanId, below).toBe(named(above!)?.spanId)
    expect(named('POST codes')?.parentSpanId).toBe('00f067aa0ba902b7')
    expect(attribute(named('POST codes'), 'countersign.request_id')).toBe(TRACE)
    expect(attribute(named('send message'), 'countersign.outcome')).toBe('accepted')
    expect(attribute(named('receipt'), 'countersign.receipt')).toBe('delivered')

    expect(spans().filter(({ name }) => name === 'GET health')).toEqual([])
    const everything = bodies.join('\n')
    const { accessKeyId, accessKeySecret } = sampleSettings['aliyun-sms'] as Record<string, string>
    const secrets = { code, accessKeyId, accessKeySecret, secret: ADMIN.secret, token }
    for (const [what, secret] of Object.entries(secrets))
      expect(everything.includes(secret!), `${what} in a span`).toBe(false)
    for (const secret of [PHONE.slice(2), '203.0.113.7', '127.0.0.1', 'PhoneNumbers'])
      expect(everything.includes(secret), `${secret} in a span`).toBe(false)
  })
})

test('what the collector wants in headers goes there with the traces', async () => {
  const { endpoint, headers, spans } = await collector()
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-api-key=of%20ours')
  onTestFinished(() => void vi.unstubAllEnvs())
  const tracing = await tracingBy({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })
  await tracing.message({ usageType: 'SignIn', recipient: { channel: 'sms' } }, async () => 'accepted')
  await tracing.stop()
  expect(spans().map(({ name }) => name)).toEqual(['send message'])
  expect(headers.map(each => each['x-api-key'])).toEqual(['of ours'])
})

test.for([
  ['always_on', '0', { none: true, '01': true, '00': true }],
  ['always_off', '1', { none: false, '01': false, '00': false }],
  ['traceidratio', '0', { none: false, '01': false, '00': false }],
  ['traceidratio', '1', { none: true, '01': true, '00': true }],
  ['parentbased_always_on', '0', { none: true, '01': true, '00': false }],
  ['parentbased_always_off', '1', { none: false, '01': true, '00': false }],
  ['parentbased_traceidratio', '0', { none: false, '01': true, '00': false }],
  ['parentbased_traceidratio', '1', { none: true, '01': true, '00': false }],
] as const)(
  '%s with %s makes traces that begin here, and goes on with others, as %o',
  async ([sampler, share, made]) => {
    const { traces } = readConfig({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      OTEL_TRACES_SAMPLER: sampler,
      OTEL_TRACES_SAMPLER_ARG: share,
    })
    const { start, stop } = createSpans(traces!)
    for (const [flags, isMade] of Object.entries(made)) {
      const parent = flags === 'none' ? undefined : PARENT.replace(/01$/, flags)
      expect(start({ name: 'x', attributes: {} }, parent).isRecording(), flags).toBe(isMade)
    }
    await stop()
  },
)

eachServerDatabase('a server of whose traces none is made', fresh => {
  test('keeps no trace of an attempt, and hands nothing on when its receipt comes', async () => {
    const { endpoint, bodies } = await collector()
    const tracing = await tracingBy({
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_TRACES_SAMPLER: 'always_off',
    })
    const settings = await fresh()
    const server = await launch(settings, { tracing })
    await server.connect('aliyun-sms')
    const token = await managementToken(server.endpoint)
    const sent = await fetch(`${server.endpoint}/api/verification-codes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ phone: PHONE }),
    })
    expect(sent.status).toBe(204)
    await server.app.settled()
    let [attemptId, connectionId] = ['', '']
    await writeDirectly(settings, async db => {
      expect(await db.selectFrom('attempt_traces').selectAll().execute()).toEqual([])
      const attempt = await db.selectFrom('attempts').selectAll().executeTakeFirstOrThrow()
      attemptId = attempt.id
      connectionId = attempt.connection_id!
    })
    await server.app.ledger.receive({
      connectionId,
      connector: 'aliyun-sms',
      via: 'push',
      receipts: [{ state: 'delivered', ids: {}, attemptId, to: PHONE }],
    })
    await server.app.settled()
    expect(bodies).toEqual([])
  })
})

test('which traces are made is said in the words of OpenTelemetry', () => {
  const refused = { OTEL_TRACES_SAMPLER: 'some', OTEL_TRACES_SAMPLER_ARG: '10%' }
  expect(() => readConfig(refused)).toThrow(ConfigError)
  expect(() => readConfig(refused)).toThrow(/OTEL_TRACES_SAMPLER: must be one of always_on, .*traceidratio/)
  expect(() => readConfig(refused)).toThrow(/OTEL_TRACES_SAMPLER_ARG: must be 0 to 1/)
})

test('only what W3C Trace Context allows continues a trace', () => {
  expect(writeTraceparent(readTraceparent(PARENT)!)).toBe(PARENT)
  const bad = [
    '',
    '13800138000',
    PARENT.replace('00-', 'ff-'),
    PARENT.replace(TRACE, '0'.repeat(32)),
    `${PARENT}-x`,
  ]
  expect(bad.map(readTraceparent)).toEqual(bad.map(() => undefined))
})
