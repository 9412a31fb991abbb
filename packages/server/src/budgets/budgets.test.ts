import type { Budget } from '@countersign/api'
import { expect, test } from 'vitest'
import { eachServerDatabase } from '../db/testing.ts'
import { type Launched, launch } from '../testing/launch.ts'

const RATE = {
  to: '*',
  currency: 'CNY',
  price: 40_000,
  unit: 'segment',
  charged: 'submission',
  asOf: '2026-11',
}

/** A time zone where it is noon or a little later, so that no day turns but by the clock that a test moves. */
const noonSomewhere = () => {
  const ahead = 12 - new Date().getUTCHours()
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`
}

/** Two nodes with a cloud whose text messages cost 0.04 CNY for a segment. */
async function twoNodes(env: Record<string, string>) {
  // However busy the machine is, no answer is called late.
  const patient = { SEND_TIMEOUT: '20000', ...env }
  const nodes = [await launch(patient), await launch(patient)] as const
  const [server] = nodes
  await server.connect('tencent-sms')
  const [{ id }] = (await (await server.manage('GET', '/api/connections')).json()) as [{ id: string }]
  const priced = await server.manage('PUT', `/api/connections/${id}/prices`, { rates: [RATE] })
  expect(priced.status, await priced.text()).toBe(200)
  const sent = () => nodes.reduce((sum, { clouds }) => sum + clouds.inbox.messages().length, 0)
  const settled = () => Promise.all(nodes.map(({ app }) => app.settled()))
  const wait = (milliseconds: number) => {
    for (const node of nodes) node.wait(milliseconds)
  }
  return { server, nodes, sent, settled, wait, connectionId: id }
}

const send = (server: Launched, nth: number) =>
  server.manage('POST', '/api/verification-codes', { phone: String(8613800138000 + nth) })

async function call<T>(server: Launched, method: string, path = '', body?: object): Promise<T> {
  const answer = await server.manage(method, `/api/protection/budgets${path}`, body)
  const text = await answer.text()
  expect(answer.ok, text).toBe(true)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** What counts of the only budget. */
const current = async (server: Launched) => (await call<Budget[]>(server, 'GET'))[0]!.current

eachServerDatabase('a budget', fresh => {
  test('is never passed by parallel messages over two nodes, and refuses none while there is money', async () => {
    const { server, nodes, sent, settled, wait } = await twoNodes(await fresh())
    expect((await send(server, 0)).status).toBe(204)
    const timeZone = noonSomewhere()
    const made = { name: 'Texts', period: 'day', timeZone, hard: 400_000 }
    const budget = await call<Budget>(server, 'POST', '', made)
    // What was spent before counts.
    expect(budget.current).toMatchObject({ used: 40_000, estimated: 0, unpriced: 0, hardAt: null })
    // A message counts for two segments until the provider has said that it was one.
    const all = await Promise.all(Array.from({ length: 16 }, (_, nth) => send(nodes[nth % 2]!, nth + 1)))
    await settled()
    expect(all.filter(({ status }) => status === 204)).toHaveLength(sent() - 1)
    expect(sent()).toBeLessThanOrEqual(10)
    for (let nth = 30; nth < 36; nth += 1) {
      wait(10_000)
      await send(nodes[nth % 2]!, nth)
      await settled()
    }
    expect(sent()).toBe(9)
    await call(server, 'PATCH', `/${budget.id}`, { segments: 1 })
    expect((await send(server, 50)).status).toBe(204)
    await settled()
    const refused = await send(server, 51)
    expect(refused.status).toBe(429)
    wait(10_000)
    expect(await current(server)).toMatchObject({ used: 400_000, estimated: 0, hardAt: expect.any(Number) })
    await call(server, 'PATCH', `/${budget.id}`, { hard: 440_000 })
    expect((await send(server, 52)).status).toBe(204)
    expect((await send(server, 53)).status).toBe(429)
  })
})
