import type { FraudFinding, MessageEntry } from '@countersign/api'
import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { call, code } from '../testing/calls.ts'
import { ADMIN, launch } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'

const MINUTE = 60_000
const PATH = '/api/protection/fraud'

test('operators read what a flood was found by, have it refused, find that with the messages, and let one of it go', async () => {
  const server = await launch()
  const config = sampleSettings['aliyun-sms']
  await call(server, 'POST', '/api/connections', { connectorId: 'aliyun-short-message-service', config })
  const ask = (phone: number, clientAddress = '93.184.216.34') =>
    call(server, 'POST', '/api/verification-codes', { phone: `${phone}`, clientAddress })
  for (let n = 0; n < 30; n += 1) expect((await ask(8_613_800_138_000 + n)).status).toBe(204)
  server.wait(6 * MINUTE)
  await server.app.fraud.look()
  const list = async () => (await call(server, 'GET', `${PATH}/findings`)).body as FraudFinding[]
  const found = await list()
  expect(found.map(({ kind }) => kind).sort()).toEqual(['network', 'prefix'])
  const network = found.find(({ kind }) => kind === 'network')!
  expect(network).toMatchObject({ state: 'open', basis: 'assumed', figures: { people: 30, used: 0 } })
  // Until an operator says otherwise it is only noted.
  expect((await ask(8_613_800_138_100)).status).toBe(204)
  const modes = { network: 'refuse' }
  expect((await call(server, 'PUT', PATH, { modes, escalates: true })).body).toMatchObject({
    modes: { network: 'refuse', prefix: 'record', application: 'record', country: 'record' },
    escalates: true,
    rules: { people: 20 },
  })
  expect(await call(server, 'PUT', PATH, { modes: { all: 'refuse' } })).toMatchObject(
    code(400, 'guard.invalid_input'),
  )
  expect(await ask(8_613_800_138_101)).toMatchObject(code(422, 'request.message_refused'))
  expect((await ask(8_613_800_138_102, '93.184.216.35')).status).toBe(204)
  await server.app.settled()
  const operator = await signInOperator(server.app)
  const listed = await operator('GET', '/api/console/messages?page_size=40')
  const messages = (await listed.json()) as Pick<MessageEntry, 'state' | 'reason' | 'fraud'>[]
  const noted = messages.filter(({ fraud }) => fraud)
  const mark = ({ state, reason, fraud }: (typeof messages)[0]) => ({ state, reason, fraud })
  expect(noted.map(mark)).toEqual(
    expect.arrayContaining([
      { state: 'refused', reason: 'fraud', fraud: { mode: 'refuse', finding: network.id } },
      { state: 'accepted', reason: null, fraud: { mode: 'record', finding: network.id } },
    ]),
  )
  expect((await list()).find(({ id }) => id === network.id)!.decisions).toEqual({
    recorded: 1,
    passed: 0,
    challenged: 0,
    refused: 1,
    heldBack: 0,
  })
  const allowPath = `${PATH}/findings/${network.id}/allow`
  expect((await call(server, 'POST', allowPath, {})).body).toMatchObject({
    state: 'allowed',
    allowedBy: ADMIN.id,
  })
  expect((await ask(8_613_800_138_103)).status).toBe(204)
  expect((await call(server, 'DELETE', allowPath)).status).toBe(204)
  expect(await call(server, 'DELETE', allowPath)).toMatchObject(code(422, 'entity.invalid_input'))
})
