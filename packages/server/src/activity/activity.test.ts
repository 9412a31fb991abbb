import { expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { testWorld } from '../testing/world.ts'
import { createUsers } from '../users/users.ts'
import { createActivity, dayOf } from './activity.ts'

const DAY = 24 * 60 * 60_000

function setUp(db: Database) {
  const world = testWorld()
  const noon = new Date(2026, 5, 15, 12).getTime()
  world.wait(noon - world.now())
  return { world, users: createUsers(db, world), activity: createActivity(db, world) }
}

eachDatabase('activity', openFresh => {
  test('counts the users who came today and in seven days, beside the time before', async () => {
    const { world, users, activity } = setUp(await openFresh())
    for (const daysAgo of [0, 0, 0, 1, 6, 7, 13, 14]) {
      world.wait(-daysAgo * DAY)
      await users.create({})
      world.wait(daysAgo * DAY)
    }
    expect(await activity.total()).toBe(8)
    expect(await activity.newUsers()).toEqual({
      today: { count: 3, delta: 2 },
      last7Days: { count: 5, delta: 3 },
    })
  })

  test('counts a user once a day, a week and a month', async () => {
    const { world, users, activity } = setUp(await openFresh())
    const [ada, grace] = [await users.create({}), await users.create({})]
    const seen = async (daysAgo: number, ...who: (typeof ada)[]) => {
      world.wait(-daysAgo * DAY)
      for (const { id } of who) await activity.seen(id)
      world.wait(daysAgo * DAY)
    }
    await seen(0, ada, ada, grace)
    await seen(1, ada)
    await seen(3, ada)
    await seen(8, grace)
    await seen(45, grace)
    const { dauCurve, dau, wau, mau } = await activity.activeUsers()
    expect(dauCurve).toHaveLength(30)
    expect(dauCurve.at(-1)).toEqual({ date: '2026-06-15', count: 2 })
    expect(dauCurve.at(-2)).toEqual({ date: '2026-06-14', count: 1 })
    expect(dauCurve[0]).toEqual({ date: '2026-05-17', count: 0 })
    expect(dau).toEqual({ count: 2, delta: 1 })
    expect(wau).toEqual({ count: 2, delta: 1 })
    expect(mau).toEqual({ count: 2, delta: 1 })
    expect((await activity.activeUsers('2026-06-12')).dau).toEqual({ count: 1, delta: 1 })
  })

  test('of two nodes counts once, and of nobody not at all', async () => {
    const db = await openFresh()
    const { world, users, activity } = setUp(db)
    const { id } = await users.create({})
    await Promise.all([activity.seen(id), createActivity(db, world).seen(id), activity.seen('nobody')])
    expect((await activity.activeUsers()).dau.count).toBe(1)
    expect(world.lines).toEqual([])
    await users.delete(id)
    expect((await activity.activeUsers()).dau.count).toBe(0)
  })

  test('is forgotten after two years', async () => {
    const db = await openFresh()
    const { world, users, activity } = setUp(db)
    await activity.seen((await users.create({})).id)
    const day = dayOf(world.now())
    world.wait(730 * DAY)
    await activity.purge()
    expect((await activity.activeUsers(day)).dau.count).toBe(1)
    world.wait(DAY)
    await activity.purge()
    expect((await activity.activeUsers(day)).dau.count).toBe(0)
  })
})
