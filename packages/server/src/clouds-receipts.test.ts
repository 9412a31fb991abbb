import type { MessageEntry } from '@countersign/api'
import type { CloudId, Mode } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { receiptAddress } from './development.ts'
import { call, callWithHeaders } from './testing/calls.ts'
import { launch } from './testing/launch.ts'
import { signInOperator } from './testing/operator.ts'

const TOKEN = 's3cret-event-token'

/** Each cloud, somebody whom it reaches and somebody whom it does not, and the code of that. */
const CLOUDS: [CloudId, { [kind: string]: string }, { [kind: string]: string }, string][] = [
  ['aliyun-sms', { phone: '8613800138000' }, { phone: '8613900010001' }, 'MOBILE_NOT_ON_SERVICE'],
  ['aliyun-pnvs', { phone: '8613800138000' }, { phone: '8613900010001' }, 'MOBILE_NOT_ON_SERVICE'],
  ['tencent-sms', { phone: '8613800138000' }, { phone: '8613900010008' }, 'MK:0001'],
  ['aliyun-dm', { email: 'ada@example.com' }, { email: 'SmtpNxBox@example.com' }, 'SmtpNxBox'],
]

/** A server with one connection, whose simulated cloud pushes to the address that the server gave it. */
async function launchWith(cloud: CloudId) {
  const server = await launch()
  const { clouds, wait } = server
  await server.connect(cloud, cloud === 'aliyun-dm' ? { eventToken: TOKEN } : {})
  const [{ id }] = (await call(server, 'GET', '/api/connections')).body
  const { address } = (await call(server, 'GET', `/api/connections/${id}/receipts`)).body
  const callback = { url: address, ...(cloud === 'aliyun-dm' && { token: TOKEN }) }
  // The development world tells its clouds so by itself.
  expect(await receiptAddress(server.app, cloud)).toEqual(callback)
  clouds.control.setCallback(cloud, callback)
  const operator = await signInOperator(server.app)
  return {
    ...server,
    async send(to: object) {
      const { status } = await callWithHeaders(server, 'POST', '/api/verification-codes', to)
      expect(status).toBe(204)
    },
    async push(mode: Mode = 'normal') {
      clouds.control.setReceipts({ mode })
      wait(2000)
      await clouds.control.tick()
      return clouds.control.receipts()[0]?.push.state
    },
    /** What an operator reads of messages, the newest first. */
    async messages() {
      const messages = (await (await operator('GET', '/api/console/messages')).json()) as MessageEntry[]
      return messages.map(({ state, attempts }) => {
        const receipts = attempts.flatMap(attempt => attempt.receipts)
        return [state, receipts.length, receipts.at(-1)?.code]
      })
    },
  }
}

describe.each(CLOUDS)('receipts that %s pushes', (cloud, reached, missed, code) => {
  test('say by its own code what became of messages; what is wrong or about nobody changes nothing', async () => {
    const { send, push, messages } = await launchWith(cloud)
    await send(reached)
    expect(await push()).toBe('acknowledged')
    await send(missed)
    expect(await push()).toBe('acknowledged')
    const delivered = ['delivered', 1, expect.stringMatching(/^DELIV|^250$/)]
    expect(await messages()).toEqual([['undelivered', 1, code], delivered])
    await send(cloud === 'aliyun-dm' ? { email: 'bob@example.com' } : { phone: '8613800138001' })
    expect(await push('xml')).toBe('waiting')
    expect(await messages()).toEqual([['accepted', 0, undefined], ['undelivered', 1, code], delivered])
  })
})

test('receipts that come before the answer, three times, or with their contrary leave the state as it was first told', async () => {
  const { clouds, send, push, wait, messages } = await launchWith('aliyun-sms')
  clouds.control.setReceipts({ mode: 'early', duplicates: true })
  await send({ phone: '8613800138000' })
  expect(await messages()).toEqual([['delivered', 1, 'DELIVERED']])
  await send({ phone: '8613900010001' })
  expect((await messages())[0]).toEqual(['undelivered', 1, 'MOBILE_NOT_ON_SERVICE'])
  clouds.control.setReceipts({ mode: 'contrary', duplicates: false })
  await send({ phone: '8613800138001' })
  await push('contrary')
  wait(2000)
  await clouds.control.tick()
  // The other one is written down, and changes nothing.
  expect((await messages())[0]).toEqual(['delivered', 2, 'UNKNOWN'])
})

test('an event of Direct Mail that is forged, old or without its token changes nothing', async () => {
  const { send, push, messages } = await launchWith('aliyun-dm')
  const modes: Mode[] = ['bad-signature', 'stale', 'foreign-certificate', 'no-token', 'unknown']
  for (const [index, mode] of modes.entries()) {
    await send({ email: `ada${index}@example.com` })
    // One about a mail that nobody has sent is signed as it should be.
    expect(await push(mode)).toBe(mode === 'unknown' ? 'acknowledged' : 'waiting')
  }
  expect(await messages()).toEqual(modes.map(() => ['accepted', 0, undefined]))
})
