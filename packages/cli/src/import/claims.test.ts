import { eachServerDatabase } from '@countersign/server/testing/database'
import { type Launched, launch } from '@countersign/server/testing/launch'
import { expect, it } from 'vitest'
import { call, countsOf, moveIn } from './testing.ts'

type Identifiers = Partial<Record<'username' | 'primaryEmail' | 'primaryPhone', string>>

const USERS = { kinds: ['users'] as const }

/** Makes a user with this number in each kind of identifier. */
const numbered = (number: number): Required<Identifiers> => ({
  username: `user_${number}`,
  primaryEmail: `user_${number}@example.com`,
  primaryPhone: `86138001380${String(number).padStart(2, '0')}`,
})

const add = async (server: Launched, identifiers: Identifiers) =>
  (await call<{ id: string }>(server, 'POST', '/api/users', identifiers)).id

/** Gives users identifiers of each other: no server takes a taken one, so by way of others. */
async function exchange(server: Launched, wanted: Record<string, Identifiers>) {
  for (const [index, [id, identifiers]] of Object.entries(wanted).entries()) {
    const between = numbered(50 + index)
    const fields = Object.keys(identifiers) as (keyof Identifiers)[]
    const change = Object.fromEntries(fields.map(field => [field, between[field]]))
    await call(server, 'PATCH', `/api/users/${id}`, change)
  }
  for (const [id, identifiers] of Object.entries(wanted))
    await call(server, 'PATCH', `/api/users/${id}`, identifiers)
}

const usersOf = (server: Launched) => call(server, 'GET', '/api/users?page_size=100')

eachServerDatabase('identifiers that went from user to user since the last import', fresh => {
  it('are followed within one run, whoever of them is listed first', async () => {
    const source = await launch()
    const ids: string[] = []
    for (const number of [0, 1, 2]) ids.push(await add(source, numbered(number)))
    const env = await fresh()
    await moveIn(source.endpoint, env, USERS)
    for (const [index, number] of [9, 0, 1].entries())
      await call(source, 'PATCH', `/api/users/${ids[index]}`, {
        primaryPhone: numbered(number).primaryPhone,
      })

    const trial = await moveIn(source.endpoint, env, { ...USERS, trial: true })
    const { results } = await moveIn(source.endpoint, env, USERS)
    expect(results).toEqual(trial.results)
    expect(countsOf(results.users)).toEqual({ update: 3 })
    expect(await usersOf(await launch(env))).toEqual(await usersOf(source))
  })

  it('are followed in circles too: two who changed theirs over, and more, by different kinds', async () => {
    const source = await launch()
    const ids: string[] = []
    for (let number = 0; number < 12; number += 1) ids.push(await add(source, numbered(number)))
    const env = await fresh()
    await moveIn(source.endpoint, env, USERS)
    await exchange(source, {
      // A pair for each kind; addresses that differ by case alone are one.
      [ids[0]!]: { primaryEmail: 'User_1@Example.com' },
      [ids[1]!]: { primaryEmail: 'user_0@example.com' },
      [ids[2]!]: { primaryPhone: numbered(3).primaryPhone },
      [ids[3]!]: { primaryPhone: numbered(2).primaryPhone },
      [ids[4]!]: { username: 'user_5' },
      [ids[5]!]: { username: 'user_4' },
      // Three with everything they have, and two more who are in two circles at once.
      [ids[6]!]: numbered(7),
      [ids[7]!]: numbered(8),
      [ids[8]!]: { ...numbered(6), username: 'user_9' },
      [ids[9]!]: { username: 'user_10', primaryEmail: 'user_10@example.com' },
      [ids[10]!]: {
        username: 'user_6',
        primaryEmail: 'user_9@example.com',
        primaryPhone: numbered(20).primaryPhone,
      },
      // What the circle lets go goes on, and in the end to somebody new.
      [ids[11]!]: { primaryPhone: numbered(10).primaryPhone },
    })
    await add(source, { primaryPhone: numbered(11).primaryPhone })
    const trial = await moveIn(source.endpoint, env, { ...USERS, trial: true })
    const { results } = await moveIn(source.endpoint, env, USERS)
    expect(results).toEqual(trial.results)
    expect(countsOf(results.users)).toEqual({ create: 1, update: 12 })
    expect(await usersOf(await launch(env))).toEqual(await usersOf(source))
    expect(countsOf((await moveIn(source.endpoint, env, USERS)).results.users)).toEqual({ same: 13 })
    await exchange(source, { [ids[6]!]: { username: 'user_8' }, [ids[7]!]: { username: 'user_7' } })
    const again = await moveIn(source.endpoint, env, USERS)
    expect(countsOf(again.results.users)).toEqual({ update: 2, same: 11 })
  })

  it('stay where one of a circle lives here now: all of it are named, and other circles are followed', async () => {
    const source = await launch()
    const ids: string[] = []
    for (let number = 0; number < 6; number += 1) ids.push(await add(source, numbered(number)))
    const env = await fresh()
    await moveIn(source.endpoint, env, USERS)
    const target = await launch(env)
    await call(target, 'PATCH', `/api/users/${ids[1]}`, { name: 'Changed here' })
    const phone = (number: number) => ({ primaryPhone: numbered(number).primaryPhone })
    await exchange(source, {
      [ids[0]!]: phone(2),
      [ids[1]!]: { ...phone(0), primaryEmail: 'new@example.com' },
      [ids[2]!]: phone(1),
      [ids[3]!]: { ...phone(4), username: 'new' },
      [ids[4]!]: phone(3),
      // The one lets the name go, the other keeps the address.
      [ids[5]!]: { username: 'user_3', primaryEmail: 'user_1@example.com' },
    })
    const trial = await moveIn(source.endpoint, env, { ...USERS, trial: true })
    const { results } = await moveIn(source.endpoint, env, USERS)
    expect(results).toEqual(trial.results)
    expect(countsOf(results.users)).toEqual({ update: 2, kept: 1, failed: 3 })
    const failed = (id: string, name: string, holder: string) => ({
      id,
      action: 'failed',
      reason: { text: `the ${name} belongs to another user here`, detail: `user ${holder} here` },
    })
    expect(results.users.outcomes).toMatchObject([
      failed(ids[5]!, 'e-mail address', ids[1]!),
      failed(ids[2]!, 'phone number', ids[1]!),
      failed(ids[0]!, 'phone number', ids[2]!),
    ])
    const kept = await Promise.all(ids.map(id => call(target, 'GET', `/api/users/${id}`)))
    expect(kept.map(({ primaryPhone }) => primaryPhone)).toEqual(
      [0, 1, 2, 4, 3, 5].map(number => numbered(number).primaryPhone),
    )
  })
})
