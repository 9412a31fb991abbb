import { expect, test } from 'vitest'
import { claimsOf } from '../oidc/claims.ts'
import { newUser, ready, signIn } from './testing.ts'

const PROGRAMS = ['javascript:alert(1)', 'JavaScript:alert(1)', 'data:text/html,x', 'a.example']

test('website and profile of a user are web addresses, whoever writes them', async () => {
  const server = await ready()
  const userId = await newUser(server)
  const user = await signIn(server)
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent: 'Register' })
  const writes = (profile: object) => [
    async () => (await server.manage('POST', '/api/users', { profile })).status,
    async () => (await server.manage('PATCH', `/api/users/${userId}`, { profile })).status,
    async () => (await server.manage('PATCH', `/api/users/${userId}/profile`, { profile })).status,
    async () => (await user.call('PATCH', '/api/my-account/profile', profile)).status,
    async () =>
      (await visitor.experience('POST', '/profile', { type: 'extraProfile', values: profile })).status,
  ]
  for (const field of ['website', 'profile'])
    for (const [index, write] of writes({ [field]: PROGRAMS[0] }).entries())
      expect(await write(), `${field} ${index}`).toBe(400)
  for (const address of PROGRAMS) expect(await writes({ website: address })[2]!(), address).toBe(400)
  for (const address of ['https://ada.example/x', 'http://localhost:3000', ''])
    for (const write of writes({ website: address, profile: address }).slice(1))
      expect(await write(), address).toBeLessThan(300)
})

test('a link that was stored before it was checked is no claim', async () => {
  const server = await ready()
  const user = await server.app.users.create({
    username: 'ada',
    profile: { website: 'javascript:alert(1)', profile: 'https://ada.example' },
  })
  expect(claimsOf(user, 'userinfo')).toMatchObject({ profile: 'https://ada.example' })
  expect(claimsOf(user, 'userinfo')).not.toHaveProperty('website')
})
