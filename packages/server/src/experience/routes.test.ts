import { describe, expect, test } from 'vitest'
import { call, code } from '../testing/calls.ts'
import { launch } from '../testing/launch.ts'

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
