import { SendLimits } from '@countersign/api'
import { expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { dump, testKeys, testWorld } from '../testing/world.ts'
import { createLimits, Limited } from './limits.ts'
import { DEFAULT_LIMITS } from './policy.ts'

const phone = (n: number) => readRecipient({ type: 'phone', value: `8613${String(n).padStart(4, '0')}00000` })
const mail = (n: number) => readRecipient({ type: 'email', value: `ann${n}@example.com` })
const VISITOR = '8.8.8.8'

async function setUp(db: Database, limits?: object) {
  const world = testWorld()
  const room = createLimits(db, testKeys, world)
  if (limits) await room.setSendLimits(SendLimits.parse({ email: {}, ...limits }))
  /** How a send ends: `sent`, or the scope that refused it and the seconds to wait. */
  const send = async (
    recipient: ReturnType<typeof phone>,
    from: { ip?: string; applicationId?: string } = {},
    hasDefaults = true,
  ): Promise<string> => {
    try {
      await room.reserveSend(recipient, { from, hasDefaults })
      return 'sent'
    } catch (error) {
      if (!(error instanceof Limited)) throw error
      return `${error.scope} ${(error.data as { retryAfter: number }).retryAfter}`
    }
  }
  return { world, room, send }
}

eachDatabase('limits of sends', openFresh => {
  test.each([
    ['address', { ip: VISITOR }, { ip: '8.8.4.4' }],
    ['application', { applicationId: 'shop' }, { applicationId: 'desk' }],
    ['all', {}, undefined],
  ] as const)('are counted by %s, over all recipients', async (scope, from, other) => {
    const { world, send } = await setUp(await openFresh(), { sms: { [scope]: { minute: 2, day: 3 } } })
    expect([await send(phone(1), from), await send(phone(2), from)]).toEqual(['sent', 'sent'])
    world.wait(18_000)
    expect(await send(phone(3), from)).toBe(`${scope} 42`)
    expect(await send(mail(1), from)).toBe('sent')
    if (other) expect(await send(phone(4), other)).toBe('sent')
    world.wait(42_000)
    expect([await send(phone(5), from), await send(phone(6), from)]).toEqual(['sent', `${scope} 86340`])
  })

  test('are counted by the country and by what numbers begin with', async () => {
    const { send } = await setUp(await openFresh(), {
      sms: { prefix: { hour: 1 }, country: { hour: 2 } },
    })
    const to = (value: string) => send(readRecipient({ type: 'phone', value }))
    expect(await to('8613800138000')).toBe('sent')
    expect(await to('8613800138001')).toBe('prefix 3600')
    expect(await to('8613900138001')).toBe('sent')
    expect(await to('8613700138001')).toBe('country 3600')
    expect(await to('14155552671')).toBe('sent')
    expect(await to('14155552672')).toBe('prefix 3600')
    expect(await to('14165552671')).toBe('sent')
    // Of Canada, with the country code that it shares.
    expect(await to('16475552671')).toBe('sent')
  })

  test('have a pause for every scope', async () => {
    const { world, send } = await setUp(await openFresh(), { sms: { address: { pause: 30 } } })
    const from = { ip: VISITOR }
    expect([await send(phone(1), from), await send(phone(2), from)]).toEqual(['sent', 'address 30'])
    world.wait(30_000)
    expect(await send(phone(2), from)).toBe('sent')
  })

  test('stop a flood from one address and of one number when nobody has set any', async () => {
    const { send } = await setUp(await openFresh())
    const from = { ip: '2001:4860:4860::8888' }
    const { hour } = DEFAULT_LIMITS.sms.address
    for (let n = 0; n < hour!; n += 1) expect(await send(phone(n), from)).toBe('sent')
    // Another address of the same network is the same visitor.
    expect(await send(phone(999), { ip: '2001:4860:4860::1' })).toBe('address 3600')
    expect(await send(phone(999), { ip: VISITOR })).toBe('sent')
    const { room, world, send: again } = await setUp(await openFresh())
    for (let n = 0; n < 20; n += 1) {
      expect(await again(phone(1), { ip: `8.8.${n}.8` })).toBe('sent')
      world.wait(2 * 60_000)
    }
    expect(await again(phone(1), { ip: '8.9.9.8' })).toBe('recipient 84000')
    await room.forget([phone(1).value])
    expect(await again(phone(1), { ip: '8.9.9.8' })).toBe('sent')
  })

  test.each([
    ['of a proxy or a private network', { ip: '10.0.0.7' }],
    ['of this machine', { ip: '127.0.0.1' }],
    ['that nobody knows', {}],
  ])('take an address %s for no visitor', async (_, from) => {
    const { send } = await setUp(await openFresh(), { sms: { address: { hour: 1 } } })
    for (let n = 0; n < 5; n += 1) expect(await send(phone(n), from)).toBe('sent')
  })

  test('of nobody do not hold over connectors of packages, those of an operator do', async () => {
    const { room, send } = await setUp(await openFresh())
    for (let n = 0; n < 100; n += 1) expect(await send(phone(n), { ip: VISITOR }, false)).toBe('sent')
    await room.setSendLimits(SendLimits.parse({ sms: { address: { day: 1 } }, email: {} }))
    expect(await send(phone(1), { ip: VISITOR }, false)).toBe('sent')
    expect(await send(phone(2), { ip: VISITOR }, false)).toBe('address 86400')
    await room.setSendLimits(undefined)
    expect(await send(phone(2), { ip: VISITOR }, false)).toBe('sent')
  })

  test('refuse nobody of many whose codes are used, when the limit of the day fills while that of the hour is looked at', async () => {
    const { room, send } = await setUp(await openFresh(), { sms: { address: { hour: 1, day: 2 } } })
    const from = { ip: VISITOR }
    expect(await send(phone(1), from)).toBe('sent')
    let looks = 0
    const used = async () => {
      looks += 1
      if (looks === 1) await room.reserveSend(phone(2), { from, used: async () => 1 })
      return 2
    }
    await room.reserveSend(phone(3), { from, used })
    expect(looks).toBe(2)
    await expect(room.reserveSend(phone(4), { from, used: async () => 1 })).rejects.toMatchObject({
      scope: 'address',
    })
  })

  test('count nothing for what is refused by one of them, and name nobody', async () => {
    const db = await openFresh()
    const { send } = await setUp(db, { sms: { address: { day: 1 }, application: { day: 2 } } })
    const from = { ip: VISITOR, applicationId: 'shop' }
    expect(await send(phone(1), from)).toBe('sent')
    for (let n = 2; n < 6; n += 1) expect(await send(phone(n), from)).toBe('address 86400')
    expect(await send(phone(7), { ...from, ip: '8.8.4.4' })).toBe('sent')
    const rows = dump(await db.selectFrom('counters').selectAll().execute())
    expect(rows).not.toMatch(/8\.8\.|138\d{4}00000|13000/)
  })
})
