import type { SignInExperiencePatch } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { errorOf, testWorld } from '../testing/world.ts'
import { checkPatch } from './check.ts'
import { DEFAULT_EXPERIENCE } from './defaults.ts'
import { codePolicy, createExperience } from './experience.ts'

const ALL = { sms: true, email: true }
const NONE = { sms: false, email: false }

eachDatabase('the sign-in experience', openFresh => {
  test('of a new installation is the default', async () => {
    expect(await createExperience(await openFresh(), testWorld()).read()).toEqual(DEFAULT_EXPERIENCE)
  })

  test('a member given is replaced as a whole, the others stay', async () => {
    const experience = createExperience(await openFresh(), testWorld())
    await experience.update({ verificationCodePolicy: { expirationDuration: 120, maxRetryAttempts: 3 } }, ALL)
    const next = await experience.update({ verificationCodePolicy: { maxRetryAttempts: 4 } }, ALL)
    expect(next).toEqual({ ...DEFAULT_EXPERIENCE, verificationCodePolicy: { maxRetryAttempts: 4 } })
    expect(await experience.read()).toEqual(next)
    expect(codePolicy(next)).toEqual({ length: 6, lifetime: 600_000, tries: 4 })
  })

  test('an empty text clears, and the password expiration is merged', async () => {
    const experience = createExperience(await openFresh(), testWorld())
    await experience.update({ termsOfUseUrl: 'https://example.com/terms', forgotPasswordMethods: null }, ALL)
    await experience.update({ passwordExpiration: { enabled: true, validPeriodDays: 30 } }, ALL)
    const next = await experience.update(
      { termsOfUseUrl: '', passwordExpiration: { validPeriodDays: 60 } },
      ALL,
    )
    expect(next).toMatchObject({
      termsOfUseUrl: null,
      passwordExpiration: { enabled: true, validPeriodDays: 60 },
    })
  })

  test('remembers when passwords began to expire, whatever a caller says', async () => {
    const world = testWorld()
    const experience = createExperience(await openFresh(), world)
    const change = async (passwordExpiration: SignInExperiencePatch['passwordExpiration']) =>
      (await experience.update({ passwordExpiration, forgotPasswordMethods: null }, ALL)).passwordExpiration
    const start = world.now()
    const first = await change({ enabled: true, validPeriodDays: 30, enabledAt: 5 })
    expect(first).toEqual({ enabled: true, validPeriodDays: 30, enabledAt: start })
    world.wait(1000)
    expect(await change({ validPeriodDays: 60 })).toMatchObject({ enabledAt: start })
    expect(await change({ enabled: false })).toEqual({ enabled: false, validPeriodDays: 60 })
    expect(await change({ enabled: true })).toMatchObject({ enabledAt: start + 1000 })
  })

  test('a change without members is refused', async () => {
    const experience = createExperience(await openFresh(), testWorld())
    expect((await errorOf(experience.update({}, ALL))).code).toBe('entity.invalid_input')
    expect((await errorOf(experience.update({ signUp: undefined }, ALL))).code).toBe('entity.invalid_input')
  })

  test('a change that is refused changes nothing', async () => {
    const experience = createExperience(await openFresh(), testWorld())
    const refused = experience.update(
      { signInMode: 'SignIn', forgotPasswordMethods: ['EmailVerificationCode'] },
      NONE,
    )
    expect((await errorOf(refused)).code).toBe(
      'sign_in_experiences.forgot_password_method_requires_connector',
    )
    expect(await experience.read()).toEqual(DEFAULT_EXPERIENCE)
  })

  test('parallel changes of different members lose none', async () => {
    const db = await openFresh()
    const nodes = [createExperience(db, testWorld()), createExperience(db, testWorld())]
    const changes: SignInExperiencePatch[] = [
      { signInMode: 'Register' },
      { termsOfUseUrl: 'https://example.com/terms' },
      { privacyPolicyUrl: 'https://example.com/privacy' },
      { verificationCodePolicy: { maxRetryAttempts: 3 } },
      { sentinelPolicy: { maxAttempts: 7 } },
      { branding: { logoUrl: 'https://example.com/logo.svg' } },
      { customCss: 'body{}' },
      { singleSignOnEnabled: true },
    ]
    await Promise.all(changes.map((change, index) => nodes[index % 2]!.update(change, ALL)))
    expect(await nodes[0]!.read()).toEqual(Object.assign({}, DEFAULT_EXPERIENCE, ...changes))
  })
})

describe('a change that cannot work', () => {
  const codeOf = (patch: SignInExperiencePatch, channels = ALL, stored = DEFAULT_EXPERIENCE) => {
    try {
      checkPatch(patch, stored, channels)
      return undefined
    } catch (error) {
      return (error as { code: string }).code.replace('sign_in_experiences.', '')
    }
  }
  const signUp = (change: Partial<(typeof DEFAULT_EXPERIENCE)['signUp']>) => ({
    signUp: { identifiers: [], password: false, verify: true, ...change },
  })
  const method = (
    identifier: 'phone' | 'email' | 'username',
    password: boolean,
    verificationCode: boolean,
  ) => ({
    signIn: { methods: [{ identifier, password, verificationCode, isPasswordPrimary: false }] },
  })

  test.each<[string, SignInExperiencePatch, string]>([
    [
      'a language there is no text for',
      { languageInfo: { autoDetect: true, fallbackLanguage: 'tlh' } },
      'unsupported_default_language',
    ],
    [
      'further identifiers without first ones',
      signUp({ secondaryIdentifiers: [{ identifier: 'email', verify: true }] }),
      'missing_sign_up_identifiers',
    ],
    ['an identifier twice', signUp({ identifiers: ['phone', 'phone'] }), 'duplicated_sign_up_identifiers'],
    [
      'an identifier in both lists',
      signUp({ identifiers: ['phone'], secondaryIdentifiers: [{ identifier: 'phone', verify: true }] }),
      'duplicated_sign_up_identifiers',
    ],
    [
      'either of two beside one of the two',
      signUp({
        identifiers: ['phone'],
        secondaryIdentifiers: [{ identifier: 'emailOrPhone', verify: true }],
      }),
      'duplicated_sign_up_identifiers',
    ],
    [
      'a phone that is not verified',
      signUp({ identifiers: ['phone'], verify: false }),
      'passwordless_requires_verify',
    ],
    [
      'a further e-mail address that is not verified',
      signUp({ identifiers: ['username'], secondaryIdentifiers: [{ identifier: 'email' }] }),
      'passwordless_requires_verify',
    ],
    ['a method without any factor', method('phone', false, false), 'at_least_one_authentication_factor'],
    [
      'users without password and a method without code',
      { ...signUp({ identifiers: ['phone'] }), ...method('phone', true, false) },
      'code_sign_in_must_be_enabled',
    ],
    [
      'passwords that expire after no time',
      { passwordExpiration: { enabled: true, validPeriodDays: 0 }, forgotPasswordMethods: null },
      'password_expiration_invalid_period_days',
    ],
    [
      'passwords that expire without a way to a new one',
      { passwordExpiration: { enabled: true, validPeriodDays: 30 } },
      'password_expiration_requires_forgot_password',
    ],
    [
      'usernames of no length',
      { usernamePolicy: { ...DEFAULT_EXPERIENCE.usernamePolicy, minLength: 9, maxLength: 8 } },
      'guard.invalid_input',
    ],
    [
      'usernames of digits alone',
      {
        usernamePolicy: {
          ...DEFAULT_EXPERIENCE.usernamePolicy,
          allowedChars: { lowercase: false, uppercase: false, numbers: true, underscore: false },
        },
      },
      'guard.invalid_input',
    ],
    ['a feature of the cloud', { hideLogtoBranding: true }, 'request.invalid_input'],
    [
      'a foreign script source',
      { customUiCsp: { scriptSrc: ['https://x.example'] } },
      'request.invalid_input',
    ],
    [
      'a list of throw-away addresses',
      { emailBlocklistPolicy: { blockDisposableAddresses: true } },
      'request.invalid_input',
    ],
  ])('is refused: %s', (_, patch, code) => {
    expect(codeOf(patch)).toBe(code)
  })

  test.each<[SignInExperiencePatch, string, typeof ALL]>([
    [signUp({ identifiers: ['phone'] }), 'enabled_connector_not_found', { sms: false, email: true }],
    [signUp({ identifiers: ['email'] }), 'enabled_connector_not_found', { sms: true, email: false }],
    [
      signUp({
        identifiers: ['username'],
        secondaryIdentifiers: [{ identifier: 'emailOrPhone', verify: true }],
      }),
      'enabled_connector_not_found',
      { sms: true, email: false },
    ],
    [method('phone', true, true), 'enabled_connector_not_found', { sms: false, email: true }],
    [method('email', true, true), 'enabled_connector_not_found', { sms: true, email: false }],
    [
      { forgotPasswordMethods: ['PhoneVerificationCode'] },
      'forgot_password_method_requires_connector',
      { sms: false, email: true },
    ],
    [
      { forgotPasswordMethods: ['EmailVerificationCode'] },
      'forgot_password_method_requires_connector',
      { sms: true, email: false },
    ],
  ])('is refused while its connector is not set up: %o → %s', (patch, code, channels) => {
    expect(codeOf(patch, channels)).toBe(code)
    expect(codeOf(patch)).toBeUndefined()
  })

  test('names the connector that is missing', () => {
    try {
      checkPatch(method('email', false, true), DEFAULT_EXPERIENCE, NONE)
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ data: { type: 'Email' }, values: { type: 'e-mail' } })
    }
  })

  test('sign-in is judged by the sign-up given, else by the stored one', () => {
    const stored = { ...DEFAULT_EXPERIENCE, ...signUp({ identifiers: ['phone'] }) }
    expect(codeOf(method('phone', true, false), ALL, stored)).toBe('code_sign_in_must_be_enabled')
    const withPassword = signUp({ identifiers: ['phone'], password: true })
    expect(codeOf({ ...withPassword, ...method('phone', true, false) }, ALL, stored)).toBeUndefined()
  })

  const mfa = (
    factors: (typeof DEFAULT_EXPERIENCE)['mfa']['factors'],
    policy: (typeof DEFAULT_EXPERIENCE)['mfa']['policy'] = 'UserControlled',
  ) => ({ mfa: { factors, policy } })
  const adaptive = (enabled: boolean) => ({ adaptiveMfa: { enabled } })

  test.each<[string, SignInExperiencePatch, string | undefined]>([
    ['a factor twice', mfa(['Totp', 'Totp']), 'duplicated_mfa_factors'],
    ['backup codes alone', mfa(['BackupCode']), 'backup_code_cannot_be_enabled_alone'],
    ['adaptive sign-in without a factor', adaptive(true), 'adaptive_mfa_requires_mfa'],
    [
      'adaptive sign-in that may be skipped',
      { ...mfa(['Totp'], 'PromptOnlyAtSignIn'), ...adaptive(true) },
      'adaptive_mfa_requires_non_skippable_policy',
    ],
    [
      'a policy of adaptive sign-in without that',
      mfa(['Totp'], 'PromptOnlyAtSignInMandatory'),
      'non_adaptive_mfa_requires_skippable_policy',
    ],
    ['nothing of a second factor', mfa(['Totp', 'BackupCode'], 'Mandatory'), undefined],
    [
      'nothing of adaptive sign-in',
      { ...mfa(['Totp'], 'PromptAtSignInAndSignUpMandatory'), ...adaptive(true) },
      undefined,
    ],
  ])('is refused for its second factors: %s', (_, patch, code) => {
    expect(codeOf(patch)).toBe(code)
  })

  test.each([
    ['phone', 'PhoneVerificationCode'],
    ['email', 'EmailVerificationCode'],
  ] as const)('codes by %s are the way in or the second factor, not both', (identifier, factor) => {
    const way = method(identifier, true, true)
    const second = mfa([factor])
    const stored = { ...DEFAULT_EXPERIENCE, ...second }
    expect(codeOf(way, ALL, stored)).toBe(`${identifier}_verification_code_cannot_be_used_for_sign_in`)
    expect(codeOf(second, ALL, { ...DEFAULT_EXPERIENCE, ...way })).toBe(
      `${identifier}_verification_code_cannot_be_used_for_mfa`,
    )
    expect(codeOf({ ...way, ...second })).toBe(`${identifier}_verification_code_cannot_be_used_for_sign_in`)
    expect(codeOf({ ...way, ...mfa(['Totp']) }, ALL, stored)).toBeUndefined()
    expect(codeOf(method(identifier, true, false), ALL, stored)).toBeUndefined()
  })

  test('of several mistakes the first in order is told, and settings from before hinder no other change', () => {
    const stored = { ...DEFAULT_EXPERIENCE, ...mfa(['Totp'], 'PromptOnlyAtSignInMandatory') }
    expect(codeOf({ signInMode: 'SignIn' }, ALL, stored)).toBeUndefined()
    expect(codeOf({ ...mfa(['BackupCode']), forgotPasswordMethods: ['PhoneVerificationCode'] }, NONE)).toBe(
      'backup_code_cannot_be_enabled_alone',
    )
    expect(codeOf({ ...adaptive(true), hideLogtoBranding: true })).toBe('adaptive_mfa_requires_mfa')
  })

  test('a password alone needs no connector', () => {
    expect(codeOf(method('email', true, false), NONE)).toBeUndefined()
    expect(codeOf(method('username', true, false), NONE)).toBeUndefined()
  })
})
