import { expect, test } from 'vitest'
import { deriveKeys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { dump, errorOf, testKeys, testWorld } from '../testing/world.ts'
import { createCodes, type IssuedCode, type Purpose, WrongForm } from './codes.ts'

const POLICY = { length: 6, lifetime: 600_000, tries: 5 }
const to = (value: string) => readRecipient({ type: 'phone', value })
const PURPOSE: Purpose = { usageType: 'SignIn', recipient: to('8613800138000'), scope: 'visit/record' }

function setUp(db: Database) {
  const world = testWorld()
  const codes = createCodes(db, testKeys, world)
  const issue = async () => {
    world.wait(1)
    return codes.issue(PURPOSE, POLICY)
  }
  const verify = (code: string, purpose = PURPOSE, policy = POLICY) => codes.verify(purpose, code, policy)
  const failure = async (code: string, purpose = PURPOSE, policy = POLICY) =>
    (await errorOf(verify(code, purpose, policy))).code
  return { world, codes, issue, verify, failure }
}

/** Another code than the given one. */
const not = (code: string) => (code === '000000' ? '000001' : '000000')

eachDatabase('codes', openFresh => {
  test('the right code is taken once', async () => {
    const { issue, verify, failure } = setUp(await openFresh())
    const { code } = await issue()
    await verify(code)
    expect(await failure(code)).toBe('verification_code.not_found')
  })

  test('a code is taken by servers that have another key before the one it was issued with', async () => {
    const db = await openFresh()
    const [before, after] = [['own', 'ab'.repeat(32)], ['ab'.repeat(32)]].map(keys =>
      createCodes(db, deriveKeys(Buffer.alloc(32, 7), keys), testWorld()),
    )
    const { code, stored } = await before!.issue(PURPOSE, POLICY)
    await stored
    await after!.verify(PURPOSE, code, POLICY)
    const next = await after!.issue({ ...PURPOSE, scope: 'another' }, POLICY)
    await next.stored
    await before!.verify({ ...PURPOSE, scope: 'another' }, next.code, POLICY)
  })

  test('parallel wrong guesses get exactly as many looks as the policy allows, and then the right code is refused', async () => {
    const { issue, failure } = setUp(await openFresh())
    const { code } = await issue()
    const failures = await Promise.all(Array.from({ length: 40 }, () => failure(not(code))))
    expect(failures.filter(each => each === 'verification_code.code_mismatch')).toHaveLength(POLICY.tries)
    expect(failures.filter(each => each === 'verification_code.exceed_max_try')).toHaveLength(
      40 - POLICY.tries,
    )
    expect(await failure(code)).toBe('verification_code.exceed_max_try')
  })

  test('of many parallel right answers exactly one spends the code', async () => {
    const { issue, verify } = setUp(await openFresh())
    const { code } = await issue()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, () => verify(code, PURPOSE, { ...POLICY, tries: 100 })),
    )
    expect(outcomes.filter(each => each.status === 'fulfilled')).toHaveLength(1)
  })

  test('a code is worth nothing for another recipient, usage type or place', async () => {
    const { issue, verify, failure } = setUp(await openFresh())
    const { code } = await issue()
    for (const other of [
      { ...PURPOSE, recipient: to('8613800138001') },
      { ...PURPOSE, usageType: 'ForgotPassword' as const },
      { ...PURPOSE, scope: 'visit/other' },
    ])
      expect(await failure(code, other)).toBe('verification_code.not_found')
    await verify(code)
  })

  test('a code that was settled voids the earlier one', async () => {
    const { issue, verify, failure } = setUp(await openFresh())
    const first = await issue()
    await first.settle()
    const second = await issue()
    await second.settle()
    if (first.code !== second.code) expect(await failure(first.code)).toBe('verification_code.code_mismatch')
    await verify(second.code)
    expect(await failure(first.code)).toBe('verification_code.not_found')
  })

  test('when nothing went out the code is withdrawn, and the earlier one counts again', async () => {
    const { issue, verify } = setUp(await openFresh())
    const first = await issue()
    await first.settle()
    const second = await issue()
    await second.withdraw()
    await verify(first.code)
  })

  test('a code whose process died while sending can be used', async () => {
    const { issue, verify } = setUp(await openFresh())
    await (await issue()).settle()
    const orphan = await issue()
    await verify(orphan.code)
  })

  test('of two codes of one moment the later one counts, also before it is settled', async () => {
    const { codes, verify } = setUp(await openFresh())
    for (let round = 0; round < 8; round += 1) {
      const purpose = { ...PURPOSE, scope: `round ${round}` }
      await (await codes.issue(purpose, POLICY)).settle()
      await verify((await codes.issue(purpose, POLICY)).code, purpose)
    }
  })

  test('of codes asked for at the same moment on two nodes exactly one stays, and on each node no earlier one', async () => {
    const db = await openFresh()
    const world = testWorld()
    const nodes = [createCodes(db, testKeys, world), createCodes(db, testKeys, world)]
    const long = { ...POLICY, length: 12 }
    const rows = () => db.selectFrom('codes').select('id').execute()
    for (let round = 0; round < 10; round += 1) {
      const purpose = { ...PURPOSE, scope: `round ${round}` }
      const issued = await Promise.all(
        Array.from({ length: 8 }, (_, index) => nodes[index % 2]!.issue(purpose, long)),
      )
      // Messages may leave now, and their outcomes come in any order.
      await Promise.all(issued.reverse().map(each => each.settle()))
      expect(await rows()).toHaveLength(1)
      const [last, ofTheOtherNode] = issued as [IssuedCode, IssuedCode]
      const outcomes = await Promise.allSettled(
        [last, ofTheOtherNode].map(({ code }) => nodes[0]!.verify(purpose, code, long)),
      )
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      await db.deleteFrom('codes').execute()
    }
  })

  test('a code asked for later is stored later, so that the later message carries the one that counts', async () => {
    const { codes, verify } = setUp(await openFresh())
    for (let round = 0; round < 10; round += 1) {
      const purpose = { ...PURPOSE, scope: `round ${round}` }
      const leaving: IssuedCode[] = []
      const issued = Array.from({ length: 8 }, () => codes.begin(purpose, POLICY))
      await Promise.all(issued.map(each => each.stored.then(() => leaving.push(each))))
      expect(leaving).toEqual(issued)
      await Promise.all(issued.map(each => each.settle()))
      await verify(issued.at(-1)!.code, purpose)
    }
  })

  test('a second code opens the same as the first, and whichever comes first is used for both', async () => {
    const db = await openFresh()
    const { issue, verify, failure } = setUp(db)
    for (const [place, used] of ['first', 'second'].entries()) {
      const issued = await issue()
      const second = (await issued.second())!
      expect(second).toMatch(/^\d{6}$/)
      expect(second).not.toBe(issued.code)
      const [right, other] = used === 'first' ? [issued.code, second] : [second, issued.code]
      await verify(right)
      expect(await failure(other)).toBe('verification_code.not_found')
      expect(await failure(right)).toBe('verification_code.not_found')
      const row = db.selectFrom('codes').select('used').where('id', '=', issued.id)
      expect(await row.executeTakeFirst()).toEqual({ used: place + 1 })
    }
  })

  test('a second code adds no tries, and of many parallel right answers with either exactly one spends both', async () => {
    const { issue, verify, failure } = setUp(await openFresh())
    const { code, second } = await issue()
    const another = (await second())!
    const wrong = ['000000', '000001', '000002'].find(each => each !== code && each !== another)!
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) =>
        verify(n % 2 ? code : another, PURPOSE, { ...POLICY, tries: 100 }),
      ),
    )
    expect(outcomes.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    const next = await issue()
    await next.second()
    const failures = await Promise.all(Array.from({ length: 40 }, () => failure(wrong)))
    expect(failures.filter(each => each === 'verification_code.code_mismatch')).toHaveLength(POLICY.tries)
    expect(await failure((await next.second()) ?? next.code)).toBe('verification_code.exceed_max_try')
  })

  test('there is no second code beside one that was used, withdrawn or overtaken, and never a third', async () => {
    const { codes, issue, verify, failure } = setUp(await openFresh())
    const used = await issue()
    await verify(used.code)
    expect(await used.second()).toBeUndefined()
    const withdrawn = await issue()
    await withdrawn.withdraw()
    expect(await withdrawn.second()).toBeUndefined()
    const overtaken = await issue()
    const newer = await issue()
    await newer.settle()
    expect(await overtaken.second()).toBeUndefined()
    const second = (await newer.second())!
    expect(await newer.second()).toBeUndefined()
    await newer.withdraw()
    expect(await failure(second)).toBe('verification_code.not_found')
    expect(await codes.isLive(PURPOSE)).toBe(false)
  })

  test('a code expires by the policy in force when it is checked', async () => {
    const { world, issue, verify, failure } = setUp(await openFresh())
    const { code } = await issue()
    world.wait(300_000)
    expect(await failure(code, PURPOSE, { ...POLICY, lifetime: 300_000 })).toBe('verification_code.expired')
    await verify(code)
    const late = await issue()
    world.wait(POLICY.lifetime)
    expect(await failure(late.code)).toBe('verification_code.expired')
  })

  test('what cannot be the code by its form is refused with its length and costs no try, also in parallel', async () => {
    const { codes, issue, verify } = setUp(await openFresh())
    const { code } = await issue()
    for (const wrong of ['1', '12345', '1234567', 'abcdef', '12345a', '１２３４５６', ' 12345'])
      for (let guess = 0; guess < POLICY.tries; guess += 1) {
        const error = await errorOf(verify(wrong))
        expect([error.code, error.values], wrong).toEqual(['verification_code.code_mismatch', { digits: 6 }])
        expect(error).toBeInstanceOf(WrongForm)
      }
    await Promise.allSettled(Array.from({ length: 40 }, () => verify('12345')))
    expect(await codes.end(PURPOSE, POLICY)).toBe(undefined)
    await verify(code)
  })

  test('the length that counts is that of the code itself, whatever the policy says by now', async () => {
    const { issue, verify } = setUp(await openFresh())
    const { code } = await issue()
    const later = { ...POLICY, length: 4 }
    expect((await errorOf(verify('1234', PURPOSE, later))).values).toEqual({ digits: 6 })
    await verify(code, PURPOSE, later)
  })

  test('a code of an older version, whose length is not known, is looked at whatever was typed', async () => {
    const db = await openFresh()
    const { issue, verify, failure } = setUp(db)
    const { code } = await issue()
    await db.updateTable('codes').set({ digits: null }).execute()
    expect((await errorOf(verify('1234'))).values).toEqual({ left: POLICY.tries - 1 })
    expect((await errorOf(verify('letter'))).values).toEqual({ digits: 6 })
    await verify(code)
    expect(await failure('1')).toBe('verification_code.not_found')
  })

  test('says why a code can no longer be used, at no cost', async () => {
    const { world, codes, issue, verify, failure } = setUp(await openFresh())
    const end = () => codes.end(PURPOSE, POLICY)
    expect(await end()).toBe('verification_code.not_found')
    const spent = await issue()
    expect(await end()).toBe(undefined)
    await verify(spent.code)
    expect(await end()).toBe('verification_code.not_found')
    const guessed = await issue()
    for (let guess = 0; guess < POLICY.tries; guess += 1) await failure(not(guessed.code))
    expect(await end()).toBe('verification_code.exceed_max_try')
    await issue()
    world.wait(POLICY.lifetime - 1)
    expect(await end()).toBe(undefined)
    world.wait(1)
    expect(await end()).toBe('verification_code.expired')
    // A code of another form learns of the end, too.
    expect(await failure('1')).toBe('verification_code.expired')
  })

  test('the empty text is no code and costs no try', async () => {
    const { issue, verify, failure } = setUp(await openFresh())
    const { code } = await issue()
    for (let guess = 0; guess < POLICY.tries + 1; guess += 1)
      expect(await failure('')).toBe('verification_code.not_found')
    await verify(code)
  })

  test('neither code nor recipient stands in the table', async () => {
    const db = await openFresh()
    const { issue } = setUp(db)
    const { code } = await issue()
    const table = dump(await db.selectFrom('codes').selectAll().execute())
    expect(code).toMatch(/^\d{6}$/)
    expect(table).not.toContain(`"${code}"`)
    expect(table).not.toContain(PURPOSE.recipient.value)
  })

  test('codes that no policy can revive are forgotten, others stay', async () => {
    const { world, codes, issue, verify } = setUp(await openFresh())
    await issue()
    world.wait(3 * 60 * 60_000)
    const fresh = await issue()
    await codes.purge()
    await verify(fresh.code)
    expect(await codes.isLive({ ...PURPOSE, scope: 'nothing' })).toBe(false)
  })
})
