import { SendError } from '@countersign/kit'
import { expect, test } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { MOST_OF_ONE, MOST_WAITING } from '../ledger/receiving.ts'
import { dump } from '../testing/world.ts'
import { MINUTE, receipt, receiptsOn } from './testing.ts'

eachDatabase('receipts that are pushed', openFresh => {
  test('tell of a message whether it was delivered, however often and in whatever order they come', async () => {
    const room = await receiptsOn(await openFresh())
    for (const id of ['m1', 'm2', 'm3']) await room.send(id)
    const detail = 'to 13800138000: code 739154, ask ann@example.com'
    const batch = [
      receipt('m1', 'delivered', { at: room.world.now() + 4000, detail, segments: 2 }),
      receipt('m2', 'failed'),
      receipt('m2', 'pending'),
    ]
    for (const each of [batch, batch, batch.toReversed()])
      expect(await room.push(each)).toEqual({ status: 200, body: '{"code":0}' })
    expect(await room.of('m1')).toMatchObject({
      state: 'delivered',
      attempt: {
        state: 'accepted',
        receipt: 'delivered',
        segments: 2,
        receipts: [
          {
            via: 'push',
            state: 'delivered',
            code: 'DELIVERED',
            detail: 'to ******: code ******, ask ******',
            at: room.world.now() + 4000,
          },
        ],
      },
    })
    const { attempt, ...message } = await room.of('m2')
    expect(message.state).toBe('undelivered')
    expect(attempt.receipts).toHaveLength(2)
    expect(attempt.receipts.find(({ state }) => state === 'failed')).toMatchObject({
      code: 'OFF',
      meaning: { en: 'The phone is off.' },
      remedy: { en: 'Nothing can be done.' },
    })
    expect(await room.of('m3')).toMatchObject({ state: 'accepted', attempt: { receipt: null, receipts: [] } })
    const listed = async (state: string) =>
      (await room.ledger.list({ state }, { size: 9, offset: 0 })).messages.map(({ id }) => id)
    expect(room.heard.map(({ receipt: fate, took }) => [fate, took])).toEqual([
      ['delivered', 0],
      ['undelivered', 0],
    ])
    expect([await listed('delivered'), await listed('undelivered'), await listed('accepted')]).toEqual([
      ['m1'],
      ['m2'],
      ['m3'],
    ])
  })

  test('count by the first that is final; what says otherwise later is written down beside it', async () => {
    const room = await receiptsOn(await openFresh())
    await room.send('m1')
    await room.push([receipt('m1', 'delivered')])
    room.world.wait(1000)
    await room.push([receipt('m1', 'failed')])
    await room.push([receipt('m1', 'pending')])
    const { state, attempt } = await room.of('m1')
    expect([state, attempt.receipt]).toEqual(['delivered', 'delivered'])
    expect(attempt.receipts.map(each => each.state).sort()).toEqual(['delivered', 'failed', 'pending'])
  })

  test('change nothing when they are forged, malformed, too large, or come to a path that is none', async () => {
    const room = await receiptsOn(await openFresh())
    await room.send('m1')
    const told = [receipt('m1', 'failed')]
    for (let time = 0; time < 3; time += 1)
      expect(await room.push(told, { key: 'guessed' })).toMatchObject({ status: 403 })
    expect(await room.push('<xml/>')).toMatchObject({ status: 400 })
    expect(await room.push('x'.repeat(1024 * 1024 + 1))).toMatchObject({ status: 413 })
    const nowhere = { status: 404, body: 'Not Found' }
    for (const path of ['short', 'A'.repeat(43), 'x'.repeat(5000), '%00'])
      expect(await room.push(told, { to: `https://auth.example.com/receipts/${path}` })).toEqual(nowhere)
    expect(await room.of('m1')).toMatchObject({ state: 'accepted', attempt: { receipts: [] } })
    // The operator sees it, and so does the log, once a minute.
    expect(await room.receipts.addressOf(room.connection.id)).toMatchObject({
      lastAt: null,
      refused: 4,
      refusedAt: room.world.now(),
      refusedReason: 'the body is no JSON',
    })
    expect(room.world.lines.filter(line => line.includes('receipts not believed'))).toHaveLength(1)
    await room.push(told)
    expect(await room.of('m1')).toMatchObject({ state: 'undelivered' })
    expect(await room.receipts.addressOf(room.connection.id)).toMatchObject({
      lastAt: room.world.now(),
      refused: 4,
    })
  })

  test('may hold anything that a connector lets through, and break nothing', async () => {
    const room = await receiptsOn(await openFresh())
    await room.send('m1')
    const odd = [
      { ids: {}, state: 'delivered' },
      { ids: { BizId: 'm1^0\0', RequestId: 'R-m1' }, state: 'failed', code: '\0\ud800', detail: '\ud800\0' },
      { ids: { BizId: 7 }, attemptId: {}, to: [], state: 'failed', at: 'now', segments: 'many' },
      { ids: { RequestId: 'R-m1' }, state: 'failed', code: 'x'.repeat(9000), detail: 'y'.repeat(90_000) },
      { ids: { BizId: 'm2^0' }, state: 'delivered', at: 9e15, segments: -3, code: 5 },
    ]
    expect(await room.push(odd)).toMatchObject({ status: 200 })
    const rows = await room.db.selectFrom('receipts').selectAll().execute()
    for (const row of rows) expect(dump([row]).length).toBeLessThan(3000)
    expect(await room.of('m1')).toMatchObject({ attempt: { receipts: [{ state: 'failed' }] } })
  })

  test('come a hundred at once, among them of messages that are not ours', async () => {
    const room = await receiptsOn(await openFresh())
    for (let nth = 0; nth < 50; nth += 1) await room.send(`m${nth}`)
    const batch = Array.from({ length: 100 }, (_, nth) =>
      receipt(`m${nth}`, nth % 2 === 0 ? 'delivered' : 'failed'),
    )
    expect(await room.push(batch)).toMatchObject({ status: 200 })
    await room.push(batch.toReversed())
    const states = (await room.messages()).map(({ state }) => state)
    expect(states.filter(state => state === 'delivered')).toHaveLength(25)
    expect(states.filter(state => state === 'undelivered')).toHaveLength(25)
    const waiting = await room.db
      .selectFrom('receipts')
      .select('id')
      .where('attempt_id', 'is', null)
      .execute()
    expect(waiting).toHaveLength(50)
  })

  test('wait a day for the message that they are about, and no longer', async () => {
    const room = await receiptsOn(await openFresh())
    const early = await room.begin('early')
    await room.push([receipt('early', 'failed'), receipt('never')])
    expect(await room.of('early')).toMatchObject({ state: 'sending' })
    await room.ledger.end(early, { ids: { BizId: 'early^0' } })
    await room.receipts.ask()
    expect(await room.of('early')).toMatchObject({
      state: 'undelivered',
      attempt: { state: 'accepted', receipt: 'undelivered', receipts: [{ code: 'OFF', via: 'push' }] },
    })
    // The same once more is known by now.
    await room.push([receipt('early', 'failed')])
    expect((await room.of('early')).attempt.receipts).toHaveLength(1)
    room.world.wait(24 * 60 * MINUTE + 1)
    await room.ledger.purge()
    expect((await room.db.selectFrom('receipts').select('attempt_id').execute()).length).toBe(1)
  })

  test('tell of an attempt whose answer never came, by our own id, that the provider took it', async () => {
    const room = await receiptsOn(await openFresh())
    const silent = await room.begin('m1')
    const failed = new SendError('unreachable', { maybeSent: true })
    await room.ledger.end(silent, { failed, answer: undefined })
    expect(await room.of('m1')).toMatchObject({ state: 'unconfirmed' })
    await room.push([{ ids: {}, attemptId: 'm1-1', state: 'pending' }])
    expect(await room.of('m1')).toMatchObject({ state: 'accepted', attempt: { failure: null } })
    await room.push([{ ids: {}, attemptId: 'm1-1', state: 'delivered' }])
    expect(await room.of('m1')).toMatchObject({ state: 'delivered' })
  })

  test('make a message of several attempts delivered by any, and undelivered only by all that may have left', async () => {
    const room = await receiptsOn(await openFresh())
    await room.send('m1')
    await room.push([receipt('m1', 'failed')])
    expect((await room.of('m1')).state).toBe('undelivered')
    const second = await room.begin('m1', 2)
    expect((await room.of('m1')).state).toBe('accepted')
    await room.ledger.end(second, { failed: new SendError('unreachable'), answer: undefined })
    expect((await room.of('m1')).state).toBe('undelivered')
    const third = await room.begin('m1', 3)
    await room.ledger.end(third, { ids: { BizId: 'third^0' } })
    expect((await room.of('m1')).state).toBe('accepted')
    await room.push([receipt('third')])
    expect((await room.of('m1')).state).toBe('delivered')
  })

  test('that come at once on two nodes leave one truth: the first counts, and its message says the same', async () => {
    const db = await openFresh()
    const nodes = [await receiptsOn(db), await receiptsOn(db)] as const
    const [one, two] = nodes
    const ids = Array.from({ length: 20 }, (_, nth) => `m${nth}`)
    for (const id of ids) await one.send(id)
    // Two attempts of one message, neither of which was delivered.
    const second = await one.begin('m0', 2)
    await one.ledger.end(second, { ids: { BizId: 'again^0' } })
    const contrary = ids.slice(1)
    const answers = await Promise.all([
      one.push([receipt('m0', 'failed'), ...contrary.map(id => receipt(id, 'delivered'))]),
      two.push([receipt('again', 'failed'), ...contrary.toReversed().map(id => receipt(id, 'failed'))]),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const messages = await one.messages()
    expect(messages.find(({ id }) => id === 'm0')!.state).toBe('undelivered')
    for (const { state, attempts } of messages.filter(({ id }) => id !== 'm0')) {
      expect(attempts[0]!.receipt).toBe(state)
      expect(attempts[0]!.receipts.map(each => each.state).toSorted()).toEqual(['delivered', 'failed'])
    }
  })

  test('are bounded: of one attempt, without one, and in a second', async () => {
    const room = await receiptsOn(await openFresh())
    await room.send('m1')
    const many = Array.from({ length: 900 }, (_, nth) => receipt('m1', 'pending', { code: `C${nth}` }))
    await room.push(many)
    await room.push([receipt('m1', 'delivered')])
    expect((await room.of('m1')).attempt.receipts).toHaveLength(MOST_OF_ONE)
    // The one that counts counts all the same.
    expect((await room.of('m1')).state).toBe('delivered')
    for (let time = 0; time < 3; time += 1) {
      const foreign = Array.from({ length: 1001 }, (_, nth) => receipt(`f${time}-${nth}`))
      await room.push(foreign)
      room.world.wait(1)
    }
    const { count } = await room.db
      .selectFrom('receipts')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('attempt_id', 'is', null)
      .executeTakeFirstOrThrow()
    expect(Number(count)).toBe(MOST_WAITING)
    expect(await room.receipts.addressOf(room.connection.id)).toMatchObject({
      refusedReason: '1 receipts too many in one request',
    })
    const answers = await Promise.all(Array.from({ length: 120 }, () => room.push([])))
    expect(answers.filter(({ status }) => status === 503).length).toBeGreaterThanOrEqual(20)
    room.world.wait(1000)
    expect(await room.push([])).toMatchObject({ status: 200 })
  })
})

eachDatabase('the address for receipts', openFresh => {
  test('is one that nobody reads in the database or the log, and dies when it is renewed or its connection goes', async () => {
    const room = await receiptsOn(await openFresh())
    await room.send('m1')
    expect(room.address).toMatch(/^https:\/\/auth\.example\.com\/receipts\/[\w-]{43}$/)
    expect(await receiptsOn(room.db)).toMatchObject({ address: room.address })
    await room.push([receipt('m1', 'pending')])
    const secret = room.address.split('/').at(-1)!
    const rows = await room.db.selectFrom('receipt_addresses').selectAll().execute()
    expect(dump(rows) + room.world.lines.join()).not.toContain(secret)
    const { address } = await room.receipts.renew(room.connection.id)
    expect(address).not.toBe(room.address)
    expect(await room.push([receipt('m1')])).toMatchObject({ status: 404 })
    expect((await room.of('m1')).state).toBe('accepted')
    // One account may serve several connections, and reports to one address then.
    const beside = await room.connections.create({
      connector: room.connection.connector,
      config: { apiKey: 'key' },
    })
    await room.send('m2')
    const other = (await room.receipts.addressOf(beside.id)).address!
    expect(await room.push([receipt('m2')], { to: other })).toMatchObject({ status: 200 })
    expect((await room.of('m2')).state).toBe('delivered')
    // Switching it off leaves what was sent over it to be told.
    await room.connections.change(room.connection.id, { enabled: false })
    expect(await room.push([receipt('m1')], { to: address! })).toMatchObject({ status: 200 })
    expect((await room.of('m1')).state).toBe('delivered')
    await room.connections.delete(room.connection.id)
    expect(await room.push([receipt('m1')], { to: address! })).toMatchObject({ status: 404 })
  })

  test('asks the provider to come again when the database does not take what it says', async () => {
    const room = await receiptsOn(await openFresh())
    await room.send('m1')
    await room.db.schema.alterTable('receipts').renameTo('elsewhere').execute()
    try {
      expect(await room.push([receipt('m1')])).toMatchObject({ status: 503 })
    } finally {
      await room.db.schema.alterTable('elsewhere').renameTo('receipts').execute()
    }
    expect((await room.of('m1')).state).toBe('accepted')
    expect(await room.push([receipt('m1')])).toMatchObject({ status: 200 })
    expect((await room.of('m1')).state).toBe('delivered')
  })
})
