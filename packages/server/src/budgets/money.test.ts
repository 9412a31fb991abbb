import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { createConnections } from '../connections/connections.ts'
import { createRegistry } from '../connections/registry.ts'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { spentOn } from '../ledger/spent.ts'
import { createLimits } from '../limits/limits.ts'
import { testKeys, testWorld } from '../testing/world.ts'
import { createBudgets } from './budgets.ts'
import { periodAt } from './periods.ts'

const connector = createRegistry([], () => undefined).byId('tencent-sms')!
const recipient = readRecipient({ type: 'phone', value: '8613800138000' })

/** A connection over which a message costs so much, in millionths; null where nobody knows. */
const connection = (id: string, price: number | null, currency = 'CNY') => ({
  id,
  connector,
  config: {},
  prices: JSON.stringify([{ to: '*', currency, price, unit: 'message', charged: 'submission' }]),
})

const SETTINGS = {
  name: 'Texts',
  channel: 'sms',
  period: 'month',
  timeZone: 'Asia/Shanghai',
  scope: 'all',
  subject: null,
  currency: 'CNY',
  soft: null,
  hard: 100,
  keptForKnown: 0,
  atHard: 'stop',
  segments: 2,
  assumedPrice: null,
} as const

/**
 * Budgets at two minutes to the first of December in Shanghai, on a ledger without messages.
 *
 * @param tick milliseconds that pass whenever somebody looks at the clock
 */
function setUp(db: Database, tick = 0) {
  let now = Date.parse('2026-11-30T23:58:00+08:00')
  const world = {
    ...testWorld(),
    now() {
      now += tick
      return now
    },
  }
  const reached: string[] = []
  const limits = createLimits(db, testKeys, world)
  const connections = createConnections(db, testKeys, world)
  const budgets = createBudgets({
    db,
    world,
    ledger: { spent: filter => spentOn(db, filter) },
    connections,
    clientById: async id => (id === 'app' ? {} : undefined),
    hooks: {
      async telling(event, prepare) {
        const { data } = prepare()() as { data: { name: string } }
        return { write: async () => void reached.push(`${event} ${data.name}`) }
      },
    },
  })
  const spender = (...connections: ReturnType<typeof connection>[]) => ({
    recipient,
    applicationId: 'app',
    connections,
  })
  /** Reserves the money of a message of whoever is no stranger; undefined when there is none. */
  const take = (...connections: ReturnType<typeof connection>[]) => takeAs(undefined, ...connections)
  async function takeAs(
    isKnown: (() => Promise<boolean>) | undefined,
    ...connections: ReturnType<typeof connection>[]
  ) {
    const spending = await budgets.spending({ ...spender(...connections), isKnown })
    try {
      await limits.reserveSend(recipient, { unsent: true, also: spending?.counted })
    } catch (error) {
      expect(error).toMatchObject({ code: 'request.message_rate_limited' })
      return undefined
    }
    return spending
  }
  let known = false
  const knowing = (is: boolean) => {
    known = is
  }
  const judge = (
    humanity: 'passed' | 'missing' | 'impossible',
    ...connections: ReturnType<typeof connection>[]
  ) => budgets.judge({ ...spender(...connections), humanity, isKnown: async () => known })
  const used = async () => (await budgets.list()).map(({ current }) => current.used)
  const wait = (milliseconds: number) => {
    now += milliseconds
  }
  return { budgets, connections, take, takeAs, judge, knowing, used, wait, reached }
}

eachDatabase('the money of messages', openFresh => {
  test('is reserved for the dearest connection, and goes back when another one was used or none', async () => {
    const { budgets, take, used } = setUp(await openFresh())
    await budgets.create(SETTINGS)
    const [cheap, dear] = [connection('cheap', 20), connection('dear', 50)]
    const first = await take(cheap, dear)
    const second = await take(cheap, dear)
    expect([await take(cheap, dear), await used()]).toEqual([undefined, [100]])
    await first!.settle(['cheap'])
    await first!.settle([])
    await second!.settle([])
    expect(await used()).toEqual([20])
    const third = await take(cheap)
    // Another message may leave beside it, while there is money; one that may have left stays paid.
    expect([await third!.reserve(2), await third!.reserve(2), await third!.reserve(9)]).toEqual([
      true,
      true,
      false,
    ])
    await third!.settle(['cheap', 'cheap'])
    expect(await used()).toEqual([60])
  })

  test('stays counted where it took the last room and nobody may learn that nothing left', async () => {
    const { budgets, take, used } = setUp(await openFresh())
    await budgets.create(SETTINGS)
    const one = connection('one', 40)
    const first = await take(one)
    await first!.settle([], { isHidden: true })
    expect(await used()).toEqual([0])
    await take(one)
    const last = await take(one)
    await last!.settle([], { isHidden: true })
    expect([await used(), await take(one)]).toEqual([[80], undefined])
  })

  test('goes back whenever the month has begun with a message, however long that took to be counted', async () => {
    const { budgets, take, used, wait } = setUp(await openFresh(), 1)
    await budgets.create(SETTINGS)
    wait(10 * 60_000)
    const spending = await take(connection('one', 60))
    expect(await used()).toEqual([60])
    await spending!.settle([])
    expect(await used()).toEqual([0])
  })

  test('has its end at midnight of the time zone where the month ends', async () => {
    const { budgets, take, judge, used, wait, reached } = setUp(await openFresh())
    await budgets.create(SETTINGS)
    const all = connection('all', 100)
    const last = await take(all)
    expect(await judge('impossible', all)).toMatchObject({
      demands: 'refuse',
      reason: 'budget',
      retryAfter: 120,
      refusal: { budget: 'Texts', data: { retryAfter: 120 } },
    })
    expect(reached).toEqual(['Budget.HardReached Texts'])
    wait(120_000)
    expect(await judge('impossible', all)).toBeUndefined()
    expect(await take(all)).toBeDefined()
    // What is given back of the month before stays there.
    await last!.settle([])
    expect([await used(), await take(all)]).toEqual([[100], undefined])
  })

  test('has those alone pass a check for people who could, from the soft amount on, and tells of it once', async () => {
    const { budgets, take, judge, reached } = setUp(await openFresh())
    await budgets.create({ ...SETTINGS, soft: 50 })
    const one = connection('one', 25)
    await take(one)
    expect(await judge('missing', one)).toBeUndefined()
    await take(one)
    await take(one)
    expect(await judge('missing', one)).toEqual({ demands: 'captcha', reason: 'captcha' })
    expect(await judge('passed', one)).toBeUndefined()
    expect(await judge('impossible', one)).toBeUndefined()
    expect(reached).toEqual(['Budget.SoftReached Texts'])
  })

  test('keep a part of what may be spent for known visitors, also of parallel strangers', async () => {
    const { budgets, takeAs, judge, knowing, used, reached } = setUp(await openFresh())
    await budgets.create({ ...SETTINGS, soft: 10, keptForKnown: 40 })
    const one = connection('one', 20)
    const isKnown = async () => true
    const strangers = Array.from({ length: 6 }, () => takeAs(async () => false, one))
    expect((await Promise.all(strangers)).filter(Boolean)).toHaveLength(3)
    expect([await used(), reached]).toEqual([[60], ['Budget.SoftReached Texts']])
    expect(await judge('passed', one)).toMatchObject({ demands: 'refuse', reason: 'budget' })
    expect(await judge('impossible', one)).toBeUndefined()
    knowing(true)
    // Who was here before meets no check either.
    expect(await judge('missing', one)).toBeUndefined()
    const all = await Promise.all(Array.from({ length: 6 }, () => takeAs(isKnown, one)))
    expect(all.filter(Boolean)).toHaveLength(2)
    expect([await used(), await judge('missing', one)]).toMatchObject([[100], { demands: 'refuse' }])
    expect(reached).toEqual(['Budget.SoftReached Texts', 'Budget.HardReached Texts'])
  })

  test('of one connection ends that one alone, and counts no other currency nor what has no price', async () => {
    const { budgets, connections, take, judge, used } = setUp(await openFresh())
    await connections.save({ connector, config: sampleSettings['tencent-sms'] })
    const id = (await connections.list())[0]!.id
    await budgets.create({ ...SETTINGS, scope: 'connection', subject: id })
    const [one, other] = [connection(id, 60), connection('other', 60)]
    await take(one, other)
    const second = await take(one, other)
    expect([...second!.barred]).toEqual([id])
    expect(await judge('missing', one, other)).toBeUndefined()
    expect(await judge('missing', one)).toMatchObject({ demands: 'refuse' })
    const dollars = connection(id, 60, 'USD')
    expect(
      await budgets.spending({ recipient, applicationId: 'app', connections: [dollars] }),
    ).toBeUndefined()
    expect(await take(connection(id, null))).toBeUndefined()
    expect(await used()).toEqual([60])
    const [only] = await budgets.list()
    await budgets.update(only!.id, { assumedPrice: 70 })
    expect(await take(connection(id, null))).toBeDefined()
    expect(await used()).toEqual([70])
  })

  test('refuse settings that fit no budget, naming the member, and forget what is deleted', async () => {
    const { budgets } = setUp(await openFresh())
    const wrong = (change: object) =>
      budgets.create({ ...SETTINGS, ...change }).then(
        () => 'made',
        error => error.data.issues[0].path[0],
      )
    expect(await wrong({ hard: null })).toBe('hard')
    expect(await wrong({ soft: 101 })).toBe('soft')
    expect(await wrong({ scope: 'country', subject: 'XX' })).toBe('subject')
    expect(await wrong({ timeZone: 'Mars/North' })).toBe('timeZone')
    expect(await wrong({ channel: 'email', scope: 'country', subject: 'CN' })).toBe('scope')
    const { id } = await budgets.create(SETTINGS)
    await budgets.delete(id)
    await expect(budgets.delete(id)).rejects.toMatchObject({ code: 'entity.not_found' })
    expect(await budgets.list()).toEqual([])
  })
})

test('a period begins and ends where the calendar of its time zone says so', () => {
  const at = (period: 'day' | 'month', timeZone: string, moment: string) => {
    const { name, begin, end } = periodAt({ period, timeZone }, Date.parse(moment))
    return [name, new Date(begin).toISOString(), new Date(end).toISOString()]
  }
  expect(at('day', 'Asia/Shanghai', '2026-11-30T16:00:00Z')).toEqual([
    '2026-12-01',
    '2026-11-30T16:00:00.000Z',
    '2026-12-01T16:00:00.000Z',
  ])
  expect(at('month', 'Asia/Shanghai', '2026-12-31T15:59:59Z')).toEqual([
    '2026-12',
    '2026-11-30T16:00:00.000Z',
    '2026-12-31T16:00:00.000Z',
  ])
  // Clocks are put forward in March, so that the month is an hour shorter.
  expect(at('month', 'America/New_York', '2026-03-15T00:00:00Z')).toEqual([
    '2026-03',
    '2026-03-01T05:00:00.000Z',
    '2026-04-01T04:00:00.000Z',
  ])
})
