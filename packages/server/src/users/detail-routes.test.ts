import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { call, code } from '../testing/calls.ts'
import { launch } from '../testing/launch.ts'

async function withUser(input: object = {}) {
  const server = await launch()
  const { id } = (await call(server, 'POST', '/api/users', input)).body
  return {
    server,
    user: (method: string, part: string, body?: unknown) =>
      call(server, method, `/api/users/${id}${part}`, body),
  }
}

test('a password can be checked, and whether there is one', async () => {
  const { server, user } = await withUser({ password: 'right' })
  expect(await user('POST', '/password/verify', { password: 'right' })).toEqual({ status: 204, body: '' })
  expect(await user('POST', '/password/verify', { password: 'wrong' })).toMatchObject(
    code(422, 'session.invalid_credentials'),
  )
  expect(await user('POST', '/password/verify', {})).toMatchObject(code(400, 'guard.invalid_input'))
  expect(await user('GET', '/has-password')).toEqual({ status: 200, body: { hasPassword: true } })
  const other = (await call(server, 'POST', '/api/users', {})).body
  expect((await call(server, 'GET', `/api/users/${other.id}/has-password`)).body).toEqual({
    hasPassword: false,
  })
})

test('custom data and profile take members one by one', async () => {
  const { user } = await withUser({
    customData: { a: 1, deep: { x: 1 } },
    profile: { nickname: 'A', gender: 'x' },
  })
  expect(await user('PATCH', '/custom-data', { customData: { b: 2, deep: { y: 2 } } })).toEqual({
    status: 200,
    body: { a: 1, b: 2, deep: { y: 2 } },
  })
  expect((await user('GET', '/custom-data')).body).toEqual({ a: 1, b: 2, deep: { y: 2 } })
  expect(await user('PATCH', '/profile', { profile: { nickname: 'B', address: { country: 'CN' } } })).toEqual(
    {
      status: 200,
      body: { nickname: 'B', gender: 'x', address: { country: 'CN' } },
    },
  )
  expect((await user('PATCH', '/profile', { profile: { nickname: 5 } })).status).toBe(400)
})

test('hash and algorithm are shown to those who ask, and nobody else', async () => {
  const { server, user } = await withUser({ password: 'right' })
  expect((await user('GET', '')).body).not.toHaveProperty('passwordDigest')
  expect((await user('GET', '?includePasswordHash=false')).body).not.toHaveProperty('passwordDigest')
  const hashes = { passwordDigest: expect.any(String), passwordAlgorithm: expect.any(String) }
  const list = async (query: string) => (await call(server, 'GET', `/api/users${query}`)).body
  expect(await list('?includePasswordHash=true')).toContainEqual(expect.objectContaining(hashes))
  for (const each of await list('')) expect(each).not.toHaveProperty('passwordDigest')
  expect((await user('GET', '?includePasswordHash=true&includeSsoIdentities=1')).body).toMatchObject({
    passwordDigest: expect.stringMatching(/^\$argon2id\$/),
    passwordAlgorithm: 'Argon2id',
    ssoIdentities: [],
  })
})

test('a hash of another system is taken over', async () => {
  const passwordDigest = createHash('sha256').update('right').digest('hex')
  const { server, user } = await withUser({ passwordDigest, passwordAlgorithm: 'SHA256' })
  expect((await user('GET', '?includePasswordHash=true')).body).toMatchObject({
    passwordDigest,
    passwordAlgorithm: 'SHA256',
  })
  expect((await user('POST', '/password/verify', { password: 'right' })).status).toBe(204)
  expect((await user('GET', '?includePasswordHash=true')).body).toMatchObject({
    passwordAlgorithm: 'Argon2id',
  })
  expect(await call(server, 'POST', '/api/users', { passwordDigest })).toMatchObject(
    code(400, 'user.password_algorithm_required'),
  )
})

test.each([
  ['Bcrypt', '$2y$07$usesomesillystringfore2uDLvp1Ii2e./U9C8sBjqp8I90dH6hi', 'rasmuslerdorf'],
  [
    'Legacy',
    JSON.stringify([
      'firebase-scrypt',
      [
        'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
        ...['Bw==', '8', '14', '42xEC+ixf3L2lw==', '@'],
      ],
      'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
    ]),
    'user1password',
  ],
])('a user who moved in signs in with the password of before: %s', async (algorithm, digest, password) => {
  const { server, user } = await withUser({
    username: 'ada',
    passwordDigest: digest,
    passwordAlgorithm: algorithm,
  })
  const browser = await server.visit()
  await browser.experience('PUT', '', { interactionEvent: 'SignIn' })
  const signIn = async (value: string, given: string) => {
    const { status, json } = await browser.experience('POST', '/verification/password', {
      identifier: { type: 'username', value },
      password: given,
    })
    return [status, json.code]
  }
  expect(await signIn('ada', 'wrong')).toEqual([422, 'session.invalid_credentials'])
  expect(await signIn('nobody', password)).toEqual([422, 'session.invalid_credentials'])
  expect(await signIn('ada', password)).toEqual([200, undefined])
  expect((await user('GET', '?includePasswordHash=true')).body.passwordAlgorithm).toBe('Argon2id')
  expect(await signIn('ada', password)).toEqual([200, undefined])
})

test('a password that has expired lets nobody in until there is a new one', async () => {
  const { server, user } = await withUser({ username: 'ada', password: 'right' })
  expect(await user('PATCH', '/password/expiration', { isExpired: true })).toMatchObject(
    code(400, 'sign_in_experiences.password_expiration_not_enabled'),
  )
  expect((await user('PATCH', '/password/expiration', { isExpired: false })).status).toBe(200)
  await server.connect('aliyun-sms')
  const settings = {
    passwordExpiration: { enabled: true, validPeriodDays: 30 },
    forgotPasswordMethods: ['PhoneVerificationCode'],
  }
  expect((await call(server, 'PATCH', '/api/sign-in-exp', settings)).status).toBe(200)
  const browser = await server.visit()
  const signIn = async () => {
    await browser.experience('PUT', '', { interactionEvent: 'SignIn' })
    const { status, json } = await browser.experience('POST', '/verification/password', {
      identifier: { type: 'username', value: 'ada' },
      password: 'right',
    })
    return [status, json.code]
  }
  expect(await signIn()).toEqual([200, undefined])
  expect((await user('PATCH', '/password/expiration', { isExpired: true })).status).toBe(200)
  expect(await signIn()).toEqual([422, 'password.expired'])
  await user('PATCH', '/password', { password: 'right' })
  expect(await signIn()).toEqual([200, undefined])
})

test('a user who is not there is not found', async () => {
  const server = await launch()
  for (const [method, part, body] of [
    ['POST', 'password/verify', { password: 'x' }],
    ['GET', 'has-password'],
    ['PATCH', 'password/expiration', { isExpired: true }],
    ['GET', 'custom-data'],
    ['PATCH', 'custom-data', { customData: {} }],
    ['PATCH', 'profile', { profile: {} }],
  ] as const)
    expect(await call(server, method, `/api/users/nobody/${part}`, body), part).toMatchObject(
      code(404, 'entity.not_found'),
    )
})

test('a search names fields, modes and how to join them', async () => {
  const server = await launch()
  for (const input of [
    { username: 'ada', name: 'Ada' },
    { username: 'grace', name: 'Ada' },
    { username: 'alan', primaryEmail: 'alan@example.com' },
  ]) {
    await call(server, 'POST', '/api/users', input)
    server.wait(1)
  }
  const names = async (query: string) =>
    (await call(server, 'GET', `/api/users?${query}`)).body.map((each: { username: string }) => each.username)
  expect(await names('search=%25ada%25')).toEqual(['grace', 'ada'])
  expect(await names('search.username=ada&search.name=Ada&joint=and')).toEqual(['ada'])
  expect(await names('search.primary_email=alan%25')).toEqual(['alan'])
  expect(await names('search.username=ada&search.username=alan&mode=exact')).toEqual(['alan', 'ada'])
  expect(await names('search.username=^a&mode.username=posix')).toEqual(['alan', 'ada'])
  expect(await names('search=(ada|alan)&mode=similar_to&isCaseSensitive=yes')).toEqual(['alan', 'ada'])
  expect(await names('search=ADA&isCaseSensitive=true')).toEqual([])
})

test('a pattern made to hang the server does not', async () => {
  const server = await launch()
  for (let index = 0; index < 20; index += 1)
    await call(server, 'POST', '/api/users', { name: `${'a'.repeat(120)}${index}!` })
  for (const pattern of ['^(a+)+$', '^(a|a|aa)*$', '(a*)*(a*)*(a*)*b'])
    expect(
      await call(server, 'GET', `/api/users?mode=posix&search.name=${encodeURIComponent(pattern)}`),
    ).toEqual({
      status: 200,
      body: [],
    })
  const wildcards = encodeURIComponent(`${'%a'.repeat(100)}%b`)
  for (const more of ['', '&isCaseSensitive=true', '&isCaseSensitive=true&mode=similar_to'])
    expect((await call(server, 'GET', `/api/users?search=${wildcards}${more}`)).body).toEqual([])
})

test.each([
  'search=',
  'search=a&search=b',
  'search=a%5C',
  'search=a&mode=regex',
  'search=a&joint=xor',
  'search.password=a',
  'search.profile.nickname=a',
  'search.username=a&mode.nickname=exact',
  'search=a&mode=similar_to',
  'search=(&mode=posix',
  'search=a**&mode=posix',
  'search=(a)%5C1&mode=posix',
  'search=((a{99}){99}){99}&mode=posix',
  `search=${'a'.repeat(300)}`,
])('a search that is not understood is refused, not ignored: %s', async query => {
  const server = await launch()
  expect(await call(server, 'GET', `/api/users?${query}`)).toMatchObject(code(400, 'request.invalid_input'))
})
