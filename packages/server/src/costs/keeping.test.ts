import { expect, test } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { DAY, zoneOf } from '../ledger/days.ts'
import { createLedger } from '../ledger/ledger.ts'
import { testKeys, testWorld } from '../testing/world.ts'
import { createCosts, keepSums } from './costs.ts'

const RATE = {
  to: '*',
  currency: 'CNY',
  price: 45_000,
  unit: 'segment',
  charged: 'submission',
  source: '',
  asOf: '2026-11',
} as const

eachDatabase('the costs of messages that are forgotten', openFresh => {
  test('stay in every sum, whichever node forgets them, until two years are over', async () => {
    const db = await openFresh()
    const world = testWorld()
    const node = () =>
      createLedger({
        db,
        keys: testKeys,
        world,
        timeout: 8000,
        keepDays: 30,
        connectorOf: () => undefined,
        keepSums,
      })
    const [ledger, other] = [node(), node()]
    const costs = createCosts(db, ledger, world)
    const first = Math.floor(world.now() / DAY)
    let sent = 0
    async function send(value: string, segments: number, applicationId?: string) {
      sent += 1
      const made = {
        id: `a${sent}`,
        nth: 1,
        connector: 'aliyun-sms',
        connectionId: `c${sent % 2}`,
        at: world.now(),
      }
      const recipient = readRecipient({ type: 'phone', value })
      const asker = { by: 'api', applicationId } as const
      await ledger.begin({ id: `m${sent}`, recipient, usageType: 'SignIn', asker }, made)
      await ledger.end({ ...made, rate: value.startsWith('1') ? undefined : RATE }, { ids: {}, segments })
      world.wait(7 * 60 * 60_000)
    }
    await send('8613800138000', 2, 'shop')
    await send('8613800138001', 1)
    await send('85261234567', 1, 'shop')
    await send('12125550100', 1)
    const all = (name: string) => {
      const asked = { zone: zoneOf(name)!, first: first - 1, last: first + 60 }
      return Promise.all(
        (['day', 'country', 'connection', 'application'] as const).map(by => costs.sum({ ...asked, by })),
      )
    }
    const zones = ['UTC', 'Asia/Shanghai', 'America/New_York']
    const before = await Promise.all(zones.map(all))
    expect(before[0]![0]!.total).toMatchObject({
      sent: 4,
      unpriced: 1,
      costs: [{ currency: 'CNY', amount: 180_000, estimated: 0 }],
    })
    // Some are forgotten now, and the others later.
    world.wait(29.5 * DAY)
    await Promise.all([ledger.purge(), other.purge()])
    expect(await Promise.all(zones.map(all))).toEqual(before)
    const left = await ledger.list({}, { size: 10, offset: 0 })
    expect(left.total).toBeLessThan(4)
    expect(left.total).toBeGreaterThan(0)
    world.wait(2 * DAY)
    await Promise.all([ledger.purge(), other.purge()])
    await costs.purge()
    expect((await ledger.list({}, { size: 10, offset: 0 })).total).toBe(0)
    expect(await Promise.all(zones.map(all))).toEqual(before)
    expect(
      (await costs.sum({ by: 'day', zone: zoneOf('UTC')!, first, last: first, country: 'CN' })).total,
    ).toMatchObject({ sent: 2, costs: [{ amount: 135_000 }] })
    world.wait(731 * DAY)
    await costs.purge()
    expect((await all('UTC'))[0]!.total.sent).toBe(0)
  })
})
