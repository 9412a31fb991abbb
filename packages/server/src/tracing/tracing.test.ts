import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { sampleSettings } from '@countersign/simulators'
import { expect, onTestFinished, test } from 'vitest'
import { eachServerDatabase } from '../db/testing.ts'
import { ADMIN, launch, managementToken } from '../testing/launch.ts'
import { readTraceparent, writeTraceparent } from './traceparent.ts'
import { createTracing } from './tracing.ts'

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
  const server = createServer(async (request, response) => {
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
    spans: (): Span[] =>
      bodies
        .flatMap(body => JSON.parse(body).resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans),
  }
}

const attribute = (span: Span | undefined, key: string) =>
  Object.values(span?.attributes.find(each => each.key === key)?.value ?? {})[0]

eachServerDatabase('a server that is traced', fresh => {
  test('has one trace from the click to the receipt, which names nobody', async () => {
    const { endpoint, bodies, spans } = await collector()
    const tracing = createTracing({ endpoint, trustProxy: 1 })
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
