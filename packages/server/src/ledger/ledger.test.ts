import { SendError } from '@countersign/kit'
import { createQueryId, type RootOperationNode, sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Database, isSqlite } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { type TestWorld, testKeys, testWorld } from '../testing/world.ts'
import { FILTERS, type MessageFilter } from './filter.ts'
import { createLedger, type Outcome } from './ledger.ts'
import { MOST_AN_HOUR } from './refused.ts'
import { ledgerStore } from './store.ts'

const PHONE = '8613800138000'
const recipient = readRecipient({ type: 'phone', value: PHONE })
const asked = { recipient, usageType: 'SignIn', asker: { by: 'interaction', applicationId: 'app' } } as const
const FIRST = { size: 10, offset: 0 }
const TIMEOUT = 8000

const ledgerOf = (db: Database, world: TestWorld) =>
  createLedger({
    db,
    keys: testKeys,
    world,
    timeout: TIMEOUT,
    keepDays: 30,
    connectorOf: () => undefined,
  })

const attempt = (world: TestWorld, id: string, nth = 1, connector = 'aliyun-sms') => ({
  id,
  nth,
  connector,
  connectionId: 'connection',
  at: world.now(),
})

async function setUp(db: Database) {
  const world = testWorld()
  const ledger = ledgerOf(db, world)
  const messages = async (filter: Parameters<typeof ledger.list>[0] = {}) =>
    (await ledger.list(filter, FIRST)).messages
  return { db, world, ledger, messages }
}

eachDatabase('the ledger', openFresh => {
  test('has a message and its attempt before anything leaves, and what became of both afterwards', async () => {
    const { db, world, ledger, messages } = await setUp(await openFresh())
    const one = attempt(world, 'a1')
    await ledger.begin({ ...asked, id: 'm1' }, one)
    expect(await messages()).toMatchObject([
      { id: 'm1', state: 'sending', verifiedAt: null, attempts: [{ id: 'a1', state: 'sending' }] },
    ])
    world.wait(300)
    await ledger.end(one, { ids: { BizId: '1^0' } })
    world.wait(60_000)
    const code = { id: 'm1', binding: 'b', hash: 'h', digits: 6, tries: 0, created_at: 1, consumed_at: null }
    await db.insertInto('codes').values(code).execute()
    await db.updateTable('codes').set({ tries: 1 }).execute()
    expect(await messages()).toMatchObject([{ verifiedAt: null }])
    await db.updateTable('codes').set({ tries: 2, consumed_at: world.now() }).execute()
    expect(await messages()).toMatchObject([
      {
        state: 'accepted',
        recipient: '+86 138****8000',
        country: 'CN',
        askedBy: 'interaction',
        applicationId: 'app',
        connector: 'aliyun-sms',
        createdAt: world.now() - 60_300,
        verifiedAt: world.now(),
        attempts: [
          { nth: 1, connectionId: 'connection', state: 'accepted', ids: { BizId: '1^0' }, took: 300 },
        ],
      },
    ])
  })

  test('keeps with an attempt the price at which it left, and tells what it costs as far as that is known', async () => {
    const { world, ledger, messages } = await setUp(await openFresh())
    const rate = {
      to: 'CN',
      currency: 'CNY',
      price: 45_000,
      unit: 'segment',
      charged: 'submission',
      source: 'test',
      asOf: '2026-11',
    } as const
    const unsure = new SendError('unreachable', { maybeSent: true })
    const ends = [
      [rate, { ids: {}, segments: 2 }],
      [rate, { ids: {} }],
      [
        { ...rate, unit: 'message' },
        { ids: {}, segments: 2 },
      ],
      [
        { ...rate, charged: 'receipt' },
        { ids: {}, segments: 1 },
      ],
      [
        { ...rate, price: null },
        { ids: {}, segments: 1 },
      ],
      [undefined, { ids: {}, segments: 0.5 }],
      [rate, { failed: unsure, answer: undefined }],
      [rate, { failed: new SendError('balance_exhausted'), answer: undefined }],
    ] as const
    for (const [index, [rate, outcome]] of ends.entries()) {
      const one = { ...attempt(world, `a${index}`), rate }
      await ledger.begin({ ...asked, id: `m${index}` }, one)
      await ledger.end(one, outcome)
      world.wait(1)
    }
    const costs = (await messages()).reverse().map(({ attempts: [one] }) => {
      const { amount, currency, isEstimate } = one!.cost ?? {}
      return [one!.segments, amount, currency, isEstimate]
    })
    expect(costs).toEqual([
      [2, 90_000, 'CNY', false],
      [null, 45_000, 'CNY', true],
      [2, 45_000, 'CNY', false],
      [1, 45_000, 'CNY', true],
      [1, null, 'CNY', false],
      [null, null, null, false],
      [null, 45_000, 'CNY', true],
      [null, undefined, undefined, undefined],
    ])
  })

  test('charges by a receipt where that is when it is due: nothing for what did not arrive, and its segments', async () => {
    const { world, ledger, messages } = await setUp(await openFresh())
    const rate = (charged: 'submission' | 'receipt') => ({
      to: 'CN',
      currency: 'CNY',
      price: 45_000,
      unit: 'segment' as const,
      charged,
      source: 'test',
      asOf: '2026-11',
    })
    const rows = [
      ['receipt', 'delivered', 2],
      ['receipt', 'failed', 2],
      ['receipt', 'pending', undefined],
      ['submission', 'failed', 2],
    ] as const
    for (const [index, [charged, state, segments]] of rows.entries()) {
      const one = { ...attempt(world, `a${index}`), rate: rate(charged) }
      await ledger.begin({ ...asked, id: `m${index}` }, one)
      const receipt = { ids: {}, attemptId: one.id, state, ...(segments && { segments }) }
      const told = { connectionId: 'connection', connector: 'aliyun-sms', via: 'push' as const }
      const come = () => ledger.receive({ ...told, receipts: [receipt] })
      // Some come before the answer to the request does.
      if (index % 2 === 0) await come()
      await ledger.end(one, { ids: {} })
      await come()
      world.wait(1)
    }
    const costs = (await messages())
      .reverse()
      .map(({ attempts: [one] }) => [one!.segments, one!.cost?.amount, one!.cost?.isEstimate])
    expect(costs).toEqual([
      [2, 90_000, false],
      [2, 0, false],
      [null, 45_000, true],
      [2, 90_000, false],
    ])
    const span = { begin: 0, end: world.now() + 1, offsets: [{ from: 0, ahead: 0 }] }
    expect(await ledger.sums('country', span)).toEqual([
      {
        key: 'CN',
        currency: 'CNY',
        sent: 4,
        delivered: 1,
        undelivered: 2,
        verified: 0,
        unpriced: 0,
        amount: 225_000,
        estimated: 45_000,
      },
    ])
  })

  test('tells of a message what the attempt came to that came furthest, whichever of them ends first', async () => {
    const { world, ledger, messages } = await setUp(await openFresh())
    const [one, two] = [attempt(world, 'a1'), attempt(world, 'a2', 2, 'tencent-sms')]
    const failed = { failed: new SendError('unreachable'), answer: undefined }
    await ledger.begin({ ...asked, id: 'm1' }, one)
    await ledger.end(one, failed)
    expect(await messages()).toMatchObject([{ state: 'failed', connector: 'aliyun-sms' }])
    await ledger.begin({ ...asked, id: 'm1' }, two)
    expect(await messages()).toMatchObject([{ state: 'sending', connector: 'tencent-sms' }])
    await ledger.end(two, { ids: {} })
    await ledger.end(one, failed)
    expect(await messages()).toMatchObject([
      {
        state: 'accepted',
        connector: 'tencent-sms',
        attempts: [
          { nth: 1, state: 'failed' },
          { nth: 2, state: 'accepted' },
        ],
      },
    ])
  })

  test('tells of a message with two attempts that are under way which may have been sent, and whose code was used', async () => {
    const { db, world, ledger, messages } = await setUp(await openFresh())
    const failed = { failed: new SendError('balance_exhausted'), answer: undefined }
    for (const [place, [first, second, state, connector]] of [
      [{ ids: {} }, failed, 'accepted', 'aliyun-sms'],
      [failed, { ids: {} }, 'accepted', 'tencent-sms'],
      [{ ids: {} }, { ids: {} }, 'accepted', 'tencent-sms'],
      [failed, failed, 'failed', 'tencent-sms'],
    ].entries() as Iterable<[number, [Outcome, Outcome, string, string]]>) {
      world.wait(1)
      const id = `m${place}`
      const one = attempt(world, `${id}-1`)
      const two = { ...attempt(world, `${id}-2`, 2, 'tencent-sms'), code: 'second' as const }
      await ledger.begin({ ...asked, id }, one)
      await ledger.begin(
        { ...asked, id },
        two,
        ledger.hedged(one).then(() => undefined),
      )
      expect((await messages())[0]).toMatchObject({
        state: 'sending',
        connector: 'tencent-sms',
        attempts: [
          { code: 'first', state: 'unconfirmed', reason: 'hedged' },
          { code: 'second', state: 'sending', reason: null },
        ],
      })
      // Both at the same moment: neither must write over what the other has told.
      await Promise.all([ledger.end(one, { ...first, hedged: true }), ledger.end(two, second)])
      expect((await messages())[0]).toMatchObject({ id, state, connector, usedCode: null })
      expect((await messages())[0]!.attempts[0]).toMatchObject({ reason: 'hedged' })
      // It has ended, so nothing is noted of it any more.
      await ledger.hedged(one)
      expect((await messages())[0]).toMatchObject({ state })
      const code = { id, binding: id, hash: 'h', digits: 6, tries: 0, created_at: 1 }
      await db.insertInto('codes').values(code).execute()
      // A node of an older version knows only the first.
      const used = [1, 2, null, 2][place]!
      await db.updateTable('codes').set({ consumed_at: 9, used }).where('id', '=', id).execute()
      expect((await messages())[0]).toMatchObject({
        verifiedAt: 9,
        usedCode: used === 2 ? 'second' : 'first',
      })
    }
  })

  test('knows the newest attempts to a recipient for a purpose, and whether others of their connections arrive', async () => {
    const { db, world, ledger } = await setUp(await openFresh())
    const other = readRecipient({ type: 'phone', value: '8613800138001' })
    const over = (id: string, connectionId: string, nth = 1) => ({ ...attempt(world, id, nth), connectionId })
    const arrived = (id: string) =>
      db
        .updateTable('attempts')
        .set({ receipt: 'delivered', receipt_at: world.now() })
        .where('id', '=', id)
        .execute()
    await ledger.begin({ ...asked, id: 'old' }, over('old', 'one'))
    world.wait(60_001)
    await ledger.begin({ ...asked, recipient: other, id: 'before' }, over('before', 'two'))
    await arrived('before')
    world.wait(1)
    await ledger.begin({ ...asked, id: 'm1' }, over('a1', 'one'))
    await ledger.begin({ ...asked, id: 'm1' }, over('a2', 'two', 2))
    await ledger.begin({ ...asked, usageType: 'Register', id: 'm2' }, over('b1', 'one'))
    world.wait(5)
    await ledger.begin({ ...asked, recipient: other, id: 'since' }, over('since', 'one'))
    await arrived('since')
    const lately = await ledger.lately(asked, 60_000)
    expect(lately).toEqual([
      { connectionId: 'two', state: 'sending', failure: null, receipt: null, age: 5, othersArrive: false },
      { connectionId: 'one', state: 'sending', failure: null, receipt: null, age: 5, othersArrive: true },
    ])
  })

  test('says how the attempts over one connection ended of late, and which are silent', async () => {
    const { world, ledger } = await setUp(await openFresh())
    const begun = async (id: string, change: object = {}) => {
      const one = { ...attempt(world, id), ...change }
      await ledger.begin({ ...asked, id }, one)
      return one
    }
    await begun('of a process that died')
    world.wait(60_000)
    await ledger.recover()
    const start = world.now()
    await ledger.end(await begun('accepted'), { ids: {} })
    const failed = await begun('failed')
    world.wait(200)
    await ledger.end(failed, { failed: new SendError('throttled'), answer: undefined })
    await ledger.end(await begun('of another', { connectionId: 'other' }), { ids: {} })
    await ledger.hedged(await begun('hedged'))
    await begun('silent')
    const told = (since: number) => ledger.ended('connection', since)
    const ends = [
      { failure: null, endedAt: start },
      { failure: 'throttled', endedAt: start + 200 },
      { failure: 'unreachable', endedAt: start + 200 },
    ]
    const byEnd = (all: typeof ends) =>
      all.toSorted((a, b) => a.endedAt - b.endedAt || `${a.failure}`.localeCompare(`${b.failure}`))
    expect(byEnd(await told(0))).toEqual(byEnd(ends))
    world.wait(3000)
    expect(byEnd(await told(0))).toEqual(byEnd([...ends, { failure: 'unreachable', endedAt: start + 200 }]))
    expect(await told(start + 201)).toEqual([])
    // A send is over by now: whoever began it is dead.
    world.wait(60_000)
    expect(byEnd(await told(0))).toEqual(byEnd(ends))
  })

  test('ends what a process left that died, on whichever node, and takes the truth when it comes late', async () => {
    const { db, world, ledger, messages } = await setUp(await openFresh())
    const slow = attempt(world, 'slow')
    await ledger.begin({ ...asked, id: 'sent' }, slow)
    // The process died between the two rows, of which none needs the other.
    await ledger.begin({ ...asked, id: 'alone' }, attempt(world, 'never'))
    await db.deleteFrom('attempts').where('id', '=', 'never').execute()
    // The second attempt was taken back, since nobody knew whether it was stored.
    const first = attempt(world, 'first')
    await ledger.begin({ ...asked, id: 'again' }, first)
    await ledger.end(first, { failed: new SendError('unreachable'), answer: undefined })
    await ledger.begin({ ...asked, id: 'again' }, attempt(world, 'second', 2))
    await db.deleteFrom('attempts').where('id', '=', 'second').execute()
    world.wait(3 * TIMEOUT)
    const nodes = [ledger, ledgerOf(db, world)]
    await Promise.all(nodes.map(node => node.recover()))
    expect((await messages()).map(({ state }) => state)).toEqual(['sending', 'sending', 'sending'])
    world.wait(1)
    await Promise.all(nodes.map(node => node.recover()))
    expect(await messages({ state: 'not_sent' })).toMatchObject([
      { id: 'alone', reason: 'interrupted', attempts: [] },
    ])
    expect(await messages({ state: 'unconfirmed' })).toMatchObject([
      { id: 'sent', attempts: [{ state: 'unconfirmed', failure: 'unreachable', reason: 'interrupted' }] },
    ])
    expect(await messages({ state: 'failed' })).toMatchObject([
      { id: 'again', reason: null, attempts: [{ id: 'first' }] },
    ])
    await ledger.end(slow, { ids: {} })
    expect(await messages({ state: 'accepted' })).toMatchObject([
      { id: 'sent', attempts: [{ state: 'accepted', failure: null, reason: null }] },
    ])
  })

  test('leaves no message and no attempt where something that belongs to them could not be stored', async () => {
    const { world, ledger, messages } = await setUp(await openFresh())
    const before = () => Promise.reject(new Error('the disk is full'))
    const first = ledger.begin({ ...asked, id: 'm1' }, attempt(world, 'a1'), before())
    await expect(first).rejects.toThrow('the disk is full')
    await expect(ledger.withhold({ ...asked, id: 'm2' }, before())).rejects.toThrow('the disk is full')
    expect(await messages()).toEqual([])
    await expect.poll(async () => (await ledger.list({}, FIRST)).total).toBe(0)
  })

  test('gives an attempt of a node of an older version a message, which follows it', async () => {
    const { db, world, messages } = await setUp(await openFresh())
    const old = { id: 'old', connector: 'aliyun-sms', channel: 'sms', usage_type: 'Register', ids: '{}' }
    const row = { ...old, recipient: '+86 138****8000', state: 'sending', created_at: world.now() }
    await db.insertInto('attempts').values(row).execute()
    expect(await messages()).toMatchObject([
      { id: 'old', state: 'sending', askedBy: null, usageType: 'Register', attempts: [{ id: 'old' }] },
    ])
    await db.updateTable('attempts').set({ state: 'accepted' }).where('id', '=', 'old').execute()
    expect(await messages()).toMatchObject([{ state: 'accepted', connector: 'aliyun-sms' }])
  })

  test('counts refusals of one recipient in one row an hour, on all nodes together', async () => {
    const { db, world, ledger, messages } = await setUp(await openFresh())
    const other = ledgerOf(db, world)
    for (let time = 0; time < 500; time += 1)
      for (const node of [ledger, other]) node.notSent(asked, { state: 'refused', reason: 'limit' })
    await other.settled()
    world.wait(1000)
    ledger.notSent(asked, { state: 'refused', reason: 'limit' })
    ledger.notSent(asked, { state: 'refused', reason: 'pause' })
    ledger.notSent(asked, { state: 'suppressed', reason: 'no_account' })
    expect(await messages({ recipient: PHONE })).toMatchObject([
      { state: expect.any(String), times: 1 },
      { state: expect.any(String), times: 1 },
      { state: 'refused', reason: 'limit', times: 1001, lastAt: world.now(), attempts: [], connector: null },
    ])
    world.wait(60 * 60_000)
    ledger.notSent(asked, { state: 'refused', reason: 'limit' })
    expect((await messages({ state: 'refused' })).map(({ times }) => times)).toEqual([1, 1, 1001])
  })

  test('counts what each budget refuses apart, under its name', async () => {
    const { ledger, messages } = await setUp(await openFresh())
    for (const budget of ['Day', 'Month', 'Day'])
      ledger.notSent({ ...asked, budget }, { state: 'refused', reason: 'budget' })
    const refused = await messages({ state: 'refused' })
    expect(Object.fromEntries(refused.map(({ budget, times }) => [budget, times]))).toEqual({
      Day: 2,
      Month: 1,
    })
  })

  test('counts refusals without their recipients, once a thousand rows of an hour have some', async () => {
    const { db, world, ledger } = await setUp(await openFresh())
    const to = (nth: number) => readRecipient({ type: 'phone', value: String(8613900000000 + nth) })
    const refuse = (nth: number) =>
      ledger.notSent({ ...asked, recipient: to(nth) }, { state: 'refused', reason: 'impossible_number' })
    const counted = async () => {
      await ledger.settled()
      return db
        .selectFrom('messages')
        .select(({ fn }) => [
          fn.countAll<number>().as('rows'),
          fn.sum<number>('times').as('times'),
          fn.count<number>('recipient_key').as('known'),
        ])
        .executeTakeFirstOrThrow()
    }
    for (let nth = 0; nth < MOST_AN_HOUR + 50; nth += 1) refuse(nth)
    const { rows, times, known } = await counted()
    expect([rows, times, known].map(Number)).toEqual([MOST_AN_HOUR + 1, MOST_AN_HOUR + 50, MOST_AN_HOUR])
    // Those that have a row are still counted there.
    refuse(0)
    world.wait(60 * 60_000)
    refuse(MOST_AN_HOUR + 50)
    expect(Number((await counted()).rows)).toBe(MOST_AN_HOUR + 2)
  })

  test('finds a whole number or address in any spelling, and keeps neither', async () => {
    const { db, world, ledger, messages } = await setUp(await openFresh())
    await ledger.begin({ ...asked, id: 'm1' }, attempt(world, 'a1'))
    const mail = readRecipient({ type: 'email', value: 'Ada@example.com' })
    await ledger.withhold({ ...asked, recipient: mail, id: 'm2' })
    for (const spelling of [PHONE, '+86 138 0013 8000', '0086-13800138000', '13800138000'])
      expect(
        (await messages({ recipient: spelling })).map(({ id }) => id),
        spelling,
      ).toEqual(['m1'])
    expect((await messages({ recipient: 'ada@EXAMPLE.com' })).map(({ id }) => id)).toEqual(['m2'])
    expect(await messages({ recipient: '8613800138001' })).toEqual([])
    const rows = [
      await db.selectFrom('messages').selectAll().execute(),
      await db.selectFrom('attempts').selectAll().execute(),
    ]
    expect(JSON.stringify(rows)).not.toMatch(/13800138000|ada@/i)
  })

  test('forgets messages and attempts after the days for which they are kept', async () => {
    const { db, world, ledger, messages } = await setUp(await openFresh())
    await ledger.begin({ ...asked, id: 'old' }, attempt(world, 'a1'))
    world.wait(30 * 24 * 60 * 60_000)
    await ledger.begin({ ...asked, id: 'young' }, attempt(world, 'a2'))
    await ledger.purge()
    expect(await messages()).toHaveLength(2)
    world.wait(1)
    await ledger.purge()
    expect((await messages()).map(({ id }) => id)).toEqual(['young'])
    expect(await db.selectFrom('attempts').select('id').execute()).toEqual([{ id: 'a2' }])
  })

  test('has an index for every list, which gives it in its order', async () => {
    const db = await openFresh()
    await fill(db, 3000)
    const rare = Object.fromEntries(FILTERS.map(([name, column]) => [column, { [name]: 'rare' }]))
    const lists: Record<string, MessageFilter> = {
      ...rare,
      receipt: { state: 'undelivered' },
      open_state: { state: 'failed' },
      age: {},
    }
    for (const [index, filter] of Object.entries(lists))
      for (const times of [{}, { from: 1000, to: 2900 }]) {
        const plan = await planOf(db, store => store.list({ ...filter, ...times }, 20, 0))
        expect([plan, JSON.stringify(times)]).toEqual([`messages_by_${index}`, JSON.stringify(times)])
      }
  })
})

/** So many messages, of which each filter of a list leaves a few. */
async function fill(db: Database, many: number): Promise<void> {
  const numbers = isSqlite(db)
    ? sql`(with recursive s(n) as (select 1 union all select n + 1 from s where n < ${many}) select n from s) as s`
    : sql`generate_series(1, ${sql.lit(many)}) as s(n)`
  const columns = FILTERS.map(([, column]) => column)
  const rare = columns.map(() => sql`case when n % 100 = 0 then 'rare' else 'often' end`)
  await sql`insert into messages (${sql.join(columns.map(column => sql.ref(column)))}, id, recipient, channel, state, receipt,
      created_at, last_at)
    select ${sql.join(rare)}, 'm' || n, '', 'sms', case when n % 100 = 1 then 'failed' else 'accepted' end,
      case when n % 100 = 2 then 'undelivered' when n % 3 = 0 then 'delivered' end, n, n from ${numbers}`.execute(
    db,
  )
  await sql`analyze`.execute(db)
}

/** The index by which the database goes through a statement of the ledger; all of its plan when it needs more than that. */
async function planOf(
  db: Database,
  ask: (store: ReturnType<typeof ledgerStore>) => Promise<unknown>,
): Promise<string> {
  const asked: RootOperationNode[] = []
  const watched = db.withPlugin({
    transformQuery({ node }) {
      asked.push(node)
      return node
    },
    transformResult: async ({ result }) => result,
  })
  await ask(ledgerStore(watched))
  const query = db.getExecutor().compileQuery(asked[0]!, createQueryId())
  const explain = isSqlite(db) ? 'explain query plan' : 'explain'
  const { rows } = await db.executeQuery<Record<string, string>>({ ...query, sql: `${explain} ${query.sql}` })
  const plan = rows.map(row => row.detail ?? row['QUERY PLAN']).join('\n')
  const [, index] = /(?:USING INDEX|Index Scan.* using) (\w+)/.exec(plan) ?? []
  return index && !/\bSort\b|Seq Scan|TEMP B-TREE|SCAN messages$/m.test(plan) ? index : plan
}
