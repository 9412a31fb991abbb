import { describe, expect, test } from 'vitest'
import { type Launched, launch } from '../testing/launch.ts'

const PHONE = { phone: '8613800138000' }
const MAIL = { email: 'ada@example.com' }

async function call(server: Launched, method: string, path: string, body?: unknown) {
  const answer = await server.manage(method, path, body)
  const text = await answer.text()
  return { status: answer.status, body: text && JSON.parse(text) }
}

const code = (status: number, name: string) => ({ status, body: { code: name, message: expect.any(String) } })
const send = (server: Launched, body: object) => call(server, 'POST', '/api/verification-codes', body)
const verify = (server: Launched, to: object, verificationCode: string) =>
  call(server, 'POST', '/api/verification-codes/verify', { ...to, verificationCode })
const wrongFor = (right: string) => (right === '000000' ? '111111' : '000000')

describe('codes for back ends', () => {
  test('are sent, and taken once', async () => {
    const server = await launch()
    await server.connect('aliyun-sms')
    expect(await send(server, PHONE)).toEqual({ status: 204, body: '' })
    const sent = server.codeFor('+8613800138000')
    expect(await verify(server, PHONE, wrongFor(sent))).toMatchObject(
      code(400, 'verification_code.code_mismatch'),
    )
    expect(await verify(server, PHONE, sent)).toEqual({ status: 204, body: '' })
    expect(await verify(server, PHONE, sent)).toMatchObject(code(400, 'verification_code.not_found'))
  })

  test('go to the e-mail address when both are given', async () => {
    const server = await launch()
    await server.connect('aliyun-sms')
    await server.connect('aliyun-dm')
    await send(server, { ...PHONE, ...MAIL })
    expect(server.clouds.inbox.messages().map(each => each.to)).toEqual([MAIL.email])
    expect(await verify(server, { ...PHONE, ...MAIL }, server.codeFor(MAIL.email))).toMatchObject({
      status: 204,
    })
  })

  test('are kept for the recipient exactly as given', async () => {
    const server = await launch()
    await server.connect('aliyun-dm')
    await send(server, MAIL)
    expect(await verify(server, { email: 'Ada@example.com' }, server.codeFor(MAIL.email))).toMatchObject(
      code(400, 'verification_code.not_found'),
    )
  })

  test('expire and run out of tries by the policy', async () => {
    const server = await launch()
    await server.connect('aliyun-sms')
    const verificationCodePolicy = { expirationDuration: 60, maxRetryAttempts: 2 }
    await call(server, 'PATCH', '/api/sign-in-exp', { verificationCodePolicy })
    await send(server, PHONE)
    const first = server.codeFor('+8613800138000')
    for (let guess = 0; guess < 2; guess += 1) await verify(server, PHONE, wrongFor(first))
    expect(await verify(server, PHONE, first)).toMatchObject(code(400, 'verification_code.exceed_max_try'))
    await send(server, PHONE)
    server.wait(60_000)
    expect(await verify(server, PHONE, server.codeFor('+8613800138000'))).toMatchObject(
      code(400, 'verification_code.expired'),
    )
  })

  test('are limited to ten for a recipient, whatever the spelling', async () => {
    const server = await launch()
    await server.connect('aliyun-dm')
    for (let time = 0; time < 10; time += 1)
      expect((await send(server, { email: time % 2 ? 'ADA@example.com' : MAIL.email })).status).toBe(204)
    expect(await send(server, MAIL)).toMatchObject(code(429, 'request.message_rate_limited'))
  })

  test('cannot be sent without a connector, and asking for them uses nothing up', async () => {
    const server = await launch()
    for (let time = 0; time < 12; time += 1)
      expect(await send(server, PHONE)).toMatchObject(code(501, 'connector.not_found'))
    await server.connect('aliyun-sms')
    expect((await send(server, PHONE)).status).toBe(204)
  })

  test.each([
    ['', {}],
    ['', { phone: '+8613800138000' }],
    ['', { phone: 8613800138000 }],
    ['', { email: 'ada@example' }],
    ['/verify', PHONE],
    ['/verify', { ...PHONE, verificationCode: '' }],
    ['/verify', { ...PHONE, verificationCode: 123456 }],
    ['/verify', { verificationCode: '123456' }],
  ])('%s %j is refused with the field named', async (path, body) => {
    const server = await launch()
    const refused = await call(server, 'POST', `/api/verification-codes${path}`, body)
    expect(refused).toMatchObject(code(400, 'guard.invalid_input'))
    expect(refused.body.data.issues[0].path.length).toBeGreaterThan(0)
    expect(refused.body.details).toContain('Error in key path "')
  })
})

describe('the sign-in experience of the Management API', () => {
  test('is read and changed member by member', async () => {
    const server = await launch()
    const before = (await call(server, 'GET', '/api/sign-in-exp')).body
    expect(before).toMatchObject({ tenantId: 'default', id: 'default', signInMode: 'SignInAndRegister' })
    const path = '/api/sign-in-exp?removeUnusedDemoSocialConnector=true'
    const { status, body } = await call(server, 'PATCH', path, { signInMode: 'SignIn', id: 'other' })
    expect(status).toBe(200)
    expect(body).toEqual({ ...before, signInMode: 'SignIn' })
    expect((await call(server, 'GET', '/api/sign-in-exp')).body).toEqual(body)
  })

  test.each([
    [{}, 422, 'entity.invalid_input'],
    [{ id: 'other', unknown: 1 }, 422, 'entity.invalid_input'],
    [{ signInMode: 'Both' }, 400, 'guard.invalid_input'],
    [{ supportEmail: 'nobody' }, 400, 'guard.invalid_input'],
    [{ termsOfUseUrl: 'terms' }, 400, 'guard.invalid_input'],
    [{ color: { primaryColor: 'red' } }, 400, 'guard.invalid_input'],
    [{ verificationCodePolicy: { expirationDuration: 59 } }, 400, 'guard.invalid_input'],
    [{ mfa: { factors: ['Totp'] } }, 400, 'guard.invalid_input'],
    [{ mfa: { factors: ['Sms'], policy: 'NoPrompt' } }, 400, 'guard.invalid_input'],
    [{ adaptiveMfa: { enabled: 'yes' } }, 400, 'guard.invalid_input'],
    [{ customUiCsp: { scriptSrc: 'https://x.example' } }, 400, 'guard.invalid_input'],
    [{ adaptiveMfa: { enabled: true } }, 422, 'sign_in_experiences.adaptive_mfa_requires_mfa'],
    [
      { mfa: { factors: ['BackupCode'], policy: 'NoPrompt' } },
      400,
      'sign_in_experiences.backup_code_cannot_be_enabled_alone',
    ],
    [{ verificationCodePolicy: { maxRetryAttempts: 101 } }, 400, 'guard.invalid_input'],
    [
      { signUp: { identifiers: ['phone'], password: false, verify: true } },
      400,
      'sign_in_experiences.enabled_connector_not_found',
    ],
  ])('%j is refused', async (patch, status, name) => {
    const server = await launch()
    const before = (await call(server, 'GET', '/api/sign-in-exp')).body
    expect(await call(server, 'PATCH', '/api/sign-in-exp', patch)).toMatchObject(code(status, name))
    expect((await call(server, 'GET', '/api/sign-in-exp')).body).toEqual(before)
  })

  test('keeps settings of second factors that are not there, and gives them back', async () => {
    const server = await launch()
    const settings = {
      mfa: {
        factors: ['Totp', 'BackupCode'],
        policy: 'NoPrompt',
        organizationRequiredMfaPolicy: 'Mandatory',
      },
      passkeySignIn: { enabled: true, showPasskeyButton: false },
      socialSignIn: { automaticAccountLinking: true },
      captchaPolicy: { enabled: true },
    }
    const { status } = await call(server, 'PATCH', '/api/sign-in-exp', settings)
    expect(status).toBe(200)
    expect((await call(server, 'GET', '/api/sign-in-exp')).body).toMatchObject(settings)
  })

  test('keeps no social connectors that are not there', async () => {
    const server = await launch()
    const patch = { socialSignInConnectorTargets: ['google'], singleSignOnEnabled: true }
    expect(await call(server, 'PATCH', '/api/sign-in-exp', patch)).toMatchObject({
      status: 200,
      body: { socialSignInConnectorTargets: [], singleSignOnEnabled: true },
    })
  })

  test('tells of an unknown language before it tells of names that differ by case', async () => {
    const server = await launch()
    for (const username of ['ada', 'Ada']) await call(server, 'POST', '/api/users', { username })
    const { usernamePolicy } = (await call(server, 'GET', '/api/sign-in-exp')).body
    const change = { usernamePolicy: { ...usernamePolicy, caseSensitive: false } }
    const languageInfo = { autoDetect: true, fallbackLanguage: 'tlh' }
    expect(await call(server, 'PATCH', '/api/sign-in-exp', { ...change, languageInfo })).toMatchObject(
      code(400, 'sign_in_experiences.unsupported_default_language'),
    )
    expect(await call(server, 'PATCH', '/api/sign-in-exp', change)).toMatchObject({
      ...code(409, 'sign_in_experiences.username_policy_case_conflicts_exist'),
      body: { data: { totalConflicts: 1, samples: [expect.anything()] } },
    })
  })

  test('what anyone may read has no block list, and says what can be reset', async () => {
    const server = await launch()
    const read = async () =>
      (await (await fetch(`${server.endpoint}/api/.well-known/sign-in-exp?appId=x`)).json()) as Record<
        string,
        unknown
      >
    const bare = await read()
    expect(bare).not.toHaveProperty('emailBlocklistPolicy')
    expect(bare).not.toHaveProperty('forgotPasswordMethods')
    expect(bare).toMatchObject({
      socialConnectors: [],
      ssoConnectors: [],
      isDevelopmentTenant: false,
      forgotPassword: { phone: false, email: false },
    })
    await server.connect('aliyun-sms')
    await call(server, 'PATCH', '/api/sign-in-exp', { forgotPasswordMethods: null })
    expect(await read()).toMatchObject({ forgotPassword: { phone: true, email: false } })
    expect(await (await fetch(`${server.endpoint}/api/.well-known/experience`)).json()).toEqual(await read())
  })
})
