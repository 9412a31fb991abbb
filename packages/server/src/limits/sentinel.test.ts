import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { dump, errorOf, testKeys, testWorld } from '../testing/world.ts'
import { createLimits } from './limits.ts'
import type { Attempt, Client } from './sentinel.ts'

const PHONE = '8613800138000'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const BLOCKED = 'session.verification_blocked_too_many_attempts'
const SPENT = 'verification_code.exceed_max_try'

function setUp(db: Database, policy: { maxAttempts?: number; lockoutDuration?: number } = {}) {
  const world = testWorld()
  const limits = createLimits(db, testKeys, world)
  let last = 0
  /** Whether the outcome of an attempt stands; else the code of the refusal. */
  async function attempt(what: Attempt): Promise<string | true> {
    try {
      await limits.report('visitor', PHONE, what, policy)
      return true
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  const stranger = (): Client => {
    last += 1
    return { address: `198.51.${last >> 8}.${last & 255}`, interaction: `visit ${last}` }
  }
  const wrong = (kind: Attempt['kind'], client = stranger(), message?: string) =>
    attempt({ kind, succeeded: false, client, message })
  const right = (kind: Attempt['kind'], client = stranger(), message?: string) =>
    attempt({ kind, succeeded: true, client, message })
  /** Failures of strangers, until they are no longer heard; how many were. */
  async function flood(kind: Attempt['kind']) {
    for (let heard = 0; ; heard += 1)
      if ((await wrong(kind, stranger(), kind === 'code' ? `message ${heard}` : undefined)) !== true)
        return heard
  }
  return { world, limits, attempt, stranger, wrong, right, flood }
}

eachDatabase('failures', openFresh => {
  test.each([1, 2, 3, 20, 75])('of one client are as many as the policy says: %i', async maxAttempts => {
    const { world, wrong, right, stranger } = setUp(await openFresh(), { maxAttempts, lockoutDuration: 5 })
    const client = stranger()
    const kinds = ['password', 'code'] as const
    for (let failure = 1; failure < maxAttempts; failure += 1)
      expect(await wrong(kinds[failure % 2]!, client, 'message')).toBe(true)
    expect(await right('code', client, 'message')).toBe(true)
    expect(await right('password', client)).toBe(true)
    expect(await wrong('password', client)).toBe(BLOCKED)
    for (const kind of kinds) expect(await right(kind, client, 'message')).toBe(BLOCKED)
    world.wait(5 * MINUTE)
    expect(await right('password', client)).toBe(true)
    expect(await wrong('password', client)).toBe(BLOCKED)
  })

  test('count together for a client that goes from address to address, or from visit to visit', async () => {
    const { wrong, stranger } = setUp(await openFresh(), { maxAttempts: 3 })
    expect(await wrong('password', { ...stranger(), interaction: 'one' })).toBe(true)
    expect(await wrong('password', { ...stranger(), interaction: 'one' })).toBe(true)
    expect(await wrong('password', { ...stranger(), interaction: 'one' })).toBe(BLOCKED)
  })

  test('of addresses in one half of IPv6 are those of one client', async () => {
    const { wrong } = setUp(await openFresh(), { maxAttempts: 3 })
    for (const [address, told] of [
      ['2001:db8:1:2::1', true],
      ['2001:db8:1:2:ffff::1', true],
      ['2001:db8:1:2:3:4:5:6', BLOCKED],
    ] as const)
      expect(await wrong('password', { address, interaction: address })).toBe(told)
  })

  test('with passwords leave thirteen tries at codes, of one that was sent two', async () => {
    const { wrong, right, flood } = setUp(await openFresh())
    expect(await flood('password')).toBe(74)
    expect(await right('password')).toBe(BLOCKED)
    // One is common yet: not until those are used up does it matter which code it is.
    expect(await wrong('code')).toBe(true)
    expect(await right('code')).toBe(BLOCKED)
    expect(await right('code', undefined, 'message')).toBe(true)
    for (let message = 1; message <= 6; message += 1) {
      for (const _ of [1, 2]) expect(await wrong('code', undefined, `message ${message}`)).toBe(true)
      const spent = message < 6 ? SPENT : BLOCKED
      expect(await right('code', undefined, `message ${message}`)).toBe(spent)
    }
    expect(await right('code', undefined, 'another message')).toBe(BLOCKED)
  })

  test('with codes leave passwords to strangers', async () => {
    const { right, flood } = setUp(await openFresh())
    expect(await flood('code')).toBe(75)
    expect(await right('code', undefined, 'message')).toBe(BLOCKED)
    expect(await right('password')).toBe(true)
    expect(await flood('password')).toBe(12)
    expect(await right('password')).toBe(BLOCKED)
  })

  test('of browsers that are known count apart, four each and eight in all', async () => {
    const { wrong, right, flood, stranger } = setUp(await openFresh())
    await flood('password')
    for (const device of ['one', 'two']) {
      expect(await right('password', { ...stranger(), device })).toBe(true)
      for (let failure = 0; failure < 4; failure += 1)
        expect(await wrong('password', { ...stranger(), device })).toBe(true)
      expect(await right('password', { ...stranger(), device })).toBe(BLOCKED)
    }
    expect(await right('password', { ...stranger(), device: 'three' })).toBe(BLOCKED)
  })

  test('of a browser that is known are no more when it tries many at once', async () => {
    const { wrong, flood, stranger } = setUp(await openFresh())
    await flood('password')
    const waves = []
    for (let wave = 0; wave < 8; wave += 1) {
      const all = Array.from({ length: 10 - wave }, () => wrong('password', { ...stranger(), device: 'one' }))
      waves.push(...(await Promise.all(all)))
    }
    expect(waves.filter(told => told === true).length).toBeLessThanOrEqual(4)
  })

  test('of strangers are no more where the first one blocks', async () => {
    const { wrong, right } = setUp(await openFresh(), { maxAttempts: 1 })
    expect(await right('password')).toBe(true)
    expect(await wrong('password')).toBe(BLOCKED)
    expect(await right('password')).toBe(BLOCKED)
    expect(await right('code', undefined, 'message')).toBe(true)
  })

  test('are forgotten of every client when they are lifted', async () => {
    const { limits, right, flood, stranger, wrong } = setUp(await openFresh())
    const device = { ...stranger(), device: 'one' }
    await flood('password')
    for (let failure = 0; failure < 4; failure += 1) await wrong('password', device)
    await limits.forget(['+86 138 0013 8000'])
    for (const client of [device, stranger()]) expect(await right('password', client)).toBe(true)
    expect(await flood('password')).toBe(74)
  })

  test('are shown with what they block, masked, and lifted by who sees them', async () => {
    const { limits, wrong, right, flood, stranger, world } = setUp(await openFresh())
    expect(await limits.blocks()).toEqual([])
    const client = stranger()
    for (let failure = 0; failure < 75; failure += 1) await wrong('password', client)
    world.wait(MINUTE)
    await flood('password')
    const shown = (await limits.blocks()).map(({ id: _, ...block }) => block)
    const identifier = '+86 138****8000'
    expect(shown).toEqual([
      {
        identifier,
        blockedBy: 'passwords',
        beganAt: world.now(),
        until: world.now() + HOUR,
      },
      {
        identifier,
        blockedBy: 'client',
        beganAt: world.now() - MINUTE,
        until: world.now() + 59 * MINUTE,
      },
    ])
    const { id } = (await limits.blocks())[0]!
    await limits.release(id)
    expect(await limits.blocks()).toEqual([])
    for (const each of [client, stranger()]) expect(await right('password', each)).toBe(true)
    expect((await errorOf(limits.release(id))).code).toBe('entity.not_found')
  })

  test('name no identifier, address, visit or browser in the tables', async () => {
    const db = await openFresh()
    const { wrong } = setUp(db, { maxAttempts: 2 })
    const client = { address: '198.51.100.7', interaction: 'the visit', device: 'the device' }
    await wrong('code', client, 'the message')
    await wrong('code', client, 'the message')
    for (const table of ['identifier_failures', 'identifier_blocks'] as const)
      expect(dump(await db.selectFrom(table).selectAll().execute())).not.toMatch(/138001|198\.51|the /)
  })

  test('of a user who proves by password who it is are as many as Logto allows', async () => {
    const { limits } = setUp(await openFresh())
    const report = (succeeded: boolean) =>
      limits.report(
        'account',
        'userid012345',
        { kind: 'password', succeeded, client: { address: '::1' } },
        {},
      )
    for (let failure = 0; failure < 99; failure += 1) await report(false)
    await report(true)
    expect((await errorOf(report(false))).code).toBe(BLOCKED)
  })

  const guess = fc.record({
    kind: fc.constantFrom('password', 'password', 'code'),
    address: fc.oneof(fc.constant(0), fc.nat({ max: 300 })),
    interaction: fc.oneof(fc.constant(0), fc.nat({ max: 300 })),
    device: fc.option(fc.nat({ max: 3 }), { freq: 6 }),
    message: fc.option(fc.nat({ max: 40 }), { freq: 8 }),
    wait: fc.oneof(fc.constant(0), fc.nat({ max: 4 })),
  })

  test('that tell a guesser something are 99 in an hour, whoever it says that it is', async () => {
    const check = async (
      guesses: (typeof guess extends fc.Arbitrary<infer G> ? G : never)[],
      maxAttempts = 100,
    ) => {
      const { world, attempt } = setUp(await openFresh(), { maxAttempts })
      const told: number[] = []
      for (const { kind, address, interaction, device, message, wait } of guesses) {
        const client = {
          address: `address ${address}`,
          interaction: `interaction ${interaction}`,
          device: device === null ? undefined : `device ${device}`,
        }
        const what = {
          kind,
          client,
          message: kind === 'code' && message !== null ? `message ${message}` : undefined,
        }
        // Something is learned when the right one would have been taken.
        if ((await attempt({ ...what, succeeded: true })) === true) told.push(world.now())
        await attempt({ ...what, succeeded: false })
        world.wait(wait * MINUTE * 0.1)
      }
      for (const end of told)
        expect(told.filter(at => at > end - HOUR && at <= end).length).toBeLessThanOrEqual(99)
    }
    // All of one client, told by three marks; then as three clients that each have one of them; then strangers.
    const one = { kind: 'password', address: 0, interaction: 0, device: 0, message: null, wait: 0 } as const
    const worst = [
      ...Array.from({ length: 76 }, () => one),
      { ...one, interaction: 1, device: null },
      { ...one, address: 1, device: null },
      { ...one, address: 2, interaction: 2 },
      ...Array.from({ length: 40 }, (_, index) => ({
        ...one,
        kind: index % 2 === 0 ? ('code' as const) : ('password' as const),
        address: 10 + index,
        interaction: 10 + index,
        device: index % 4 === 1 ? index % 3 : null,
        message: index,
      })),
    ]
    await check(worst)
    const guesses = fc.array(guess, { minLength: 200, maxLength: 400, size: 'max' })
    for (const maxAttempts of [100, 1, 2, 10])
      await fc.assert(
        fc.asyncProperty(guesses, each => check(each, maxAttempts)),
        { numRuns: 1 },
      )
  }, 60_000)
})
