import { type AltchaChallenge, CaptchaSettings } from '@countersign/api'
import { expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { testKeys, testWorld } from '../testing/world.ts'
import { altcha } from './altcha/altcha.ts'
import { createCaptcha } from './captcha.ts'
import { solved } from './testing.ts'

/** A world whose clock goes, as the library goes by the machine's. */
function goingWorld() {
  let ahead = 0
  const wait = (milliseconds: number) => {
    ahead += milliseconds
  }
  return { ...testWorld(), now: () => Date.now() + ahead, wait }
}

const hostname = 'login.example.com'
const checked = { hostname, action: 'interaction', interaction: 'one', ip: '198.51.100.4' }
const without = { keys: testKeys, world: goingWorld(), hostname, db: undefined as unknown as Database }
const easy = { provider: 'altcha', effort: 100_000 } as const
const provider = altcha(without, easy)

/** What a forger makes of something that was solved. */
function forged(token: string, change: (payload: { challenge: AltchaChallenge; solution: object }) => void) {
  const payload = JSON.parse(Buffer.from(token, 'base64').toString())
  change(payload)
  return Buffer.from(JSON.stringify(payload)).toString('base64')
}

const reasonOf = async (token: string, change: Partial<typeof checked> = {}) => {
  const verdict = await provider.verify(token, { ...checked, ...change })
  return verdict.result === 'passed' ? 'passed' : verdict.reason
}

test('work that was done opens its own interaction and no other', async () => {
  const challenge = await provider.ask(checked)
  // Nobody reads the interaction from what is signed.
  expect(JSON.stringify(challenge)).not.toContain('"one"')
  const token = await solved(challenge)
  expect(await reasonOf(token)).toBe('passed')
  expect(await reasonOf(token, { interaction: 'two' })).toBe('elsewhere')
  expect(await reasonOf(token, { action: 'other' })).toBe('elsewhere')
  const others = altcha({ ...without, keys: { ...testKeys, captcha: Buffer.alloc(32, 9) } }, easy)
  expect(await others.verify(token, checked)).toMatchObject({ result: 'failed' })
})

test('nothing that was not solved, or was changed, is taken', async () => {
  const token = await solved(await provider.ask(checked))
  const reasons = await Promise.all(
    [
      forged(token, ({ solution }) => Object.assign(solution, { derivedKey: '00'.repeat(32) })),
      forged(token, ({ challenge }) => Object.assign(challenge.parameters, { cost: 1 })),
      forged(token, ({ challenge }) => Object.assign(challenge.parameters, { expiresAt: 2 ** 40 })),
      forged(token, ({ challenge }) => Object.assign(challenge, { signature: '00'.repeat(32) })),
    ].map(each => reasonOf(each)),
  )
  expect(reasons).toEqual(['unsolved', 'forged', 'forged', 'forged'])
})

test('whatever else is sent is refused without a word of how', async () => {
  const token = await solved(await provider.ask(checked))
  const whole = JSON.parse(Buffer.from(token, 'base64').toString())
  const garbage = [
    '',
    'x',
    '\u0000',
    'null',
    'e30=',
    token.slice(0, -40),
    'A'.repeat(5000),
    forged(token, ({ challenge }) => Object.assign(challenge, { parameters: null })),
    forged(token, ({ solution }) => Object.assign(solution, { counter: '1' })),
    Buffer.from(JSON.stringify({ ...whole, more: 'x'.repeat(4000) })).toString('base64'),
  ]
  for (const each of garbage) expect(await reasonOf(each)).toBe('malformed')
})

test('work that was done long ago is worth nothing', async () => {
  const world = goingWorld()
  const late = altcha({ ...without, world }, easy)
  const token = await solved(await late.ask(checked))
  world.wait(31 * 60_000)
  expect(await late.verify(token, checked)).toEqual({ result: 'failed', reason: 'expired' })
})

test('the work that is asked for follows the setting, within half and one and a half of it', async () => {
  const counters = [0, 0.5, 1].map(chance => {
    const world = { ...goingWorld(), random: () => Buffer.alloc(4, Math.floor(chance * 255)) }
    return altcha({ ...without, world }, easy)
  })
  const tokens = await Promise.all(counters.map(async each => solved(await each.ask(checked))))
  const found = tokens.map(token => JSON.parse(Buffer.from(token, 'base64').toString()).solution.counter)
  expect(found).toEqual([50, 100, 150])
  expect(CaptchaSettings.safeParse({ provider: 'altcha', effort: 1 }).success).toBe(false)
  expect(CaptchaSettings.parse({ provider: 'altcha' })).toMatchObject({ effort: 2_000_000 })
})

eachDatabase('the check for people', openFresh => {
  test('is passed once with one piece of work, by however many at once', async () => {
    const db = await openFresh()
    const world = goingWorld()
    const nodes = [0, 1].map(() => createCaptcha({ db, keys: testKeys, world, hostname }))
    await nodes[0]!.setSettings(easy)
    const about = { interaction: 'one', ip: undefined }
    const token = await solved((await nodes[1]!.ask('one')) as AltchaChallenge)
    // Who solves it again in other words has solved the same.
    const again = forged(token, ({ solution }) => Object.assign(solution, { time: 7 }))
    const tries = [token, again, token, again].map((each, nth) => nodes[nth % 2]!.verify(each, about))
    const results = (await Promise.all(tries)).map(({ result }) => result)
    expect(results.toSorted()).toEqual(['failed', 'failed', 'failed', 'passed'])
    expect(await nodes[0]!.verify('x'.repeat(7000), about)).toEqual({ result: 'failed', reason: 'malformed' })
    // Settings of a provider that only another version knows let nobody pass unseen.
    await nodes[0]!.setSettings({ provider: 'of-another-version' } as never)
    expect(await nodes[1]!.settings()).toEqual({ provider: 'altcha', effort: 2_000_000 })
  })
})
