import { expect, test } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { HOME, PASSWORD, withAda } from '../testing/operators.ts'
import { errorOf } from '../testing/world.ts'
import { DEVICE_LIFETIME, type Place } from './lockout.ts'
import type { Operators } from './operators.ts'

const MINUTE = 60_000
const WRONG = 'session.invalid_credentials'
const BLOCKED = 'session.verification_blocked_too_many_attempts'

/** Tries wrong passwords one after another, and says how many of them were looked at. */
async function guess(operators: Operators, times: number, place: (turn: number) => Place, name = 'Ada') {
  let looked = 0
  for (let turn = 0; turn < times; turn += 1) {
    const { code } = await errorOf(operators.signIn(name, `guess ${turn}`, place(turn)))
    if (code === WRONG) looked += 1
    else expect(code).toBe(BLOCKED)
  }
  return looked
}

eachDatabase('wrong passwords', openFresh => {
  test('after ten of one name, its address is refused for a quarter of an hour', async () => {
    const { world, operators } = await withAda(await openFresh())
    expect(await guess(operators, 12, () => HOME)).toBe(10)
    expect(await errorOf(operators.signIn('ADA', PASSWORD, HOME))).toMatchObject({
      code: BLOCKED,
      values: { seconds: 900 },
    })
    world.wait(15 * MINUTE)
    await operators.signIn('Ada', PASSWORD, HOME)
  })

  test('a stranger elsewhere keeps no operator from signing in, however long it goes on', async () => {
    const { world, operators } = await withAda(await openFresh())
    for (let quarter = 0; quarter < 3; quarter += 1) {
      await guess(operators, 12, () => ({ ip: '203.0.113.9' }))
      await operators.signIn('Ada', PASSWORD, HOME)
      world.wait(15 * MINUTE)
    }
  })

  test('from any number of addresses thirty are looked at, and a browser that signed in before gets in', async () => {
    const { world, operators, ada } = await withAda(await openFresh())
    expect(await guess(operators, 40, turn => ({ ip: `203.0.113.${turn}` }))).toBe(30)
    expect((await errorOf(operators.signIn('Ada', PASSWORD, HOME))).code).toBe(BLOCKED)
    await operators.signIn('Ada', PASSWORD, { ...HOME, device: ada.device })
    // Neither does the block of the very address keep it out.
    await operators.signIn('Ada', PASSWORD, { ip: '203.0.113.1', device: ada.device })
    // After a quarter of an hour of quiet there is one more, so 33 an hour.
    world.wait(15 * MINUTE)
    expect(await guess(operators, 3, turn => ({ ip: `203.0.114.${turn}` }))).toBe(1)
  })

  test('a browser that signed in before guesses ten times like everybody', async () => {
    const { operators, ada } = await withAda(await openFresh())
    const place = { ...HOME, device: ada.device }
    expect(await guess(operators, 12, () => place)).toBe(10)
    expect((await errorOf(operators.signIn('Ada', PASSWORD, place))).code).toBe(BLOCKED)
    await operators.signIn('Ada', PASSWORD, HOME)
  })

  test('what a browser shows is worth nothing for another operator, changed, or after half a year', async () => {
    const { world, operators, ada } = await withAda(await openFresh())
    const { token } = await operators.add('Grace')
    const grace = await operators.acceptLink(token, PASSWORD)
    await guess(operators, 31, turn => ({ ip: `203.0.113.${turn}` }))
    const [id, until, signature] = ada.device.split('.')
    for (const device of [
      grace.device,
      `x${id}.${until}.${signature}`,
      `${id}.${Number(until) + 1}.${signature}`,
      `${id}.${until}.`,
      '..',
    ])
      expect((await errorOf(operators.signIn('Ada', PASSWORD, { ...HOME, device }))).code).toBe(BLOCKED)
    world.wait(DEVICE_LIFETIME)
    await guess(operators, 10, () => ({ ...HOME, device: ada.device }))
    expect((await errorOf(operators.signIn('Ada', PASSWORD, HOME))).code).toBe(BLOCKED)
  })

  test('of many guesses at once no more are looked at than one after another', async () => {
    const { operators } = await withAda(await openFresh())
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, turn) => errorOf(operators.signIn('Ada', `guess ${turn}`, HOME))),
    )
    expect(outcomes.filter(({ code }) => code === WRONG).length).toBeLessThanOrEqual(10)
    for (const { code } of outcomes) expect([WRONG, BLOCKED]).toContain(code)
  })

  test('nothing tells whether there is an operator of the name', async () => {
    const { operators } = await withAda(await openFresh())
    const answers = async (name: string) => {
      const codes: string[] = []
      for (let turn = 0; turn < 12; turn += 1)
        codes.push((await errorOf(operators.signIn(name, `guess ${turn}`, { ip: '203.0.113.9' }))).code)
      return codes
    }
    expect(await answers('Nobody')).toEqual(await answers('Ada'))
  })

  test('one address tries a hundred passwords an hour, whatever the names, and leaves so few rows', async () => {
    const db = await openFresh()
    const { operators, audited } = await withAda(db)
    let looked = 0
    for (let turn = 0; turn < 102; turn += 1)
      looked += await guess(operators, 1, () => ({ ip: '203.0.113.9' }), `Nobody ${turn}`)
    expect(looked).toBe(100)
    expect(await db.selectFrom('operator_failures').selectAll().execute()).toHaveLength(100)
    // The block itself is not written down time and again.
    expect((await audited()).filter(each => each.result === 'Error')).toHaveLength(100)
  })

  test('a reset lifts every block of the name, ends the sessions, and lets in by its link', async () => {
    const { operators, ada } = await withAda(await openFresh())
    await guess(operators, 40, turn => ({ ip: `203.0.113.${turn % 8}` }))
    await guess(operators, 12, () => HOME)
    const { token } = await operators.reset('ada')
    expect(await operators.bySession(ada.session)).toBeUndefined()
    expect((await errorOf(operators.signIn('Ada', PASSWORD, HOME))).code).toBe(WRONG)
    await operators.acceptLink(token, 'anemone-quartz')
    await operators.signIn('Ada', 'anemone-quartz', HOME)
    expect((await errorOf(operators.reset('nobody'))).code).toBe('entity.not_found')
  })

  test('what no window reaches any more is forgotten', async () => {
    const db = await openFresh()
    const { world, operators } = await withAda(db)
    await guess(operators, 3, () => HOME)
    await operators.add('Grace')
    world.wait(73 * 60 * MINUTE)
    await operators.purge()
    for (const table of ['operator_failures', 'operator_sessions', 'operator_links'] as const)
      expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
  })
})
