import { expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { networkKey } from '../http/network.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { createLedger } from '../ledger/ledger.ts'
import { createLimits } from '../limits/limits.ts'
import { errorOf, testKeys, testWorld } from '../testing/world.ts'
import { createFraud, type ToldFinding } from './fraud.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const IP = '93.184.216.34'

let count = 0

/** Writes messages as the ledger does: each to a number of its own, some of them with used codes. */
function write(db: Database, now: () => number, common: Record<string, unknown>) {
  return async (sent: number, used: number): Promise<void> => {
    count += sent
    const rows = Array.from({ length: sent }, (_, n) => ({
      id: `message-${count - n}`,
      recipient_key: `person-${count - n}`,
      recipient: '+86 138****8000',
      country: 'CN',
      channel: 'sms',
      usage_type: 'SignIn',
      asked_by: 'interaction',
      state: 'accepted',
      created_at: now(),
      last_at: now(),
      verified_at: n < used ? now() : null,
      ...common,
    }))
    for (let from = 0; from < rows.length; from += 500)
      await db
        .insertInto('messages')
        .values(rows.slice(from, from + 500) as never)
        .execute()
  }
}

/** A guard over half a day of honest messages, and floods from one network. */
async function setUp(db: Database) {
  const world = testWorld()
  // In the middle of an hour, so that no hour is cut in two.
  world.wait(HOUR - (world.now() % HOUR) + 30 * MINUTE)
  const audited: string[] = []
  const told: ToldFinding[] = []
  const ledger = createLedger({
    db,
    keys: testKeys,
    world,
    timeout: 10_000,
    keepDays: 30,
    connectorOf: () => undefined,
  })
  const node = () =>
    createFraud({
      db,
      keys: testKeys,
      world,
      ledger,
      audit: { record: (key: string) => void audited.push(key) },
      telling: async (shown: (row: never) => ToldFinding) => ({
        write: async (_: Database, row: never) => void told.push(shown(row)),
      }),
    } as never)
  const fraud = node()
  const honest = write(db, world.now, { network: 'office', application_id: 'app', prefix: '861380013' })
  const flood = async (sent: number, used: number) => {
    // Elsewhere people sign in meanwhile.
    await honest(3 * sent, 2.7 * sent)
    await floodAlone(sent, used)
  }
  const floodAlone = write(db, world.now, {
    network: networkKey(testKeys, IP),
    application_id: 'app',
    prefix: '861390000',
  })
  for (let hours = 0; hours < 12; hours += 6) {
    await honest(80, 68)
    world.wait(6 * HOUR)
  }
  const look = async () => {
    world.wait(MINUTE)
    await fraud.look()
  }
  await look()
  const judge = (visitorIp: string, value = '8613800138000', known = false) =>
    fraud.judge({
      recipient: readRecipient({ type: 'phone', value }),
      visitorIp,
      applicationId: 'app',
      isKnown: async () => known,
    })
  /** Messages to strangers who have nothing in common but application and country. */
  const strangers = write(db, world.now, { application_id: 'app' })
  /** Findings in short: what, in which state. */
  const list = async () =>
    (await fraud.list()).map(({ kind, state, endReason }) =>
      [kind, state, ...(endReason ? [endReason] : [])].join(' '),
    )
  return { db, world, fraud, node, ledger, audited, told, flood, strangers, look, judge, list }
}

eachDatabase('the fraud guard', openFresh => {
  test('finds a flood beside honest messages, and only what the flood has of its own', async () => {
    const { audited, told, fraud, flood, look, judge, list, world } = await setUp(await openFresh())
    expect(await judge(IP)).toBeUndefined()
    await flood(40, 0)
    await look()
    // Their codes have not had their time.
    expect(await list()).toEqual([])
    world.wait(6 * MINUTE)
    await look()
    expect((await list()).sort()).toEqual(['network open', 'prefix open'])
    const network = (await fraud.list()).find(({ kind }) => kind === 'network')!
    expect(network).toMatchObject({
      channel: 'sms',
      mode: 'record',
      window: 'hour',
      figures: { people: 40, used: 0 },
      basis: 'channel',
      decisions: { recorded: 0, refused: 0 },
    })
    expect(network.subject).toHaveLength(8)
    expect(network.expected).toBeGreaterThan(0.7)
    expect([audited, told.map(({ kind }) => kind).sort()]).toEqual([
      ['Fraud.Found', 'Fraud.Found'],
      ['network', 'prefix'],
    ])
    // It only records, and what is of another network and prefix has nothing to do with it.
    expect(await judge(IP)).toEqual({ demands: 'nothing', reason: 'fraud', note: `record/${network.id}` })
    expect(await judge('93.184.216.35')).toBeUndefined()
    expect(await judge('93.184.216.35', '8613900001234')).toMatchObject({ demands: 'nothing' })
  })

  test('refuses or demands a check as operators say, and lets go what they allow', async () => {
    const { fraud, flood, look, judge, list, world } = await setUp(await openFresh())
    await flood(40, 0)
    world.wait(6 * MINUTE)
    await look()
    const id = (kind: string) => fraud.list().then(all => all.find(each => each.kind === kind)!.id)
    const [network, prefix] = [await id('network'), await id('prefix')]
    const both = (): Promise<unknown> => judge(IP, '8613900001234')
    await fraud.set({
      modes: { network: 'captcha', prefix: 'refuse', application: 'record', country: 'refuse' },
      escalates: false,
    })
    expect(await both()).toEqual({ demands: 'refuse', reason: 'fraud', note: `refuse/${prefix}` })
    expect(await judge(IP)).toMatchObject({ demands: 'captcha', note: `captcha/${network}` })
    expect(await fraud.allow(network, { days: 7, by: 'ada' })).toMatchObject({
      state: 'allowed',
      allowedBy: 'ada',
      allowedUntil: world.now() + 7 * DAY,
    })
    // The address is narrower than the prefix, so it counts more.
    expect([await both(), await judge(IP)]).toEqual([undefined, undefined])
    await flood(40, 0)
    world.wait(6 * MINUTE)
    await look()
    expect((await list()).filter(each => each.startsWith('network'))).toEqual(['network allowed'])
    await fraud.disallow(network)
    await look()
    expect((await list()).filter(each => each.startsWith('network'))).toEqual([
      'network open',
      'network ended taken_back',
    ])
    expect(await errorOf(fraud.allow(network, { days: 7, by: 'ada' }))).toMatchObject({
      code: 'entity.invalid_input',
    })
    expect(await errorOf(fraud.disallow('nothing'))).toMatchObject({ code: 'entity.not_found' })
    // A week later it is judged anew.
    await fraud.allow(await id('network'), { days: 1, by: 'ada' })
    world.wait(DAY)
    await look()
    expect(await list()).toContain('network ended allowance_over')
  })

  test('ends a finding when codes are used again, or when nothing shows for some hours', async () => {
    const { audited, flood, look, list, judge, world } = await setUp(await openFresh())
    await flood(40, 0)
    world.wait(6 * MINUTE)
    await look()
    world.wait(HOUR)
    await flood(100, 95)
    world.wait(6 * MINUTE)
    await look()
    expect((await list()).sort()).toEqual(['network ended well', 'prefix ended well'])
    expect(await judge(IP)).toBeUndefined()
    world.wait(12 * HOUR)
    await flood(25, 0)
    world.wait(6 * MINUTE)
    await look()
    expect((await list()).filter(each => each.endsWith('open'))).toHaveLength(2)
    world.wait(3 * HOUR)
    await look()
    expect((await list()).filter(each => each.endsWith('quiet'))).toHaveLength(2)
    expect(audited.filter(key => key === 'Fraud.Ended')).toHaveLength(4)
  })

  test('finds what is slow and spread over a day', async () => {
    const { flood, look, list, world } = await setUp(await openFresh())
    for (let hours = 0; hours < 20; hours += 1) {
      await flood(5, 0)
      world.wait(HOUR)
    }
    await look()
    expect((await list()).sort()).toEqual(['network open', 'prefix open'])
  })

  test('holds up strangers alone where many are one subject, and of these who uses no code after a check', async () => {
    const { db, fraud, strangers, look, judge, list, world } = await setUp(await openFresh())
    world.wait(2 * HOUR)
    // Whoever signed in before, and a network of its own, say nothing of strangers.
    await write(db, world.now, { application_id: 'app', device: 'pass' })(2, 0)
    await write(db, world.now, { application_id: 'app', device: 'copied' })(4, 0)
    await strangers(20, 0)
    world.wait(6 * MINUTE)
    await look()
    const found = await fraud.list()
    expect(found.map(({ kind, figures }) => [kind, figures.people]).sort()).toEqual([
      ['application', 24],
      ['country', 24],
    ])
    const { id } = found.find(({ kind }) => kind === 'application')!
    const modes = {
      network: 'captcha',
      prefix: 'captcha',
      application: 'captcha',
      country: 'refuse',
    } as const
    await fraud.set({ modes: { ...modes, country: 'captcha' }, escalates: true })
    expect(await judge(IP, undefined, true)).toMatchObject({ demands: 'nothing', note: `record/${id}` })
    expect(await judge(IP)).toMatchObject({ demands: 'captcha', note: `captcha/${id}` })

    const limits = createLimits(db, testKeys, world)
    let number = 8613800130000
    /** So many strangers who passed the check ask at once: how many get a code. */
    const passing = async (people: number) => {
      const came = await Promise.allSettled(
        Array.from({ length: people }, async () => {
          number += 1
          const value = String(number)
          const verdict = await judge(IP, value)
          const recipient = readRecipient({ type: 'phone', value })
          await limits.reserveSend(recipient, { also: verdict?.passed })
        }),
      )
      const refused = came.flatMap(each => (each.status === 'rejected' ? [each.reason.code] : []))
      expect(new Set(refused)).toEqual(new Set(refused.length > 0 ? ['request.message_refused'] : []))
      return people - refused.length
    }
    expect(await passing(12)).toBe(8)
    const passed = { application_id: 'app', fraud: `captcha/${id}` }
    await write(db, world.now, passed)(3, 3)
    expect([await passing(9), await passing(1)]).toEqual([6, 0])
    // While people ask who are held back, the finding stays, and a few more may try each hour.
    const heldBack = write(db, world.now, { ...passed, state: 'refused', reason: 'fraud_escalated' })
    for (let hours = 0; hours < 5; hours += 1) {
      await heldBack(25, 0)
      world.wait(HOUR - 10 * MINUTE)
      await look()
      world.wait(9 * MINUTE)
    }
    expect((await list()).sort()).toEqual(['application open', 'country open'])
    expect(await passing(10)).toBe(5)
    await fraud.set({ modes, escalates: false })
    expect(await judge(IP)).toMatchObject({ demands: 'refuse' })
    expect(await judge(IP, undefined, true)).toMatchObject({ demands: 'nothing' })
  })

  test('knows visitors by their browser and their network, and for so many messages a day', async () => {
    const { db, fraud, world } = await setUp(await openFresh())
    const recipient = readRecipient({ type: 'phone', value: '8613800138000' })
    const times = async (asks: number, asking: { device?: string; visitorIp?: string }) => {
      let known = 0
      for (let n = 0; n < asks; n += 1) known += Number(await fraud.isKnown({ recipient, ...asking }))
      return known
    }
    expect(await times(12, { device: 'pass' })).toBe(10)
    expect(await times(1, { device: 'pass', visitorIp: IP })).toBe(0)
    const used = write(db, world.now, { network: networkKey(testKeys, IP) })
    await used(3, 0)
    expect(await times(2, { visitorIp: IP })).toBe(0)
    await used(2, 2)
    expect(await times(5, { visitorIp: IP })).toBe(3)
    expect(await times(1, { visitorIp: '10.0.0.1' })).toBe(0)
    world.wait(DAY)
    expect([await times(1, { device: 'pass' }), await times(1, { visitorIp: IP })]).toEqual([1, 1])
    world.wait(14 * DAY)
    expect(await times(1, { visitorIp: IP })).toBe(0)
  })

  test('of several nodes one looks, and what one finds another one knows', async () => {
    const { node, flood, judge, told, world } = await setUp(await openFresh())
    await flood(40, 0)
    world.wait(8 * MINUTE)
    const nodes = [node(), node(), node()]
    await Promise.all(nodes.map(each => each.look()))
    expect(told).toHaveLength(2)
    expect(await judge(IP)).toMatchObject({ reason: 'fraud' })
  })

  test('counts people and not messages, and nobody who was not reached', async () => {
    const { db, ledger, world } = await setUp(await openFresh())
    world.wait(2 * HOUR)
    const resent = write(db, world.now, { recipient_key: 'one', prefix: '8613', network: null })
    await resent(5, 1)
    await write(db, world.now, { receipt: 'undelivered', prefix: '8613' })(7, 0)
    await write(db, world.now, { state: 'refused', prefix: '8613' })(7, 0)
    await write(db, world.now, { asked_by: 'test', prefix: '8613' })(7, 0)
    const rows = await ledger.people({ begin: world.now() - HOUR, end: world.now() + 1, least: 1 })
    expect(rows.sort((a, b) => (a.subject < b.subject ? -1 : 1))).toEqual([
      { subject: 'sms/all/', people: 1, used: 1 },
      { subject: 'sms/country/CN', people: 1, used: 1 },
      { subject: 'sms/prefix/8613', people: 1, used: 1 },
    ])
  })
})
