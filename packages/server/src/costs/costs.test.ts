import type { CostSums, MessageEntry, Prices } from '@countersign/api'
import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { eachServerDatabase } from '../db/testing.ts'
import { ADMIN, type Launched, launch } from '../testing/launch.ts'
import { type ConsoleCall, signInOperator } from '../testing/operator.ts'

const MAINLAND = '8613800138001'
const HONG_KONG = '85261234567'

const templates = (sampleSettings['tencent-sms'].templates as { templateCode: string }[]).map(row => ({
  ...row,
  templateCode: { china: row.templateCode, overseas: '1000021' },
}))

/** Sends a code; `uses` it too. */
async function send(server: Launched, to: { phone: string } | { email: string }, uses = false) {
  const sent = await server.manage('POST', '/api/verification-codes', to)
  expect(sent.status, await sent.text()).toBe(204)
  if (!uses || !('phone' in to)) return
  const verificationCode = server.codeFor(`+${to.phone}`)
  const used = await server.manage('POST', '/api/verification-codes/verify', { ...to, verificationCode })
  expect(used.status).toBe(204)
}

async function sums(operator: ConsoleCall, query: Record<string, string> = {}): Promise<CostSums> {
  const answer = await operator('GET', `/api/console/costs?${new URLSearchParams(query)}`)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return (await answer.json()) as CostSums
}

async function connectionId(server: Launched, connectorId: string): Promise<string> {
  const all = (await (await server.manage('GET', '/api/connections')).json()) as {
    id: string
    connectorId: string
  }[]
  return all.find(each => each.connectorId === connectorId)!.id
}

const TENCENT = 'tencent-short-message-service'
const prices = async (server: Launched, method: string, body?: object) => {
  const path = `/api/connections/${await connectionId(server, TENCENT)}/prices`
  return server.manage(method, path, body)
}

const RATE = { currency: 'CNY', price: 41_000, unit: 'segment', charged: 'submission', asOf: '2026-11' }

eachServerDatabase('the costs of messages', fresh => {
  test('are summed up by day, country, connection and application, each currency apart', async () => {
    const server = await launch(await fresh())
    await server.connect('tencent-sms', { templates })
    await server.connect('aliyun-dm')
    const operator = await signInOperator(server.app)
    const rates = [
      { ...RATE, to: '86' },
      { ...RATE, to: 'HK', currency: 'USD', price: 48_430 },
    ]
    expect((await prices(server, 'PUT', { rates })).status).toBe(200)
    await send(server, { phone: MAINLAND }, true)
    await send(server, { phone: '8613800138002' })
    await send(server, { phone: HONG_KONG })
    // Nobody wrote what a message to the United States costs.
    await send(server, { phone: '12125550123' })
    await send(server, { email: 'ada@example.com' })
    const cny = (amount: number) => ({ currency: 'CNY', amount, estimated: 0 })
    const usd = { currency: 'USD', amount: 48_430, estimated: 0 }
    const byDay = await sums(operator)
    expect(byDay.groups).toHaveLength(30)
    expect(byDay.total).toMatchObject({ sent: 5, verified: 1, unpriced: 1, costs: [cny(84_000), usd] })
    expect(byDay.groups.at(-1)).toEqual({ key: byDay.to, ...byDay.total })
    expect(byDay).toMatchObject({ timeZone: 'UTC', isCut: false, keptDays: expect.any(Number) })
    const brief = ({ groups }: CostSums) =>
      groups.map(({ key, sent, unpriced, costs }) => [key, sent, unpriced, costs])
    expect(brief(await sums(operator, { by: 'country' }))).toEqual([
      ['CN', 2, 0, [cny(82_000)]],
      ['HK', 1, 0, [usd]],
      ['US', 1, 1, []],
      [null, 1, 0, [cny(2_000)]],
    ])
    const id = await connectionId(server, TENCENT)
    const byConnection = await sums(operator, { by: 'connection' })
    expect(byConnection.groups[0]).toMatchObject({ key: id, sent: 4, costs: [cny(82_000), usd] })
    expect(brief(await sums(operator, { by: 'application' }))).toEqual([[ADMIN.id, 5, 1, [cny(84_000), usd]]])
    expect((await sums(operator, { country: 'HK', connectionId: id })).total).toMatchObject({
      sent: 1,
      costs: [usd],
    })
    expect((await sums(operator, { applicationId: 'other' })).total.sent).toBe(0)
  })

  test('stay what they were when prices change, and stand with each message', async () => {
    const server = await launch(await fresh())
    await server.connect('tencent-sms')
    const operator = await signInOperator(server.app)
    await send(server, { phone: MAINLAND })
    server.wait(2000)
    expect((await prices(server, 'PUT', { rates: [{ ...RATE, to: 'CN' }] })).status).toBe(200)
    await send(server, { phone: '8613800138002' })
    const listed = await operator('GET', '/api/console/messages')
    const messages = (await listed.json()) as MessageEntry[]
    expect(messages.map(({ attempts: [one] }) => [one!.segments, one!.cost])).toEqual([
      [1, { amount: 41_000, currency: 'CNY', charged: 'submission', isEstimate: false }],
      [1, { amount: 50_000, currency: 'CNY', charged: 'submission', isEstimate: false }],
    ])
    expect((await sums(operator)).total.costs).toEqual([{ currency: 'CNY', amount: 91_000, estimated: 0 }])
  })
})

test('days begin where the operator’s clocks say so, and span 400 of them at most', async () => {
  const server = await launch()
  await server.connect('tencent-sms')
  const operator = await signInOperator(server.app)
  await send(server, { phone: MAINLAND })
  // Between these two it is never the same day.
  const [west, east] = [
    await sums(operator, { timeZone: 'Pacific/Pago_Pago' }),
    await sums(operator, { timeZone: 'Pacific/Kiritimati' }),
  ]
  expect(Date.parse(east.to)).toBeGreaterThan(Date.parse(west.to))
  for (const { groups, to } of [west, east])
    expect(groups.filter(({ sent }) => sent > 0).map(({ key }) => key)).toEqual([to])
  const refused = async (query: Record<string, string>) => {
    const answer = await operator('GET', `/api/console/costs?${new URLSearchParams(query)}`)
    const { details } = (await answer.json()) as { details: string }
    return [answer.status, details]
  }
  expect(await refused({ from: '2024-01-01', to: '2026-01-01' })).toEqual([
    400,
    'Error in key path "from": (custom) at most 400 days at once',
  ])
  expect((await refused({ from: '2026-02-30' }))[1]).toContain('"from": (custom) there is no such day')
  expect((await refused({ from: '2026-02-02', to: '2026-02-01' }))[1]).toContain('"to"')
  expect((await refused({ timeZone: 'Mars/Olympus' }))[1]).toContain('such as Asia/Shanghai')
  const whole = await sums(operator, { from: '2025-01-01', to: '2026-02-04', timeZone: 'Europe/Berlin' })
  expect(whole.groups).toHaveLength(400)
})

test('sums are a table in CSV with the names of what they are broken down by', async () => {
  const server = await launch()
  await server.connect('tencent-sms')
  const operator = await signInOperator(server.app)
  const id = await connectionId(server, TENCENT)
  await server.manage('PATCH', `/api/connections/${id}`, { name: '=主通道, "甲"' })
  await send(server, { phone: MAINLAND })
  const answer = await operator('GET', '/api/console/costs.csv?by=connection')
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="costs-[\d-]+\.csv"$/)
  expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer())).toBe(
    '\uFEFFconnection,name,sent,delivered,undelivered,verified,without price,CNY,CNY estimated\r\n' +
      `${id},"'=主通道, ""甲""",1,0,0,0,0,0.05,0\r\n`,
  )
})

test('the prices of a connection are those of its connector until somebody writes others', async () => {
  const server = await launch()
  await server.connect('tencent-sms')
  const read = async (answer: Response) => (await answer.json()) as Prices
  const first = await read(await prices(server, 'GET'))
  expect(first).toMatchObject({ isOwn: false, list: { name: { en: 'Chinese site' } } })
  expect(first.rates).toEqual(first.list!.rates)
  const own = await read(await prices(server, 'PUT', { rates: [{ ...RATE, to: '*', price: null }] }))
  expect(own).toMatchObject({ isOwn: true, rates: [{ to: '*', price: null, source: '' }] })
  expect(own.list).toEqual(first.list)
  expect(await read(await prices(server, 'DELETE'))).toEqual(first)
  for (const [change, said] of [
    [{ to: '+86' }, 'digits that numbers begin with'],
    [{ to: 'XX' }, 'digits that numbers begin with'],
    [{ currency: 'yuan' }, 'three letters of a currency'],
    [{ price: 0.5 }, 'price'],
    [{ price: -1 }, 'price'],
    [{ asOf: 'today' }, 'such as 2026-01-31'],
  ] as const) {
    const answer = await prices(server, 'PUT', { rates: [{ ...RATE, to: 'CN', ...change }] })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(said)
  }
  const twice = [
    { ...RATE, to: 'CN' },
    { ...RATE, to: 'CN' },
  ]
  expect((await prices(server, 'PUT', { rates: twice })).status).toBe(400)
  expect((await server.manage('GET', '/api/connections/none/prices')).status).toBe(404)
})
