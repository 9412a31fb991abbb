import type { Refusals } from '@countersign/api'
import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { eachServerDatabase } from '../db/testing.ts'
import { call, code } from '../testing/calls.ts'
import { launch } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'
import { askForCode, ready } from '../testing/visitor.ts'
import { DEFAULT_LIMITS } from './policy.ts'

const OFFICE = '8.8.8.8'
const numberOf = (n: number) => `8613911${String(n).padStart(6, '0')}`

eachServerDatabase('limits of sends', fresh => {
  test('let all of an office in, whose people use their codes, and stop a flood from there', async () => {
    const server = await launch({}, await fresh())
    await server.connect('aliyun-sms')
    const send = (n: number) =>
      call(server, 'POST', '/api/verification-codes', { phone: numberOf(n), clientAddress: OFFICE })
    const { hour } = DEFAULT_LIMITS.sms.address
    for (let n = 0; n < hour! + 20; n += 1) {
      expect(await send(n), String(n)).toMatchObject({ status: 204 })
      // One in five mistypes a number, or loses patience.
      if (n % 5 === 0) continue
      const verificationCode = server.codeFor(`+${numberOf(n)}`)
      const used = await call(server, 'POST', '/api/verification-codes/verify', {
        phone: numberOf(n),
        verificationCode,
      })
      expect(used.status).toBe(204)
    }
    const flood = []
    for (let n = 200; n < 280; n += 1) flood.push((await send(n)).status)
    expect(flood.filter(status => status === 204).length).toBeLessThanOrEqual(hour!)
    // As a back end on Node knows the same address.
    const mapped = { phone: numberOf(300), clientAddress: `::ffff:${OFFICE}` }
    const refused = await call(server, 'POST', '/api/verification-codes', mapped)
    expect(refused).toMatchObject(code(429, 'request.message_rate_limited'))
    expect(refused.body.data.retryAfter).toBeGreaterThan(3000)
    const elsewhere = { phone: numberOf(300), clientAddress: '8.8.4.4' }
    expect(await call(server, 'POST', '/api/verification-codes', elsewhere)).toMatchObject({ status: 204 })
    const preview = async (address: object) =>
      (await call(server, 'POST', '/api/protection/limits/preview', { sms: { address }, email: {} })).body
    // All but one came from the office. The tenth that was not used is number 45; of those behind it 28 were used.
    const left = hour! + 20 + flood.filter(status => status === 204).length + 1
    expect(await preview({ hour: 10 })).toMatchObject({
      messages: left,
      isCut: false,
      refused: left - 1 - 46,
      used: 28,
    })
    expect(await preview({ hour: hour! })).toMatchObject({ messages: left, refused: 0, used: 0 })
    const operator = await signInOperator(server.app)
    const refusals = await operator('GET', '/api/console/messages?state=refused')
    expect(((await refusals.json()) as unknown[])[0]).toMatchObject({
      reason: 'limit_address',
      recipient: '+86 139****0300',
    })
    const counted = await operator('GET', '/api/console/messages/refusals')
    expect(await counted.json()).toEqual({
      reasons: [{ reason: 'limit_address', times: flood.filter(status => status === 429).length + 1 }],
      isCut: false,
      // A back end asked for all of them.
      visitors: { messages: 0, known: 0 },
    })
  })
})

test('limits of sends are read, set as a whole, and taken back; blocks are listed', async () => {
  const server = await launch()
  expect(await call(server, 'GET', '/api/protection/blocks')).toEqual({ status: 200, body: [] })
  const unknown = await call(server, 'DELETE', '/api/protection/blocks/unknown')
  expect(unknown).toMatchObject(code(404, 'entity.not_found'))
  const path = '/api/protection/limits'
  const get = async () => (await call(server, 'GET', path)).body
  expect(await get()).toEqual({ limits: DEFAULT_LIMITS, isDefault: true })
  const limits = { sms: { all: { day: 5000 }, country: { hour: 100 } }, email: {} }
  const none = { pause: null, minute: null, hour: null, day: null }
  const put = await call(server, 'PUT', path, limits)
  expect(put.body).toMatchObject({
    isDefault: false,
    limits: { sms: { all: { ...none, day: 5000 }, country: { ...none, hour: 100 }, address: none } },
  })
  for (const [wrong, where] of [
    [{ sms: { all: { day: 0 } }, email: {} }, 'sms.all.day'],
    [{ sms: {}, email: { prefix: { day: 1 } } }, 'email'],
    [{ sms: {} }, 'email'],
    [{ sms: { address: { hour: 1.5 } }, email: {} }, 'sms.address.hour'],
  ] as const) {
    const refused = await call(server, 'PUT', path, wrong)
    expect(refused).toMatchObject(code(400, 'guard.invalid_input'))
    expect(JSON.stringify(refused.body)).toContain(where)
  }
  const address = await call(server, 'POST', '/api/verification-codes', {
    phone: numberOf(1),
    clientAddress: 'here',
  })
  expect(JSON.stringify(address.body)).toContain('clientAddress')
  expect(await get()).toEqual(put.body)
  expect(await call(server, 'DELETE', path)).toMatchObject({ status: 204 })
  expect(await get()).toEqual({ limits: DEFAULT_LIMITS, isDefault: true })
})

test('of how many visitors an address is known that limits can count by, operators see', async () => {
  const server = await ready({}, { TRUST_PROXY: 'true' })
  const operator = await signInOperator(server.app)
  const visitors = async () =>
    ((await (await operator('GET', '/api/console/messages/refusals')).json()) as Refusals).visitors
  for (const [address, known] of [
    ['10.0.0.7', 0],
    [OFFICE, 1],
  ] as const) {
    const visitor = await server.visit()
    visitor.address = address
    await askForCode(visitor)
    expect(await visitors()).toEqual({ messages: known + 1, known })
  }
})

test('what a cloud takes for one number is known before it refuses, and can be said of a connection', async () => {
  const server = await launch()
  const make = async (connectorId: string, config: object) =>
    (await call(server, 'POST', '/api/connections', { connectorId, config })).body.id as string
  const first = await make('aliyun-short-message-service', sampleSettings['aliyun-sms'])
  await make('tencent-short-message-service', sampleSettings['tencent-sms'])
  const sent = () => server.clouds.inbox.messages().map(({ cloud }) => cloud)
  const send = () => call(server, 'POST', '/api/verification-codes', { phone: '8613912345678' })
  // The minute of the clock shall not end before the test does.
  server.wait(60_000 - (Date.now() % 60_000))
  expect([(await send()).status, (await send()).status]).toEqual([204, 204])
  expect(sent()).toEqual(['tencent-sms', 'aliyun-sms'])
  const refused = await send()
  expect(refused).toMatchObject(code(429, 'request.message_rate_limited'))
  expect(refused.body.data.retryAfter).toBeLessThanOrEqual(30)
  const operator = await signInOperator(server.app)
  const [newest] = (await (await operator('GET', '/api/console/messages')).json()) as object[]
  expect(newest).toMatchObject({ state: 'refused', reason: 'limit_provider', attempts: [] })
  const windows = { pause: null, minute: 2, hour: null, day: null, exempt: ['+86 139 1234 5678'] }
  const changed = await call(server, 'PATCH', `/api/connections/${first}`, { windows })
  expect(changed.body.windows).toEqual({ ...windows, exempt: ['8613912345678'] })
  // The cloud alone counts it now, and refuses it.
  expect(await send()).toMatchObject({ status: 429, body: { code: 'connector.rate_limit_exceeded' } })
  const wrong = { windows: { ...windows, exempt: ['85261234567'] } }
  expect(JSON.stringify((await call(server, 'PATCH', `/api/connections/${first}`, wrong)).body)).toContain(
    'windows.exempt.0',
  )
})
