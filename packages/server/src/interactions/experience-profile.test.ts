import { describe, expect, test } from 'vitest'
import { solved } from '../captcha/testing.ts'
import { INBOX, PHONE, ready } from '../testing/visitor.ts'

type Server = Awaited<ReturnType<typeof ready>>
type Visitor = Awaited<ReturnType<Server['visit']>>

const phone = { type: 'phone', value: PHONE }
const withEmail = {
  signUp: {
    identifiers: ['phone'],
    password: false,
    verify: true,
    secondaryIdentifiers: [{ identifier: 'email', verify: true }],
  },
}

/** Proves an identifier; returns the verification's id. */
async function prove(server: Server, visitor: Visitor, event: string, identifier: object, inbox: string) {
  const sent = await visitor.experience('POST', '/verification/verification-code', {
    identifier,
    interactionEvent: event,
  })
  expect(sent.status).toBe(200)
  const { verificationId } = sent.json
  const body = { identifier, verificationId, code: server.codeFor(inbox) }
  expect(await visitor.experience('POST', '/verification/verification-code/verify', body)).toMatchObject({
    status: 200,
  })
  return verificationId as string
}

/** A visitor who has signed in as the owner of the number, and has not submitted yet. */
async function identified(server: Server, event = 'SignIn'): Promise<Visitor> {
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent: event })
  const verificationId = await prove(server, visitor, event, phone, INBOX)
  const answer = await visitor.experience('POST', '/identification', { verificationId })
  expect(answer.status).toBe(event === 'Register' ? 201 : 204)
  return visitor
}

const userOf = async (server: Server) =>
  ((await (await server.manage('GET', '/api/users')).json()) as Record<string, unknown>[])[0]

describe('further fields', () => {
  test('go to the built-in profile by name, all others to the custom data', async () => {
    const server = await ready()
    const visitor = await identified(server, 'Register')
    for (const values of [
      { name: 'Ada', avatar: 'https://example.com/ada.png', givenName: 'Ada', team: 7 },
      { address: { country: 'GB' }, likes: ['engines'] },
    ])
      expect(await visitor.experience('POST', '/profile', { type: 'extraProfile', values })).toMatchObject({
        status: 204,
      })
    expect((await visitor.experience('POST', '/submit')).status).toBe(200)
    expect(await userOf(server)).toMatchObject({
      name: 'Ada',
      avatar: 'https://example.com/ada.png',
      profile: { givenName: 'Ada', address: { country: 'GB' } },
      customData: { team: 7, likes: ['engines'] },
    })
  })

  test.each([
    [
      { primaryPhone: '1' },
      'custom_profile_fields.name_conflict_sign_in_identifier',
      { name: 'primaryPhone' },
    ],
    [{ username: 'x' }, 'custom_profile_fields.name_conflict_sign_in_identifier', { name: 'username' }],
    [{ isSuspended: true }, 'custom_profile_fields.name_conflict_built_in_prop', { name: 'isSuspended' }],
    [{ customData: {} }, 'custom_profile_fields.name_conflict_custom_data', { name: 'customData' }],
    [{ name: 5 }, 'guard.invalid_input', { message: 'values.name is not valid' }],
    [{ address: 'x' }, 'guard.invalid_input', { message: 'values.address is not valid' }],
    [{ avatar: 'javascript:x' }, 'guard.invalid_input', { message: 'values.avatar is not valid' }],
  ])('that cannot be are refused: %j', async (values, code, data) => {
    const server = await ready()
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'Register' })
    expect(await visitor.experience('POST', '/profile', { type: 'extraProfile', values })).toMatchObject({
      status: 400,
      json: { code, data },
    })
  })
})

describe('adding to the profile', () => {
  test('is refused in a reset, without a user, and with a proof that is none', async () => {
    const server = await ready(withEmail)
    const visitor = await server.visit()
    const add = async (body: object) => {
      const { status, json } = await visitor.experience('POST', '/profile', body)
      return [status, json?.code]
    }
    await visitor.experience('PUT', '', { interactionEvent: 'ForgotPassword' })
    expect(await add({ type: 'username', value: 'ada' })).toEqual([
      400,
      'session.not_supported_for_forgot_password',
    ])
    await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
    expect(await add({ type: 'username', value: 'ada' })).toEqual([404, 'session.identifier_not_found'])
    await visitor.experience('PUT', '', { interactionEvent: 'Register' })
    expect(await add({ type: 'username', value: '1ada' })).toEqual([400, 'guard.invalid_input'])
    expect(await add({ type: 'email', verificationId: 'nothing' })).toEqual([
      404,
      'session.verification_session_not_found',
    ])
    const { json } = await visitor.experience('POST', '/verification/verification-code', {
      identifier: { type: 'email', value: 'ada@example.com' },
      interactionEvent: 'Register',
    })
    expect(await add({ type: 'phone', verificationId: json.verificationId })).toEqual([
      404,
      'session.verification_session_not_found',
    ])
    expect(await add({ type: 'email', verificationId: json.verificationId })).toEqual([
      400,
      'session.verification_failed',
    ])
  })

  test('is refused where the user has it already, or got it before the end', async () => {
    const server = await ready()
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    const [one, two] = [await identified(server), await identified(server)]
    for (const visitor of [one, two])
      expect(
        await visitor.experience('POST', '/profile', { type: 'password', value: 'a good passphrase' }),
      ).toMatchObject({ status: 204 })
    expect((await one.experience('POST', '/submit')).status).toBe(200)
    expect(await two.experience('POST', '/submit')).toMatchObject({
      status: 422,
      json: { code: 'user.password_exists_in_profile' },
    })
    const three = await identified(server)
    expect(
      await three.experience('POST', '/profile', { type: 'password', value: 'another one' }),
    ).toMatchObject({
      status: 422,
      json: { code: 'user.password_exists_in_profile' },
    })
  })

  test('is checked once more at the end: what somebody else took meanwhile is refused', async () => {
    const server = await ready()
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    const visitor = await identified(server)
    await visitor.experience('POST', '/profile', { type: 'username', value: 'ada' })
    await server.manage('POST', '/api/users', { username: 'ada' })
    expect(await visitor.experience('POST', '/submit')).toMatchObject({
      status: 422,
      json: { code: 'user.username_already_in_use' },
    })
  })
})

test('an interaction tells where it stands, until the browser has followed its end', async () => {
  const server = await ready(withEmail)
  await server.manage('POST', '/api/users', { primaryPhone: PHONE })
  const visitor = await identified(server)
  expect(await visitor.experience('POST', '/submit')).toMatchObject({
    status: 422,
    json: { code: 'user.missing_profile', data: { missingProfile: ['email'] } },
  })
  const address = { type: 'email', value: 'ada@example.com' }
  const verificationId = await prove(server, visitor, 'SignIn', address, 'ada@example.com')
  await visitor.experience('POST', '/profile', { type: 'email', verificationId })
  const { json } = await visitor.experience('GET', '/interaction')
  const id = expect.any(String)
  expect(json).toEqual({
    interactionEvent: 'SignIn',
    userId: id,
    profile: { primaryEmail: 'ada@example.com' },
    verificationRecords: [
      { id, type: 'PhoneVerificationCode', identifier: phone, verified: true, templateType: 'SignIn' },
      { id, type: 'EmailVerificationCode', identifier: address, verified: true, templateType: 'SignIn' },
    ],
    mfa: {},
    captcha: { verified: false, skipped: false },
    signInContext: { ip: expect.any(String), userAgent: expect.any(String) },
  })
  const { redirectTo } = (await visitor.experience('POST', '/submit')).json
  expect((await visitor.experience('GET', '/interaction')).status).toBe(200)
  await visitor.open(redirectTo)
  expect(await visitor.experience('GET', '/interaction')).toMatchObject({
    status: 400,
    json: {
      code: 'session.not_found',
      error: 'invalid_request',
      error_description: expect.any(String),
    },
  })
})

test('a check whether visitors are people, once asked for, is never passed over', async () => {
  const server = await ready({ captchaPolicy: { enabled: true } })
  const visitor = await server.visit()
  const refused = { status: 422, json: { code: 'session.captcha_required' } }
  await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
  const body = { identifier: phone, interactionEvent: 'SignIn' }
  expect(await visitor.experience('POST', '/verification/verification-code', body)).toMatchObject(refused)
  expect(await visitor.experience('POST', '/submit')).toMatchObject(refused)
  await visitor.experience('PUT', '/interaction-event', { interactionEvent: 'Register' })
  expect(await visitor.experience('POST', '/identification', {})).toMatchObject(refused)
  expect((await visitor.experience('GET', '/interaction')).json.captcha).toEqual({
    verified: false,
    skipped: false,
  })
  expect(server.clouds.inbox.messages()).toHaveLength(0)
  expect(
    await visitor.experience('PUT', '', { interactionEvent: 'SignIn', captchaToken: 'x' }),
  ).toMatchObject({ status: 422, json: { code: 'session.captcha_failed' } })
})

test('a check whether visitors are people is passed once, for a whole interaction and for no other', async () => {
  const server = await ready({ captchaPolicy: { enabled: true } })
  expect(
    await (
      await server.manage('PUT', '/api/protection/captcha', { provider: 'altcha', effort: 100_000 })
    ).json(),
  ).toEqual({ provider: 'altcha', effort: 100_000 })
  const [visitor, other] = [await server.visit(), await server.visit()]
  // A challenge is there before anything has begun.
  const captchaToken = await solved((await visitor.experience('GET', '/captcha')).json)
  const stolen = await other.experience('PUT', '', { interactionEvent: 'SignIn', captchaToken })
  expect(stolen).toMatchObject({ status: 422, json: { code: 'session.captcha_failed' } })
  const begin = { interactionEvent: 'Register', captchaToken }
  expect((await visitor.experience('PUT', '', begin)).status).toBe(204)
  const shown = (await visitor.experience('GET', '/interaction')).json.captcha
  expect(shown).toEqual({ verified: true, skipped: false })
  expect((await visitor.experience('PUT', '', begin)).status).toBe(422)
  // Who begins again is still a person.
  await visitor.experience('PUT', '', { interactionEvent: 'Register' })
  const verificationId = await prove(server, visitor, 'Register', phone, INBOX)
  expect((await visitor.experience('POST', '/identification', { verificationId })).status).toBe(201)
  expect((await visitor.experience('POST', '/submit')).status).toBe(200)
  // Later than at the beginning, what was proved stays.
  await other.experience('PUT', '', { interactionEvent: 'SignIn' })
  const late = { captchaToken: await solved((await other.experience('GET', '/captcha')).json) }
  expect((await other.experience('POST', '/captcha', late)).status).toBe(204)
  expect((await other.experience('GET', '/interaction')).json.captcha.verified).toBe(true)
  // It is good for ten messages, so that nobody asks for as many as there are numbers.
  const ask = async (n: number) => {
    const identifier = { type: 'phone', value: `86138001382${10 + n}` }
    const body = { identifier, interactionEvent: 'SignIn' }
    return (await other.experience('POST', '/verification/verification-code', body)).status
  }
  for (let n = 0; n < 10; n += 1) expect(await ask(n)).toBe(200)
  expect(await ask(10)).toBe(422)
  const another = { captchaToken: await solved((await other.experience('GET', '/captcha')).json) }
  expect((await other.experience('POST', '/captcha', another)).status).toBe(204)
  expect(await ask(10)).toBe(200)
  const log = await (await server.manage('GET', '/api/logs?logKey=Interaction.Create.Captcha')).json()
  const results = (log as { payload: { result: string } }[]).map(({ payload }) => payload.result)
  expect(results).toEqual(['Success', 'Success', 'Error', 'Success', 'Error'])
})
