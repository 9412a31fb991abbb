import { expect, test } from 'vitest'
import { eachServerDatabase } from '../db/testing.ts'
import { DEFAULT_EXPERIENCE } from '../experience/defaults.ts'
import type { Launched } from '../testing/launch.ts'
import { EMAIL, newUser, OPEN, PASSWORD, PHONE, ready, type SignedIn, signIn, verified } from './testing.ts'

const IGNORE_CASE = { usernamePolicy: { ...DEFAULT_EXPERIENCE.usernamePolicy, caseSensitive: false } }

eachServerDatabase('an identifier', fresh => {
  const start = async () => ready(OPEN, IGNORE_CASE, await fresh())

  const manage = async (server: Launched, method: string, path: string, body: object) => {
    const answer = await server.manage(method, path, body)
    return { status: answer.status, body: (await answer.json()) as { code?: string; id?: string } }
  }

  const readUser = async (server: Launched, id: string) =>
    (await (await server.manage('GET', `/api/users/${id}`)).json()) as Record<string, unknown>

  test.each([
    ['phone', 'primary-phone', 'primaryPhone', PHONE, PHONE],
    ['email', 'primary-email', 'primaryEmail', EMAIL, 'ADA@Example.com'],
  ] as const)(
    'proven by two users and given to a third, all at once, has one owner: %s',
    async (type, part, member, value, spelling) => {
      const server = await start()
      const names = ['ada', 'grace']
      const signedIn: [SignedIn, string, string][] = []
      for (const username of names) {
        await newUser(server, { username })
        const user = await signIn(server, { username })
        signedIn.push([user, await user.proof(), await verified(server, user, { type, value })])
        // One recipient gets only so many messages in a while.
        server.wait(60_000)
      }
      const third = await newUser(server, { username: 'alan' })
      const answers = await Promise.all([
        ...signedIn.map(([user, proof, record]) => {
          const body = { [type]: value, newIdentifierVerificationRecordId: record }
          return user.call('POST', `/api/my-account/${part}`, body, proof)
        }),
        manage(server, 'PATCH', `/api/users/${third}`, { [member]: spelling }),
        manage(server, 'POST', '/api/users', { [member]: spelling }),
      ])
      const won = answers.filter(({ status }) => status < 300)
      const lost = answers.filter(({ status }) => status >= 300)
      expect(won).toHaveLength(1)
      expect(lost.map(({ status, body }) => [status, body.code])).toEqual(
        lost.map(() => [422, `user.${type}_already_in_use`]),
      )
      const query = new URLSearchParams({ [`search.${member}`]: value, mode: 'exact' })
      const found = await server.manage('GET', `/api/users?${query}`)
      expect(await found.json()).toHaveLength(1)
    },
  )

  test('changed by its user and another by a back end at the same time: both changes stay', async () => {
    const server = await start()
    const id = await newUser(server)
    const user = await signIn(server)
    const proof = await user.proof()
    const record = await verified(server, user, { type: 'phone', value: PHONE })
    const outcomes = await Promise.all([
      user.call(
        'POST',
        '/api/my-account/primary-phone',
        {
          phone: PHONE,
          newIdentifierVerificationRecordId: record,
        },
        proof,
      ),
      manage(server, 'PATCH', `/api/users/${id}`, { name: 'Ada', primaryEmail: EMAIL }),
      user.call('PATCH', '/api/my-account/profile', { nickname: 'A' }),
      manage(server, 'PATCH', `/api/users/${id}/profile`, { profile: { gender: 'x' } }),
      manage(server, 'PATCH', `/api/users/${id}/custom-data`, { customData: { a: 1 } }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([204, 200, 200, 200, 200])
    expect(await readUser(server, id)).toMatchObject({
      username: 'ada',
      name: 'Ada',
      primaryEmail: EMAIL,
      primaryPhone: PHONE,
      profile: { nickname: 'A', gender: 'x' },
      customData: { a: 1 },
    })
  })

  test('the last two of which are taken away at once by its user leaves one', async () => {
    const server = await start()
    const id = await newUser(server, { primaryPhone: PHONE, primaryEmail: EMAIL })
    const user = await signIn(server)
    const proof = await user.proof()
    await manage(server, 'PATCH', `/api/users/${id}`, { username: null })
    const answers = await Promise.all([
      user.call('DELETE', '/api/my-account/primary-phone', undefined, proof),
      user.call('DELETE', '/api/my-account/primary-email', undefined, proof),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400])
    const { primaryPhone, primaryEmail } = await readUser(server, id)
    expect([primaryPhone, primaryEmail].filter(value => value !== null)).toHaveLength(1)
  })

  test('a name spelled in two ways is registered once, and signs in in any spelling', async () => {
    const server = await start()
    const spellings = ['Ada', 'ADA', 'aDA']
    const register = async (username: string) => {
      const visitor = await server.visit()
      await visitor.experience('PUT', '', { interactionEvent: 'Register' })
      const prepared = await visitor.experience('POST', '/verification/new-password-identity', {
        identifier: { type: 'username', value: username },
        password: PASSWORD,
      })
      return { visitor, ...prepared }
    }
    const prepared = []
    for (const username of spellings) prepared.push(await register(username))
    expect(prepared.map(({ status }) => status)).toEqual([200, 200, 200])
    const answers = await Promise.all([
      ...prepared.map(async ({ visitor, json: { verificationId } }) => {
        const { status, json } = await visitor.experience('POST', '/identification', { verificationId })
        return { status, body: json }
      }),
      manage(server, 'POST', '/api/users', { username: 'adA' }),
    ])
    const lost = answers.filter(({ status }) => status >= 300)
    expect(lost.map(({ body }) => body.code)).toEqual(Array(3).fill('user.username_already_in_use'))
    const list = await (await server.manage('GET', '/api/users')).json()
    expect(list).toHaveLength(1)

    expect((await register('ada')).json).toMatchObject({ code: 'user.username_already_in_use' })
    await newUser(server, { username: 'Grace' })
    const { userId } = await signIn(server, { username: 'gRACE' })
    expect(await readUser(server, userId)).toMatchObject({ username: 'Grace' })
    expect(await manage(server, 'PATCH', `/api/users/${userId}`, { username: 'ada' })).toMatchObject({
      status: 422,
      body: { code: 'user.username_already_in_use' },
    })
    expect((await manage(server, 'PATCH', `/api/users/${userId}`, { username: 'GRACE' })).status).toBe(200)
  })
})
