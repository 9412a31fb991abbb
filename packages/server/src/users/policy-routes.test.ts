import { expect, test } from 'vitest'
import { call, code } from '../testing/calls.ts'
import { launch } from '../testing/launch.ts'

test('the password policy can be tried', async () => {
  const server = await launch()
  const { body: user } = await call(server, 'POST', '/api/users', { username: 'lovelace' })
  const check = (body: object) => call(server, 'POST', '/api/sign-in-exp/default/check-password', body)
  expect(await check({ password: 'gX4!kq9z' })).toMatchObject(code(400, 'request.invalid_input'))
  expect(await check({ password: 'gX4!kq9z', userId: user.id })).toMatchObject({
    status: 200,
    body: { result: true },
  })
  expect(await check({ password: 'lovelace-7', userId: user.id })).toMatchObject({
    status: 400,
    body: { result: false, issues: [{ code: 'password_rejected.restricted.user_info' }] },
  })
  expect(await check({ password: 'x', userId: 'nobody' })).toMatchObject(code(404, 'entity.not_found'))
  await call(server, 'PATCH', '/api/sign-in-exp', { passwordPolicy: { rejects: { userInfo: false } } })
  expect(await check({ password: 'sh0rt' })).toMatchObject({
    status: 400,
    body: { issues: [{ code: 'password_rejected.too_short', interpolation: { min: 8 } }] },
  })
})

test('usernames that differ by case alone keep their case', async () => {
  const server = await launch()
  const ids = []
  for (const username of ['ada', 'ADA', 'grace'])
    ids.push((await call(server, 'POST', '/api/users', { username })).body.id)
  const conflicts = '/api/sign-in-exp/username-policy/case-sensitivity-conflicts'
  const found = await call(server, 'GET', `${conflicts}?limit=5`)
  expect(found.body).toEqual({
    totalConflicts: 1,
    samples: [{ usernameLower: 'ada', userIds: expect.arrayContaining(ids.slice(0, 2)) }],
  })
  const usernamePolicy = {
    caseSensitive: false,
    minLength: 1,
    maxLength: 128,
    allowedChars: { lowercase: true, uppercase: true, numbers: true, underscore: true },
  }
  expect(await call(server, 'PATCH', '/api/sign-in-exp', { usernamePolicy })).toMatchObject({
    status: 409,
    body: { code: 'sign_in_experiences.username_policy_case_conflicts_exist', data: found.body },
  })
  await call(server, 'DELETE', `/api/users/${ids[1]}`)
  expect((await call(server, 'PATCH', '/api/sign-in-exp', { usernamePolicy })).status).toBe(200)
})
