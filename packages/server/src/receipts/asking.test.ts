import { SendError } from '@countersign/kit'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { dump } from '../testing/world.ts'
import { nextAsk } from './asking.ts'
import { MINUTE, PHONE, receipt, receiptsOn, SECOND, VALIDITY } from './testing.ts'

const DAY = 24 * 60 * MINUTE

test('a provider is asked again in ever longer intervals, and a last time an hour after the code has ended', () => {
  const from = (age: number) => nextAsk({ sentAt: 0, now: age, validity: VALIDITY })
  const asked = [10 * SECOND]
  for (let next = from(asked.at(-1)!); next !== undefined; next = from(next)) asked.push(next)
  const inSeconds = asked.map(at => at / SECOND)
  expect(inSeconds).toEqual([10, 20, 40, 80, 160, 320, 600, 4200])
  fc.assert(
    fc.property(fc.nat(2 * DAY), fc.nat(2 * DAY), (now, validity) => {
      const next = nextAsk({ sentAt: 0, now, validity })
      expect(next === undefined ? now >= validity + 60 * MINUTE : next > now).toBe(true)
    }),
  )
})

eachDatabase('asking a provider', openFresh => {
  test('tells of a message what nobody has pushed, and keeps the number sealed only until then', async () => {
    const room = await receiptsOn(await openFresh())
    const asked: unknown[] = []
    room.asked.answer = question => {
      asked.push(question)
      return asked.length === 1 ? [] : [receipt('m1', 'failed'), receipt('m1', 'pending')]
    }
    await room.send('m1')
    const kept = async () => room.db.selectFrom('attempts').selectAll().execute()
    const sealed = (await kept())[0]!.sealed_to
    expect(sealed).toMatch(/^v1\./)
    expect(dump(await kept())).not.toContain(PHONE.slice(2))
    room.world.wait(10 * SECOND - 1)
    await room.receipts.ask()
    expect(asked).toEqual([])
    room.world.wait(1)
    await room.receipts.ask()
    await room.receipts.ask()
    expect(asked).toEqual([
      {
        to: PHONE,
        attemptId: 'm1-1',
        ids: { BizId: 'm1^0', RequestId: 'R-m1' },
        sentAt: room.world.now() - 10_000,
      },
    ])
    expect((await kept())[0]!.sealed_to).toBe(sealed)
    room.world.wait(10 * SECOND)
    await room.receipts.ask()
    expect(await room.of('m1')).toMatchObject({
      state: 'undelivered',
      attempt: { receipt: 'undelivered', receipts: [{ via: 'pull' }, { via: 'pull' }] },
    })
    expect(await kept()).toMatchObject([{ sealed_to: null, ask_at: null }])
    room.world.wait(DAY)
    await room.receipts.ask()
    expect(asked).toHaveLength(2)
  })

  test('is not needed for what was pushed or refused, and no number is kept for it', async () => {
    const room = await receiptsOn(await openFresh())
    room.asked.answer = () => new Error('must not be asked')
    await room.send('pushed')
    await room.push([receipt('pushed')])
    const refused = await room.begin('refused')
    await room.ledger.end(refused, { failed: new SendError('recipient_invalid'), answer: undefined })
    const numbers = await room.db.selectFrom('attempts').select(['sealed_to', 'ask_at']).execute()
    expect(numbers).toEqual([
      { sealed_to: null, ask_at: null },
      { sealed_to: null, ask_at: null },
    ])
    room.world.wait(DAY)
    await room.receipts.ask()
    expect(room.world.lines.join()).not.toContain('must not be asked')
  })

  test('ends what a crash left: sent where the provider has it, failed where it certainly has not', async () => {
    const room = await receiptsOn(await openFresh())
    room.asked.answer = ({ attemptId }) =>
      attemptId === 'sent-1'
        ? [receipt('sent')]
        : attemptId === 'taken-1'
          ? [receipt('taken', 'pending')]
          : attemptId === 'either-1'
            ? undefined
            : []
    for (const id of ['sent', 'taken', 'lost', 'either']) await room.begin(id)
    // Another message had left in the place of this one.
    await room.ledger.hedged(await room.begin('hedged'))
    room.world.wait(30 * SECOND)
    await room.ledger.recover()
    expect(await room.of('lost')).toMatchObject({ state: 'unconfirmed', attempt: { reason: 'interrupted' } })
    await room.receipts.ask()
    expect(await room.of('sent')).toMatchObject({ state: 'delivered', attempt: { state: 'accepted' } })
    expect(await room.of('taken')).toMatchObject({ state: 'accepted', attempt: { reason: null } })
    // A provider may know of a message only later, so nothing is certain while it may.
    expect(await room.of('lost')).toMatchObject({ state: 'unconfirmed' })
    for (let time = 0; time < 10; time += 1) {
      room.world.wait(10 * MINUTE)
      await room.receipts.ask()
    }
    expect(await room.of('lost')).toMatchObject({
      state: 'failed',
      attempt: { reason: 'unknown_to_provider', receipt: 'none', receiptReason: 'unknown_to_provider' },
    })
    expect(await room.of('taken')).toMatchObject({
      state: 'accepted',
      attempt: { receipt: 'none', receiptReason: 'no_receipt' },
    })
    // Of a provider that cannot tell nobody knows whether it left.
    expect(await room.of('either')).toMatchObject({
      state: 'unconfirmed',
      attempt: { reason: 'interrupted', receipt: 'none', receiptReason: 'no_receipt' },
    })
    expect(await room.of('hedged')).toMatchObject({
      state: 'failed',
      attempt: { reason: 'hedged', receiptReason: 'unknown_to_provider' },
    })
    await room.push([{ ids: {}, attemptId: 'hedged-1', state: 'delivered' }])
    expect(await room.of('hedged')).toMatchObject({
      state: 'delivered',
      attempt: { state: 'accepted', reason: 'hedged' },
    })
    // What comes even later is the truth all the same.
    await room.push([{ ids: {}, attemptId: 'lost-1', state: 'delivered' }])
    expect(await room.of('lost')).toMatchObject({
      state: 'delivered',
      attempt: { state: 'accepted', reason: null, receiptReason: null },
    })
  })

  test('goes on by itself while the process runs, and so does the writing of what came', async () => {
    const db = await openFresh()
    const [one, two] = [await receiptsOn(db), await receiptsOn(db)]
    one.asked.answer = () => [receipt('asked')]
    for (const id of ['asked', 'pushed']) await one.send(id)
    one.world.wait(10 * SECOND)
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    one.receipts.start()
    await one.push([receipt('pushed')])
    const lastAt = async () => (await two.receipts.addressOf(two.connection.id)).lastAt
    expect(await lastAt()).toBeNull()
    vi.advanceTimersByTime(10 * SECOND)
    await expect.poll(lastAt).toBe(one.world.now())
    await expect.poll(async () => (await one.of('asked')).state).toBe('delivered')
    await one.receipts.stop()
  })

  test('is done by one node for each attempt, by so many at a time as a cloud bears', async () => {
    const db = await openFresh()
    const [one, two] = [await receiptsOn(db), await receiptsOn(db)]
    const asked: string[] = []
    for (const node of [one, two])
      node.asked.answer = ({ attemptId }) => {
        asked.push(attemptId)
        return []
      }
    for (let nth = 0; nth < 100; nth += 1) await one.send(`m${nth}`)
    for (const node of [one, two]) node.world.wait(10 * SECOND)
    await Promise.all([one.receipts.ask(), two.receipts.ask()])
    expect(asked.length).toBeLessThanOrEqual(80)
    for (let time = 0; time < 3; time += 1) await Promise.all([one.receipts.ask(), two.receipts.ask()])
    expect(asked.toSorted()).toEqual(Array.from({ length: 100 }, (_, nth) => `m${nth}-1`).toSorted())
  })

  test('leaves a cloud alone that does not answer, and gives up after a day, when no number is kept any more', async () => {
    const room = await receiptsOn(await openFresh())
    let asked = 0
    room.asked.answer = () => {
      asked += 1
      return new SendError('throttled', { code: 'QPS' })
    }
    await room.send('m1')
    room.world.wait(10 * SECOND)
    await room.receipts.ask()
    room.world.wait(14 * SECOND)
    await room.receipts.ask()
    expect(asked).toBe(1)
    expect(room.world.lines.at(-1)).toMatch(/provider not asked for receipts.*throttled.*QPS/)
    for (let hour = 0; hour < 23; hour += 1) {
      room.world.wait(60 * MINUTE)
      await room.receipts.ask()
      await room.ledger.purge()
    }
    expect(asked).toBe(24)
    expect(await room.of('m1')).toMatchObject({ attempt: { receipt: null } })
    room.world.wait(60 * MINUTE)
    await room.ledger.purge()
    expect(await room.of('m1')).toMatchObject({
      state: 'accepted',
      attempt: { receipt: 'none', receiptReason: 'not_asked' },
    })
    expect(await room.db.selectFrom('attempts').select('sealed_to').execute()).toEqual([{ sealed_to: null }])
  })

  test('ends what nobody can be asked about when no push has come, and never keeps a number for it', async () => {
    const room = await receiptsOn(await openFresh(), { pulls: false })
    await room.send('m1')
    expect(await room.db.selectFrom('attempts').select('sealed_to').execute()).toEqual([{ sealed_to: null }])
    for (const pause of [10 * SECOND, VALIDITY, 60 * MINUTE]) {
      room.world.wait(pause)
      await room.receipts.ask()
    }
    expect(await room.of('m1')).toMatchObject({
      state: 'accepted',
      attempt: { receipt: 'none', receiptReason: 'no_receipt' },
    })
  })
})
