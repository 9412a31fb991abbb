import { expect, test } from 'vitest'
import { type Launched, launch } from '../testing/launch.ts'

const PHONE = { type: 'phone', value: '8613800138000' }
const INBOX = '+8613800138000'

const passwordless = {
  signUp: { identifiers: ['phone'], password: false, verify: true },
  signIn: {
    methods: [{ identifier: 'phone', password: true, verificationCode: true, isPasswordPrimary: false }],
  },
  forgotPasswordMethods: ['PhoneVerificationCode'],
}

async function ready(settings: object = {}): Promise<Launched> {
  const server = await launch()
  await server.connect('aliyun-sms')
  const answer = await server.manage('PATCH', '/api/sign-in-exp', { ...passwordless, ...settings })
  expect(answer.status).toBe(200)
  return server
}

type Visitor = Awaited<ReturnType<Launched['visit']>>

async function sendCode(visitor: Visitor, event: string, identifier: object = PHONE): Promise<string> {
  const { status, json } = await visitor.experience('POST', '/verification/verification-code', {
    identifier,
    interactionEvent: event,
  })
  expect(status).toBe(200)
  return json.verificationId
}

const verify = (visitor: Visitor, verificationId: string, code: string, identifier: object = PHONE) =>
  visitor.experience('POST', '/verification/verification-code/verify', { identifier, verificationId, code })

async function proven(server: Launched, visitor: Visitor, event: string): Promise<string> {
  await visitor.experience('PUT', '', { interactionEvent: event })
  const id = await sendCode(visitor, event)
  expect((await verify(visitor, id, server.codeFor(INBOX))).status).toBe(200)
  return id
}

test('without a cookie there is no session, before the first event no interaction', async () => {
  const server = await ready()
  const bare = await fetch(`${server.endpoint}/api/experience/interaction`)
  expect(bare.status).toBe(400)
  expect(await bare.json()).toMatchObject({ code: 'session.not_found', message: expect.any(String) })
  const visitor = await server.visit()
  expect(await visitor.experience('GET', '/interaction')).toMatchObject({
    status: 404,
    json: { code: 'session.interaction_not_found' },
  })
})

test('an unknown number that was verified to sign in goes on as registration without a second code', async () => {
  const server = await ready()
  const visitor = await server.visit()
  const verificationId = await proven(server, visitor, 'SignIn')
  const unknown = await visitor.experience('POST', '/identification', { verificationId })
  expect(unknown).toMatchObject({
    status: 404,
    json: { code: 'user.user_not_exist', data: { identifier: PHONE.value } },
  })
  expect(
    await visitor.experience('PUT', '/interaction-event', { interactionEvent: 'Register' }),
  ).toMatchObject({ status: 204 })
  expect(await visitor.experience('POST', '/identification', { verificationId })).toMatchObject({
    status: 201,
  })
  const done = await visitor.experience('POST', '/submit')
  expect(done.json.redirectTo).toMatch(`${server.endpoint}/oidc/auth/`)
  await visitor.open(done.json.redirectTo)
  expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
  expect(visitor.leftTo?.searchParams.get('iss')).toBe(`${server.endpoint}/oidc`)
  expect(server.clouds.inbox.messages()).toHaveLength(1)
})

test('a known number that was verified to register goes on as sign-in', async () => {
  const server = await ready()
  await server.manage('POST', '/api/users', { primaryPhone: PHONE.value })
  const visitor = await server.visit()
  const verificationId = await proven(server, visitor, 'Register')
  expect(await visitor.experience('POST', '/identification', { verificationId })).toMatchObject({
    status: 422,
    json: { code: 'user.phone_already_in_use' },
  })
  await visitor.experience('PUT', '/interaction-event', { interactionEvent: 'SignIn' })
  expect(await visitor.experience('POST', '/identification', { verificationId })).toMatchObject({
    status: 204,
  })
  expect(await visitor.experience('POST', '/submit')).toMatchObject({ status: 200 })
})

test('a second registration in one interaction is refused and makes no empty user', async () => {
  const server = await ready()
  const visitor = await server.visit()
  const verificationId = await proven(server, visitor, 'Register')
  expect(await visitor.experience('POST', '/identification', { verificationId })).toMatchObject({
    status: 201,
  })
  expect(await visitor.experience('POST', '/identification', {})).toMatchObject({
    status: 409,
    json: { code: 'session.identity_conflict' },
  })
  expect((await server.manage('GET', '/api/users')).headers.get('total-number')).toBe('1')
})

test('a code is good once, for its own record and number only', async () => {
  const server = await ready()
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
  const id = await sendCode(visitor, 'SignIn')
  const code = server.codeFor(INBOX)
  const wrong = code === '123456' ? '654321' : '123456'
  expect(await verify(visitor, id, wrong)).toMatchObject({
    status: 400,
    json: { code: 'verification_code.code_mismatch' },
  })
  expect(await verify(visitor, id, '')).toMatchObject({
    status: 400,
    json: { code: 'verification_code.not_found' },
  })
  expect(await verify(visitor, id, code, { type: 'phone', value: '8613800138001' })).toMatchObject({
    json: { code: 'verification_code.phone_mismatch' },
  })
  expect(await verify(visitor, 'no-such-record', code)).toMatchObject({
    status: 404,
    json: { code: 'session.verification_session_not_found' },
  })
  expect(await verify(visitor, id, code)).toMatchObject({ status: 200, json: { verificationId: id } })
  expect(await verify(visitor, id, code)).toMatchObject({ json: { code: 'verification_code.not_found' } })
})

test('asking again makes the earlier record unknown, and only the new code counts', async () => {
  const server = await ready()
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
  const first = await sendCode(visitor, 'SignIn')
  const firstCode = server.codeFor(INBOX)
  const second = await sendCode(visitor, 'SignIn')
  expect(await verify(visitor, first, firstCode)).toMatchObject({ status: 404 })
  expect(await verify(visitor, second, server.codeFor(INBOX))).toMatchObject({ status: 200 })
})

test('a code is refused when it is too old or was guessed at too often', async () => {
  const server = await ready({ verificationCodePolicy: { expirationDuration: 60, maxRetryAttempts: 2 } })
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
  const first = await sendCode(visitor, 'SignIn')
  server.wait(61_000)
  expect(await verify(visitor, first, server.codeFor(INBOX))).toMatchObject({
    json: { code: 'verification_code.expired' },
  })
  const second = await sendCode(visitor, 'SignIn')
  const code = server.codeFor(INBOX)
  const wrong = code === '123456' ? '654321' : '123456'
  await verify(visitor, second, wrong)
  await verify(visitor, second, wrong)
  expect(await verify(visitor, second, code)).toMatchObject({
    json: { code: 'verification_code.exceed_max_try' },
  })
})

test('the eleventh message to a recipient within ten minutes is refused, and later ones are let through again', async () => {
  const server = await ready()
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
  for (let sent = 0; sent < 10; sent += 1) await sendCode(visitor, 'SignIn')
  const body = { identifier: PHONE, interactionEvent: 'SignIn' }
  expect(await visitor.experience('POST', '/verification/verification-code', body)).toMatchObject({
    status: 429,
    json: { code: 'request.message_rate_limited' },
  })
  server.wait(10 * 60_000 + 1)
  await sendCode(visitor, 'SignIn')
})

test('a password is reset after a code, and asking for a number without account looks and counts the same but sends nothing', async () => {
  const server = await ready()
  await server.manage('POST', '/api/users', { primaryPhone: PHONE.value, password: 'old password 1' })
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent: 'ForgotPassword' })
  const stranger = { type: 'phone', value: '8613800138009' }
  await sendCode(visitor, 'ForgotPassword', stranger)
  expect(server.clouds.inbox.messages()).toHaveLength(0)

  const verificationId = await sendCode(visitor, 'ForgotPassword')
  await expect.poll(() => server.clouds.inbox.messages().length).toBe(1)
  await verify(visitor, verificationId, server.codeFor(INBOX))
  expect(await visitor.experience('POST', '/identification', { verificationId })).toMatchObject({
    status: 204,
  })
  expect(await visitor.experience('PUT', '/profile/password', { password: 'sh0rt' })).toMatchObject({
    status: 422,
    json: {
      code: 'password.rejected',
      data: [{ code: 'password_rejected.too_short', interpolation: { min: 8 } }],
    },
  })
  expect(await visitor.experience('PUT', '/profile/password', { password: 'old password 1' })).toMatchObject({
    status: 422,
    json: { code: 'user.same_password' },
  })
  expect(await visitor.experience('PUT', '/profile/password', { password: 'new password 2' })).toMatchObject({
    status: 204,
  })
  expect(await visitor.experience('POST', '/submit')).toMatchObject({ status: 204 })
  await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
  const attempt = (password: string) =>
    visitor.experience('POST', '/verification/password', { identifier: PHONE, password })
  expect(await attempt('old password 1')).toMatchObject({
    status: 422,
    json: { code: 'session.invalid_credentials' },
  })
  const signedIn = await attempt('new password 2')
  expect(signedIn.status).toBe(200)
  expect(await visitor.experience('POST', '/identification', signedIn.json)).toMatchObject({ status: 204 })
})

test('registration waits for what the settings require and keeps what was staged', async () => {
  const server = await ready({ signUp: { identifiers: ['phone'], password: true, verify: true } })
  const visitor = await server.visit()
  const verificationId = await proven(server, visitor, 'Register')
  expect(await visitor.experience('POST', '/identification', { verificationId })).toMatchObject({
    status: 422,
    json: { code: 'user.missing_profile', data: { missingProfile: ['password'] } },
  })
  expect(
    await visitor.experience('POST', '/profile', { type: 'password', value: 'a good password' }),
  ).toMatchObject({ status: 204 })
  const shown = await visitor.experience('GET', '/interaction')
  expect(shown.json.profile).toEqual({ primaryPhone: PHONE.value })
  expect(shown.text).not.toContain('argon2')
  expect(await visitor.experience('POST', '/identification', {})).toMatchObject({ status: 201 })
  expect(await visitor.experience('POST', '/submit')).toMatchObject({ status: 200 })
})

test('a suspended user is told so only after the proof', async () => {
  const server = await ready()
  const { id } = (await (
    await server.manage('POST', '/api/users', { primaryPhone: PHONE.value, password: 'right password' })
  ).json()) as { id: string }
  await server.manage('PATCH', `/api/users/${id}/is-suspended`, { isSuspended: true })
  const visitor = await server.visit()
  const verificationId = await proven(server, visitor, 'SignIn')
  expect(await visitor.experience('POST', '/identification', { verificationId })).toMatchObject({
    status: 401,
    json: { code: 'user.suspended' },
  })
  const attempt = (password: string) =>
    visitor.experience('POST', '/verification/password', { identifier: PHONE, password })
  expect(await attempt('wrong password')).toMatchObject({
    status: 422,
    json: { code: 'session.invalid_credentials' },
  })
  expect(await attempt('right password')).toMatchObject({ status: 401, json: { code: 'user.suspended' } })
})

test('two hundred parallel guesses get exactly as many looks as the policy allows', async () => {
  const server = await ready({
    verificationCodePolicy: { maxRetryAttempts: 7 },
    sentinelPolicy: { maxAttempts: 1000 },
  })
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
  const id = await sendCode(visitor, 'SignIn')
  const code = server.codeFor(INBOX)
  const guesses = Array.from({ length: 200 }, (_, index) => String(index).padStart(6, '0')).filter(
    guess => guess !== code,
  )
  const answers = await Promise.all(guesses.map(guess => verify(visitor, id, guess)))
  const codes = answers.map(answer => answer.json.code)
  expect(codes.filter(each => each === 'verification_code.code_mismatch')).toHaveLength(7)
  expect(codes.filter(each => each === 'verification_code.exceed_max_try')).toHaveLength(guesses.length - 7)
})

test('an identifier is locked after too many failures, also for the right code', async () => {
  const server = await ready({ sentinelPolicy: { maxAttempts: 3, lockoutDuration: 5 } })
  await server.manage('POST', '/api/users', { primaryPhone: PHONE.value, password: 'right password' })
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
  const attempt = (password: string) =>
    visitor.experience('POST', '/verification/password', { identifier: PHONE, password })
  const blocked = { status: 400, json: { code: 'session.verification_blocked_too_many_attempts' } }
  await attempt('wrong 1')
  await attempt('wrong 2')
  expect(await attempt('wrong 3')).toMatchObject(blocked)
  expect(await attempt('right password')).toMatchObject(blocked)
  server.wait(5 * 60_000 + 1)
  expect(await attempt('right password')).toMatchObject({ status: 200 })
})

test('nobody registers without an identifier, even where the settings ask for none', async () => {
  const server = await ready({ signUp: { identifiers: [], password: false, verify: false } })
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent: 'Register' })
  expect(await visitor.experience('POST', '/identification', {})).toMatchObject({
    status: 400,
    json: { code: 'session.verification_failed' },
  })
  expect((await server.manage('GET', '/api/users')).headers.get('total-number')).toBe('0')
})
