import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { eachServerDatabase } from '../db/testing.ts'
import { launch } from '../testing/launch.ts'
import { askForCode, byPhone, INBOX, PHONE } from '../testing/visitor.ts'
import { areaOf, bounded, methodOf } from './labels.ts'
import { createMetrics, type Standing } from './metrics.ts'

const TOKEN = 'Zq81vXoP3nTkR7cWm5LdYb2H'

const failed = (error: unknown) => {
  throw error
}

const NOTHING: Standing = {
  connections: async () => [],
  budgets: async () => [],
  messages: async () => [],
  queues: async () => ({}),
  pool: async () => ({}),
}

/** The value of a series: `figureOf(text, 'countersign_sign_ins_total{event="SignIn"}')`. */
const figureOf = (text: string, series: string): number | undefined => {
  const line = text.split('\n').find(each => each.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length))
}

eachServerDatabase('a server that is measured', fresh => {
  test('tells of messages, codes, budgets, queues and the database, and names nobody', async () => {
    const metrics = createMetrics({ token: TOKEN, failed })
    const server = await launch({ ...(await fresh()), METRICS_TOKEN: TOKEN }, { metrics })
    await server.connect('aliyun-sms')
    const budget = await server.manage('POST', '/api/protection/budgets', {
      name: 'All text messages',
      period: 'day',
      hard: 20_000_000,
    })
    const { id } = (await budget.json()) as { id: string }
    const send = () => server.manage('POST', '/api/verification-codes', { phone: PHONE })
    const verify = (verificationCode: string) =>
      server.manage('POST', '/api/verification-codes/verify', { phone: PHONE, verificationCode })
    expect((await send()).status).toBe(204)
    const code = server.codeFor(`+${PHONE}`)
    await verify(code === '000000' ? '111111' : '000000')
    expect((await verify(code)).status).toBe(204)
    // It may have left, so nobody is told that it has not.
    server.clouds.control.setFault({ kind: 'http-503' })
    expect((await send()).status).toBe(204)
    await server.app.settled()

    // Without a port of their own they are at the console's, beside what that answers.
    const place = await servedBy(server.app.consoleHandler)
    expect((await fetch(`${place}/metrics`)).status).toBe(401)
    expect((await fetch(`${place}/api/health/live`)).status).toBe(200)
    expect((await fetch(`${server.endpoint}/metrics`)).status).toBe(404)
    const answer = await fetch(`${place}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })
    const text = await answer.text()
    const counted = text.split('\n').filter(line => line.startsWith('countersign_send_attempts_total'))
    expect(counted.join('\n')).toMatch(/connector="aliyun-sms",outcome="accepted",failure="none"\} 1$/m)
    expect(counted.join('\n')).toMatch(/outcome="unconfirmed",failure="provider_fault"\} 1$/m)
    const series: [string, number][] = [
      ['countersign_codes_checked_total{result="right"}', 1],
      ['countersign_codes_checked_total{result="verification_code.code_mismatch"}', 1],
      ['countersign_messages_last_hour{channel="sms",what="sent"}', 2],
      ['countersign_messages_last_hour{channel="sms",what="verified"}', 1],
      ['countersign_queue_waiting{queue="webhooks"}', 0],
      ['countersign_queue_waiting{queue="receipts"}', 0],
      [`countersign_budget_amount{budget="${id}",currency="CNY",level="hard"}`, 20],
    ]
    for (const [name, value] of series) expect(figureOf(text, name), name).toBe(value)
    expect(figureOf(text, `countersign_budget_used{budget="${id}",currency="CNY"}`)).toBeGreaterThan(0)
    expect(text).toMatch(/countersign_connection_state\{.*connector="aliyun-sms",state="healthy"\} 1/)
    for (const source of ['connections', 'budgets', 'messages', 'queues', 'pool'])
      expect(figureOf(text, `countersign_source_up{source="${source}"}`), source).toBe(1)
    for (const kind of ['select', 'insert', 'update'])
      expect(
        figureOf(text, `countersign_database_statement_seconds_count{kind="${kind}"}`),
        kind,
      ).toBeGreaterThan(0)
    const area = 'listener="public",area="codes",method="POST",status="204"'
    expect(figureOf(text, `countersign_http_requests_total{${area}}`)).toBe(3)
    await server.manage('PATCH', '/api/sign-in-exp', byPhone)
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    server.clouds.control.setFault(null)
    server.wait(61_000)
    const visitor = await server.visit()
    await visitor.submit(await askForCode(visitor), { code: server.codeFor(INBOX) })
    expect(figureOf(await metrics.text(), 'countersign_sign_ins_total{event="SignIn"}')).toBe(1)
    for (const secret of [PHONE.slice(2), code, '127.0.0.1'])
      expect((await metrics.text()).includes(secret), `${secret} in the metrics`).toBe(false)
  })
})

/** Answers with metrics at an address of its own. */
const served = (metrics: ReturnType<typeof createMetrics>) =>
  servedBy((request, response) => void (metrics.answer(request, response) || response.writeHead(404).end()))

async function servedBy(handler: RequestListener): Promise<string> {
  const server = createServer(handler)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('who asks for metrics brings the token', async () => {
  const place = await served(createMetrics({ token: TOKEN, failed }))
  const ask = async (authorization: string, path = '/metrics', method = 'GET') =>
    (await fetch(`${place}${path}`, { method, headers: { authorization } })).status
  expect(await ask('')).toBe(401)
  expect(await ask(`Bearer ${TOKEN.slice(1)}`)).toBe(401)
  expect(await ask(TOKEN)).toBe(401)
  expect(await ask(`Bearer ${TOKEN}`)).toBe(200)
  expect(await ask(`Bearer ${TOKEN}`, '/metrics', 'POST')).toBe(405)
  expect(await ask(`Bearer ${TOKEN}`, '/other')).toBe(404)
})

test('whoever asks hears that metrics cannot be written, and the log why', async () => {
  const failures: unknown[] = []
  const metrics = createMetrics({ failed: error => failures.push(error) })
  metrics.watch({ ...NOTHING, queues: async () => ({ webhooks: 'many' as never }) })
  expect((await fetch(`${await served(metrics)}/metrics`)).status).toBe(500)
  expect(failures).toEqual([expect.objectContaining({ message: expect.stringContaining('many') })])
})

describe('what stands in the database', () => {
  test('is asked for once in five seconds, however many ask', async () => {
    const metrics = createMetrics({ failed })
    let now = 0
    let asked = 0
    const queues = async () => ({ webhooks: ++asked })
    metrics.watch({ ...NOTHING, queues }, () => now)
    await Promise.all([metrics.text(), metrics.text()])
    now = 4_999
    expect(figureOf(await metrics.text(), 'countersign_queue_waiting{queue="webhooks"}')).toBe(1)
    now = 5_000
    expect(figureOf(await metrics.text(), 'countersign_queue_waiting{queue="webhooks"}')).toBe(2)
  })

  test('is left out when it cannot be read, or is late, and its source is down', async () => {
    const metrics = createMetrics({ failed })
    let now = 0
    let queues: Standing['queues'] = async () => ({ webhooks: 3 })
    metrics.watch({ ...NOTHING, queues: () => queues() }, () => now)
    expect(await metrics.text()).toContain('countersign_queue_waiting{queue="webhooks"} 3')
    now = 5_000
    queues = () => Promise.reject(new Error('the database is away'))
    const text = await metrics.text()
    expect(text).not.toContain('countersign_queue_waiting{')
    expect(figureOf(text, 'countersign_source_up{source="queues"}')).toBe(0)
    expect(figureOf(text, 'countersign_source_up{source="budgets"}')).toBe(1)
  })
})

describe('labels', () => {
  test('are of a closed list, whatever strangers write', () => {
    expect(areaOf('/oidc/auth?client_id=x')).toBe('oidc')
    expect(areaOf('/api/experience/verification')).toBe('experience')
    expect(areaOf('/api/users/u1')).toBe('management')
    expect(areaOf('/api/health/ready?x')).toBe('health')
    expect(areaOf('/api/status/../users')).toBe('management')
    expect(areaOf('/13800138000')).toBe('pages')
    expect(areaOf('')).toBe('pages')
    expect([methodOf('GET'), methodOf('13800138000')]).toEqual(['GET', 'other'])
  })

  test('are so many at most', () => {
    const two = bounded(2)
    expect(['a', 'b', 'c', 'a'].map(two)).toEqual(['a', 'b', 'other', 'a'])
  })
})
