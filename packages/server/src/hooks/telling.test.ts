import { expect, test } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { errorOf, testKeys, testWorld } from '../testing/world.ts'
import { createUsers } from '../users/users.ts'
import { hookUser } from './events.ts'
import { createHooks } from './hooks.ts'
import { openDelivery } from './sealing.ts'
import { createEmitted, MOST_EMITTED } from './telling.ts'

interface Body {
  event: string
  createdAt: string
  data: { id: string; name: string | null }
}

eachDatabase('an event that goes along with a change', openFresh => {
  async function start(...events: ('User.Created' | 'User.Data.Updated' | 'User.Deleted')[]) {
    const db = await openFresh()
    const world = testWorld()
    // Every look at the clock is another moment, so that the order of events shows.
    const now = () => {
      world.wait(1)
      return world.now()
    }
    const users = createUsers(db, { ...world, now })
    const hooks = createHooks(db, testKeys, { ...world, now }, { fetch: world.fetch })
    await hooks.create({ events, config: { url: 'https://example.com/hook' } })
    const about = (event: (typeof events)[number]) =>
      hooks.telling(event, () => user => ({ data: hookUser(user as Parameters<typeof hookUser>[0]) }))
    const told = async () => {
      const rows = await db.selectFrom('hook_deliveries').selectAll().orderBy('created_at').execute()
      return rows.map(row => JSON.parse(openDelivery(testKeys, row).body) as Body)
    }
    return { db, users, hooks, about, told }
  }

  test('is nothing where no webhook wants to know, and a change then has no transaction', async () => {
    const { hooks, users } = await start('User.Deleted')
    const along = await hooks.telling('User.Created', () => {
      throw new Error('nobody asked')
    })
    expect(along).toBeUndefined()
    expect(await users.create({ username: 'ada' }, along)).toMatchObject({ username: 'ada' })
  })

  test('is not told where the change was refused or found nothing', async () => {
    const { users, about, told } = await start('User.Created', 'User.Data.Updated', 'User.Deleted')
    const ada = await users.create({ username: 'ada' }, await about('User.Created'))
    const grace = await users.create({ username: 'grace' })
    const [created, changed, deleted] = [
      await about('User.Created'),
      await about('User.Data.Updated'),
      await about('User.Deleted'),
    ]
    const long = { nickname: 'x'.repeat(99) }
    const refused: (() => Promise<unknown>)[] = [
      () => users.create({ username: 'ada' }, created),
      () => users.update(grace.id, { username: 'ada' }, changed),
      () => users.update('nobody', { name: 'x' }, changed),
      () => users.updateKeepingIdentifier(ada.id, { username: null }, changed),
      () => users.merge(ada.id, 'profile', long, { most: 9, along: changed }),
      () => users.changePassword(ada.id, { password: 'x' }, {}, { seenEpoch: 9, along: changed }),
      () => users.delete('nobody', deleted),
    ]
    for (const each of refused) await errorOf(each())
    expect((await told()).map(({ event, data }) => [event, data.id])).toEqual([['User.Created', ada.id]])
    expect(await users.get(ada.id)).toMatchObject({ username: 'ada', profile: {} })
  })

  test('is told once for each change that came through, of those that came at once', async () => {
    const { users, about, told } = await start('User.Created', 'User.Deleted')
    const create = async () => users.create({ username: 'ada' }, await about('User.Created'))
    const ends = await Promise.allSettled(Array.from({ length: 8 }, create))
    const [made] = ends.flatMap(end => (end.status === 'fulfilled' ? [end.value] : []))
    const remove = async () => users.delete(made!.id, await about('User.Deleted'))
    await Promise.allSettled(Array.from({ length: 8 }, remove))
    expect((await told()).map(({ event, data }) => [event, data.id])).toEqual([
      ['User.Created', made!.id],
      ['User.Deleted', made!.id],
    ])
  })

  test("has the time of its change, so that one user's events are in their order", async () => {
    const { users, about, told } = await start('User.Data.Updated')
    const { id } = await users.create({ username: 'ada' })
    const names = Array.from({ length: 12 }, (_, nth) => `name ${nth}`)
    await Promise.all(names.map(async name => users.update(id, { name }, await about('User.Data.Updated'))))
    const bodies = await told()
    expect(bodies.map(({ data }) => data.name).sort()).toEqual(names.sort())
    expect(bodies.map(({ createdAt }) => createdAt)).toEqual(bodies.map(({ createdAt }) => createdAt).sort())
    expect(bodies.at(-1)!.data.name).toBe((await users.get(id)).name)
  })
})

test('of refusals that strangers cause a thousand an hour are told, and of what happens to users all', () => {
  const world = testWorld()
  const logged: string[] = []
  const mayEmit = createEmitted({ ...world, log: (_, event) => void logged.push(event) })
  const told = (event: 'Message.RateLimited' | 'PostSignIn') =>
    Array.from({ length: MOST_EMITTED + 5 }, () => mayEmit(event)).filter(Boolean).length
  expect([told('Message.RateLimited'), told('PostSignIn')]).toEqual([MOST_EMITTED, MOST_EMITTED + 5])
  expect(logged).toHaveLength(1)
  world.wait(60 * 60_000)
  expect(mayEmit('Message.RateLimited')).toBe(true)
})
