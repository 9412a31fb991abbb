import { expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { testKeys, testWorld } from '../testing/world.ts'
import { createLimits, Limited, type Reservation } from './limits.ts'
import type { ProviderTurn } from './turns.ts'

const phone = readRecipient({ type: 'phone', value: '8613912345678' })
const none = { pause: null, minute: null, hour: null, day: null }
const aliyun: ProviderTurn = {
  id: 'aliyun',
  by: ['aliyun-sms', '速通'],
  windows: { ...none, minute: 1, day: 3 },
  rolling: ['day'],
}
const tencent: ProviderTurn = {
  id: 'tencent',
  by: ['tencent-sms', '1400'],
  windows: { ...none, pause: 30 },
  rolling: [],
}
const MINUTE = 60_000

async function setUp(db: Database) {
  const world = testWorld()
  // A minute of the clock begins.
  world.wait(MINUTE - (world.now() % MINUTE))
  const room = createLimits(db, testKeys, world)
  const reserve = (turns: readonly ProviderTurn[]) => room.reserveSend(phone, { turns })
  /** How asking ends: over whose connection, or who refuses it and the seconds to wait. */
  async function ask(...turns: ProviderTurn[]): Promise<string> {
    try {
      const place = await reserve(turns)
      for (const { id } of turns) if (await place.turns.take(id)) return id
      return 'nobody'
    } catch (error) {
      if (!(error instanceof Limited)) throw error
      return `${error.scope} ${(error.data as { retryAfter: number }).retryAfter}`
    }
  }
  return { world, reserve, ask }
}

eachDatabase('what providers take for one number', openFresh => {
  test('goes to the next one when the first takes no more, and says how long to wait when none does', async () => {
    const { world, ask } = await setUp(await openFresh())
    world.wait(18_000)
    expect([await ask(aliyun, tencent), await ask(aliyun, tencent)]).toEqual(['aliyun', 'tencent'])
    expect([await ask(aliyun, tencent), await ask(aliyun)]).toEqual(['provider 30', 'provider 42'])
    // Another signature is counted apart, and so is a connection that counts nothing.
    expect(await ask({ ...aliyun, by: ['aliyun-sms', '恒创'] })).toBe('aliyun')
    expect(await ask({ ...aliyun, id: 'open', windows: none })).toBe('open')
    // A minute is that of the clock, and a pause follows its message.
    world.wait(30_000)
    expect(await ask(aliyun, tencent)).toBe('tencent')
    world.wait(12_000)
    expect([await ask(aliyun), await ask(aliyun)]).toEqual(['aliyun', 'provider 60'])
    world.wait(MINUTE)
    // A day reaches back from each message.
    expect([await ask(aliyun), await ask(aliyun)]).toEqual(['aliyun', `provider ${86_400 - 102}`])
  })

  test('is counted exactly, however many ask at once', async () => {
    const { ask } = await setUp(await openFresh())
    const all = await Promise.all(Array.from({ length: 8 }, () => ask(aliyun, tencent)))
    expect(all.filter(each => each === 'aliyun')).toHaveLength(1)
    expect(all.filter(each => each === 'tencent')).toHaveLength(1)
    expect(all.filter(each => each.startsWith('provider'))).toHaveLength(6)
  })

  test('stays counted where nobody may learn whether a message left, at the first alone', async () => {
    const { ask, reserve } = await setUp(await openFresh())
    const turns = (await reserve([aliyun, tencent])).turns.hidden()
    expect([await turns.take('aliyun'), await turns.take('tencent')]).toEqual([true, true])
    await turns.free('aliyun')
    await turns.end()
    expect([await ask(aliyun), await ask(tencent)]).toEqual(['provider 60', 'tencent'])
  })

  test('is not counted by us where it was not by the provider', async () => {
    const { ask, reserve } = await setUp(await openFresh())
    const turns = [aliyun, tencent]
    const asked = async (of: Reservation) => [
      await of.turns.take('aliyun'),
      await of.turns.take('tencent'),
      await of.turns.take('aliyun'),
    ]
    // Refused by both: the places are free again, and may be taken once more.
    const refused = await reserve(turns)
    expect(await asked(refused)).toEqual([true, true, true])
    await refused.turns.free('aliyun')
    await refused.turns.free('tencent')
    expect(await asked(refused)).toEqual([true, true, true])
    await refused.turns.free('aliyun')
    await refused.turns.free('tencent')
    await refused.release({ tried: true })
    // Sent by the second, before which the first was not asked.
    const second = await reserve(turns)
    expect(await second.turns.take('tencent')).toBe(true)
    await second.turns.end()
    // Refused before anybody was asked.
    await (await reserve([aliyun])).release()
    expect([await ask(...turns), await ask(tencent)]).toEqual(['aliyun', 'provider 30'])
    // The provider says that there were too many: what it counts stays counted.
    expect(await ask(aliyun)).toBe('provider 60')
  })
})
