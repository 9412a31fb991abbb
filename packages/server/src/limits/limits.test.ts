import { SendLimits } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { dump, errorOf, testKeys, testWorld } from '../testing/world.ts'
import { createLimits, Paused } from './limits.ts'

const PHONE = '8613800138000'
const LIMITED = 'request.message_rate_limited'
const BLOCKED = 'session.verification_blocked_too_many_attempts'
const MINUTE = 60_000
const RIGHT = { kind: 'password', succeeded: true } as const
const WRONG = { kind: 'password', succeeded: false } as const

const to = (value: string) => readRecipient({ type: value.includes('@') ? 'email' : 'phone', value })

function setUp(db: Database) {
  const world = testWorld()
  return { world, limits: createLimits(db, testKeys, world) }
}

eachDatabase('limits', openFresh => {
  describe('the pause between two messages to one recipient', () => {
    const PAUSE = 60_000
    const paced = { pause: PAUSE }

    test('lets one of twenty parallel sends through, and says how long the others wait', async () => {
      const { limits, world } = setUp(await openFresh())
      const ask = () => limits.reserveSend(to(PHONE), paced)
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, ask))
      expect(outcomes.filter(each => each.status === 'fulfilled')).toHaveLength(1)
      world.wait(18_000)
      const refused = await errorOf(limits.reserveSend(to('+86 138 0013 8000'), paced))
      expect([refused.code, refused.data, refused.values]).toEqual([
        LIMITED,
        { retryAfter: 42 },
        { seconds: 42 },
      ])
      expect(await limits.pauseLeft(to(PHONE), PAUSE)).toBe(42)
      world.wait(42_000)
      expect(await limits.pauseLeft(to(PHONE), PAUSE)).toBe(0)
      const later = await Promise.allSettled(Array.from({ length: 20 }, ask))
      expect(later.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    })

    test('is one over all who ask, ends with a send that is given back, and is none for a test identity', async () => {
      const { limits } = setUp(await openFresh())
      await limits.reserveSend(to(PHONE))
      expect(await errorOf(limits.reserveSend(to(PHONE), paced))).toBeInstanceOf(Paused)
      await limits.reserveSend(to(PHONE))
      await limits.reserveSend(to(PHONE), { ...paced, unsent: true })
      for (const tried of [false, true]) {
        const place = await limits.reserveSend(to('ada@example.com'), paced)
        expect(await errorOf(limits.reserveSend(to('ADA@example.com'), paced))).toBeInstanceOf(Paused)
        await place.release({ tried })
      }
      await limits.reserveSend(to('ada@example.com'), paced)
    })

    test('is over for a recipient who is forgiven, and leaves nothing behind after two hours', async () => {
      const db = await openFresh()
      const { limits, world } = setUp(db)
      await limits.reserveSend(to(PHONE), paced)
      await limits.forget([PHONE])
      await limits.reserveSend(to(PHONE), paced)
      world.wait(2 * 60 * MINUTE + 1)
      await limits.purge()
      expect(await db.selectFrom('counters').selectAll().execute()).toEqual([])
    })
  })

  describe('messages to one recipient', () => {
    test('are refused with the seconds until there is a place again', async () => {
      const { limits, world } = setUp(await openFresh())
      await limits.reserveSend(to(PHONE))
      world.wait(MINUTE)
      for (let place = 1; place < 10; place += 1) await limits.reserveSend(to(PHONE))
      world.wait(500)
      const refused = await errorOf(limits.reserveSend(to(PHONE), { pause: 1 }))
      expect([refused.data, refused.values]).toEqual([{ retryAfter: 540 }, { seconds: 540 }])
      world.wait(540_000)
      await limits.reserveSend(to(PHONE), { pause: 1 })
    })

    test('of thirty parallel reservations ten are given', async () => {
      const { limits } = setUp(await openFresh())
      const outcomes = await Promise.allSettled(
        Array.from({ length: 30 }, () => limits.reserveSend(to(PHONE))),
      )
      expect(outcomes.filter(each => each.status === 'fulfilled')).toHaveLength(10)
      const refusals = outcomes.flatMap(each => (each.status === 'rejected' ? [each.reason.code] : []))
      expect(new Set(refusals)).toEqual(new Set([LIMITED]))
    })

    test('a node whose clock is behind takes no eleventh place', async () => {
      const { world, limits } = setUp(await openFresh())
      for (let place = 0; place < 10; place += 1) await limits.reserveSend(to(PHONE))
      world.wait(-5_000)
      expect((await errorOf(limits.reserveSend(to(PHONE)))).code).toBe(LIMITED)
    })

    test('a recipient who is forgiven has all places again, in whatever spelling', async () => {
      const { limits } = setUp(await openFresh())
      for (let place = 0; place < 10; place += 1) await limits.reserveSend(to(PHONE))
      await limits.forget(['+86 138 0013 8000'])
      for (let place = 0; place < 10; place += 1) await limits.reserveSend(to(PHONE))
      expect((await errorOf(limits.reserveSend(to(PHONE)))).code).toBe(LIMITED)
      for (let place = 0; place < 10; place += 1) await limits.reserveSend(to(`ada+${place}@example.com`))
      await limits.forget(['ada+x@example.com'])
      await limits.reserveSend(to('ada@example.com'))
    })

    test('a place that is given back can be taken again', async () => {
      const { limits } = setUp(await openFresh())
      const places = await Promise.all(Array.from({ length: 10 }, () => limits.reserveSend(to(PHONE))))
      await places[3]!.release()
      await limits.reserveSend(to(PHONE))
      expect((await errorOf(limits.reserveSend(to(PHONE)))).code).toBe(LIMITED)
    })

    test('a place that is given back after a refusal counts as a try, of which there are twenty', async () => {
      const { world, limits } = setUp(await openFresh())
      for (let sent = 0; sent < 4; sent += 1) await limits.reserveSend(to(PHONE))
      for (let tried = 0; tried < 16; tried += 1) {
        const place = await limits.reserveSend(to(PHONE))
        await place.release({ tried: true })
        world.wait(1000)
      }
      expect((await errorOf(limits.reserveSend(to(PHONE)))).code).toBe(LIMITED)
      world.wait(10 * MINUTE - 16_000)
      await limits.reserveSend(to(PHONE))
      await limits.forget([PHONE])
      for (let place = 0; place < 10; place += 1) await limits.reserveSend(to(PHONE))
    })

    test('tries take no place of a send, so ten are still delivered after ten refusals', async () => {
      const { limits } = setUp(await openFresh())
      for (let tried = 0; tried < 10; tried += 1)
        await (await limits.reserveSend(to(PHONE))).release({ tried: true })
      for (let sent = 0; sent < 10; sent += 1) await limits.reserveSend(to(PHONE))
      expect((await errorOf(limits.reserveSend(to(PHONE)))).code).toBe(LIMITED)
    })

    test('of sends that are all refused, waves of many at once make no more tries than there are', async () => {
      const { limits } = setUp(await openFresh())
      let tries = 0
      const one = async () => {
        const place = await limits.reserveSend(to(PHONE))
        tries += 1
        await place.release({ tried: true })
      }
      for (let wave = 0; wave < 3; wave += 1)
        await Promise.allSettled(Array.from({ length: 50 }, () => one()))
      expect(tries).toBeGreaterThanOrEqual(20)
      expect(tries).toBeLessThan(30)
    })

    test('a place that was given back twice frees no other', async () => {
      const { limits } = setUp(await openFresh())
      const places = await Promise.all(Array.from({ length: 10 }, () => limits.reserveSend(to(PHONE))))
      await places[3]!.release()
      await limits.reserveSend(to(PHONE))
      await places[3]!.release()
      expect((await errorOf(limits.reserveSend(to(PHONE)))).code).toBe(LIMITED)
    })

    test('the window rolls: each place comes back ten minutes after it was taken', async () => {
      const { world, limits } = setUp(await openFresh())
      for (let place = 0; place < 10; place += 1) {
        await limits.reserveSend(to(PHONE))
        world.wait(MINUTE / 2)
      }
      expect((await errorOf(limits.reserveSend(to(PHONE)))).code).toBe(LIMITED)
      world.wait(5 * MINUTE)
      await limits.reserveSend(to(PHONE))
      expect((await errorOf(limits.reserveSend(to(PHONE)))).code).toBe(LIMITED)
    })

    test('spellings of one recipient share one allowance, other recipients have their own', async () => {
      const { limits } = setUp(await openFresh())
      const phones = ['61412345678', '610412345678', ' 61412345678 ', '+61412345678', '+61 412 345 678']
      const mails = ['Ada@Example.com', 'ada@example.com ']
      for (let place = 0; place < 10; place += 1) {
        await limits.reserveSend(to(phones[place % phones.length]!))
        await limits.reserveSend(to(mails[place % mails.length]!))
      }
      expect((await errorOf(limits.reserveSend(to('61412345678')))).code).toBe(LIMITED)
      expect((await errorOf(limits.reserveSend(to('ADA@EXAMPLE.COM')))).code).toBe(LIMITED)
      await limits.reserveSend(to('61412345679'))
      await limits.reserveSend(to('grace@example.com'))
    })

    test.each([
      [['8613800138210', '13800138210', '008613800138210', '+86 138 0013 8210', '86013800138210']],
      [['ada@example.com', 'ada+1@example.com', 'Ada+shop+2@example.com']],
      [['ada.lee@gmail.com', 'a.d.a.lee@gmail.com', 'adalee+1@googlemail.com']],
      [['lim@例子.测试', 'lim@xn--fsqu00a.xn--0zwm56d', 'LIM@例子。测试']],
    ])('one phone or mailbox gets ten in all, however it is spelled: %j', async spellings => {
      const { limits } = setUp(await openFresh())
      for (let place = 0; place < 10; place += 1)
        await limits.reserveSend(to(spellings[place % spellings.length]!))
      for (const spelling of spellings)
        expect((await errorOf(limits.reserveSend(to(spelling)))).code, spelling).toBe(LIMITED)
    })

    test('to one recipient have an end also where every code is used', async () => {
      const { world, limits } = setUp(await openFresh())
      await limits.setSendLimits(SendLimits.parse({ sms: { recipient: { hour: 2 } }, email: {} }))
      const used = async () => 1_000
      for (let place = 0; place < 10; place += 1) await limits.reserveSend(to(PHONE), { used })
      world.wait(11 * MINUTE)
      expect((await errorOf(limits.reserveSend(to(PHONE), { used }))).code).toBe(LIMITED)
      expect((await errorOf(limits.reserveSend(to(PHONE)))).code).toBe(LIMITED)
    })

    test('that cannot be counted are allowed, and the log says so', async () => {
      const db = await openFresh()
      const { world, limits } = setUp(db)
      await db.schema.alterTable('counters').renameTo('elsewhere').execute()
      const reservation = await limits
        .reserveSend(to(PHONE))
        .finally(() => db.schema.alterTable('elsewhere').renameTo('counters').execute())
      await reservation.release()
      expect(world.lines.join()).toContain('messages not counted')
      expect(world.lines.join()).not.toContain(PHONE)
    })

    test('the table names no recipient', async () => {
      const db = await openFresh()
      const { limits } = setUp(db)
      await limits.reserveSend(to(PHONE))
      await limits.reserveSend(to('ada@example.com'))
      const table = dump(await db.selectFrom('counters').selectAll().execute())
      expect(table).not.toMatch(/138001|ada@/)
    })
  })

  describe('wrong passwords and codes', () => {
    const policy = { maxAttempts: 3, lockoutDuration: 5 }
    const fail = (limits: ReturnType<typeof setUp>['limits'], identifier = PHONE) =>
      limits.report('visitor', identifier, WRONG, policy)

    test('the failure that reaches the limit blocks, and then the right answer is refused too', async () => {
      const { world, limits } = setUp(await openFresh())
      await fail(limits)
      await fail(limits)
      expect((await errorOf(fail(limits))).code).toBe(BLOCKED)
      world.wait(5 * MINUTE - 1)
      const refused = await errorOf(limits.report('visitor', PHONE, RIGHT, policy))
      expect(refused).toMatchObject({ code: BLOCKED, values: { seconds: 1 } })
    })

    test('the block ends after its length, and trying during it does not make it longer', async () => {
      const { world, limits } = setUp(await openFresh())
      await fail(limits)
      await fail(limits)
      await errorOf(fail(limits))
      world.wait(4 * MINUTE)
      await errorOf(fail(limits))
      world.wait(MINUTE)
      await limits.report('visitor', PHONE, RIGHT, policy)
    })

    test('a stricter policy holds for failures of before, also for the right answer', async () => {
      const { limits } = setUp(await openFresh())
      for (let failure = 0; failure < 3; failure += 1) await limits.report('visitor', PHONE, WRONG, {})
      await limits.report('visitor', PHONE, RIGHT, { ...policy, maxAttempts: 4 })
      const refused = await errorOf(limits.report('visitor', PHONE, RIGHT, policy))
      expect(refused).toMatchObject({ code: BLOCKED, values: { seconds: 300 } })
    })

    test('failures are forgotten after an hour', async () => {
      const { world, limits } = setUp(await openFresh())
      await fail(limits)
      await fail(limits)
      world.wait(60 * MINUTE)
      await fail(limits)
    })

    test('a right answer is no failure', async () => {
      const { limits } = setUp(await openFresh())
      for (let time = 0; time < 10; time += 1) await limits.report('visitor', PHONE, RIGHT, policy)
    })

    // Not the hundredth: of the 99 that a guesser has, some are kept for those whom the block is not for.
    test('without a policy the seventy-fifth failure blocks for an hour', async () => {
      const { limits } = setUp(await openFresh())
      for (let failure = 0; failure < 74; failure += 1) await limits.report('visitor', PHONE, WRONG, {})
      expect(await errorOf(limits.report('visitor', PHONE, WRONG, {}))).toMatchObject({
        code: BLOCKED,
        values: { seconds: 3600 },
      })
    })

    test('all spellings of an identifier count together, and forgiving one forgives all', async () => {
      const { limits } = setUp(await openFresh())
      for (const [first, second, third] of [
        ['ada@example.com', 'Ada@example.com', 'ADA@EXAMPLE.COM'],
        ['61412345678', '610412345678', '+61 412 345 678'],
        ['8613800138210', '13800138210', '008613800138210'],
        ['lim@例子.测试', 'lim@xn--fsqu00a.xn--0zwm56d', 'LIM@例子。测试'],
        ['ada', 'Ada', 'aDA'],
      ] as const) {
        await fail(limits, first)
        await fail(limits, second)
        expect((await errorOf(fail(limits, third))).code, third).toBe(BLOCKED)
        expect((await errorOf(limits.report('visitor', first, RIGHT, policy))).code, first).toBe(BLOCKED)
        await limits.forget([second])
        await limits.report('visitor', third, RIGHT, policy)
      }
    })

    test('identifiers of others count apart, and visitors cannot lock out who has signed in', async () => {
      const { limits } = setUp(await openFresh())
      for (const identifier of ['ada', 'ada', 'ada@example.com', 'ada@example.com', PHONE, PHONE])
        await fail(limits, identifier)
      await limits.report('account', 'ada', WRONG, policy)
      expect((await errorOf(fail(limits, 'ada'))).code).toBe(BLOCKED)
      await limits.report('visitor', 'ada@example.com', RIGHT, policy)
      await limits.report('account', 'ada', RIGHT, policy)
    })

    test('the table names no identifier', async () => {
      const db = await openFresh()
      const { limits } = setUp(db)
      for (let failure = 0; failure < 3; failure += 1) await fail(limits).catch(() => undefined)
      expect(dump(await db.selectFrom('identifier_failures').selectAll().execute())).not.toContain(PHONE)
      expect(dump(await db.selectFrom('identifier_blocks').selectAll().execute())).not.toContain(PHONE)
    })
  })
})
