import type { SignInExperience } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import { type ExperienceForm, sectionOf, toForm, toPatch, withSignUp } from './form.ts'

/** What a new installation has, as far as the page looks at it. */
const seeded = {
  signIn: {
    methods: [{ identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true }],
  },
  signUp: { identifiers: ['username'], password: true, verify: false },
  signInMode: 'SignInAndRegister',
  forgotPasswordMethods: [],
  verificationCodePolicy: {},
  languageInfo: { autoDetect: true, fallbackLanguage: 'en' },
  color: { primaryColor: '#6139F6', isDarkModeEnabled: false, darkPrimaryColor: '#8768F8' },
  termsOfUseUrl: null,
  privacyPolicyUrl: null,
  agreeToTermsPolicy: 'Automatic',
} as unknown as SignInExperience

const changed = (changes: Partial<ExperienceForm>, before = seeded) =>
  toPatch({ ...toForm(before), ...changes }, before)

describe('saving', () => {
  test('sends nothing when nothing was changed', () => {
    expect(changed({})).toEqual({})
    expect(changed({}, { ...seeded, forgotPasswordMethods: null, termsOfUseUrl: '' })).toEqual({})
  })

  test('sends only the members that were changed', () => {
    expect(changed({ codeLength: 4 })).toEqual({ verificationCodePolicy: { codeLength: 4 } })
    expect(changed({ agreeToTermsPolicy: 'Manual' })).toEqual({ agreeToTermsPolicy: 'Manual' })
    expect(changed({ codePause: 0 })).toEqual({ verificationCodePolicy: { resendInterval: 0 } })
    expect(changed({ codeSeconds: 300 })).toEqual({ verificationCodePolicy: { expirationDuration: 300 } })
    expect(changed({ primaryColor: '#000' })).toEqual({ color: { ...seeded.color, primaryColor: '#000' } })
    expect(changed({ darkMode: true, darkColor: '#fff' })).toEqual({
      color: { ...seeded.color, isDarkModeEnabled: true, darkPrimaryColor: '#fff' },
    })
    expect(changed({ customCss: ' h1 {} ', supportEmail: ' help@a.example ' })).toEqual({
      customCss: ' h1 {} ',
      supportEmail: 'help@a.example',
    })
    expect(changed({ termsOfUseUrl: ' https://a.example ' })).toEqual({ termsOfUseUrl: 'https://a.example' })
  })

  test('sets the country of phone numbers and clears it', () => {
    expect(changed({ defaultCountry: 'CN' })).toEqual({ defaultCountry: 'CN' })
    const set = { ...seeded, defaultCountry: 'CN' }
    expect(changed({}, set)).toEqual({})
    expect(changed({ defaultCountry: '' }, set)).toEqual({ defaultCountry: null })
  })

  test('verifies phone and e-mail, and sends sign-up and sign-in together', () => {
    expect(changed({ signUpWith: 'emailOrPhone', signUpPassword: false })).toEqual({
      signUp: { identifiers: ['phone', 'email'], password: false, verify: true },
      signIn: seeded.signIn,
    })
  })

  test('stores what new users are known by in the order of the rows', () => {
    const methods = toForm(seeded).methods.toSorted((a, b) => b.identifier.localeCompare(a.identifier))
    const { signUp } = changed({ signUpWith: 'emailOrPhone', methods })
    expect(signUp?.identifiers).toEqual(['phone', 'email'])
  })

  test('gives a username its password', () => {
    const phone = { ...seeded, signUp: { identifiers: ['phone' as const], password: false, verify: true } }
    expect(changed({ signUpWith: 'username' }, phone).signUp).toEqual({
      identifiers: ['username'],
      password: true,
      verify: false,
    })
  })

  test('leaves methods that are off out, in the order of the rows', () => {
    const methods: ExperienceForm['methods'] = [
      { identifier: 'phone', code: true, password: true, first: 'code' },
      { identifier: 'username', code: false, password: true, first: 'code' },
      { identifier: 'email', code: false, password: false, first: 'password' },
    ]
    expect(changed({ methods }).signIn?.methods).toEqual([
      { identifier: 'phone', password: true, verificationCode: true, isPasswordPrimary: false },
      { identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true },
    ])
  })

  test('keeps what only the API can set', () => {
    const custom = {
      ...seeded,
      signUp: { identifiers: ['username' as const, 'email' as const], password: true, verify: true },
    }
    expect(toForm(custom).signUpWith).toBe('other')
    expect(changed({ signInMode: 'SignIn' }, custom)).toEqual({ signInMode: 'SignIn' })
    expect(changed({ signUpPassword: false }, custom).signUp?.identifiers).toEqual(['username', 'email'])
  })

  test('takes an identifier out of the secondary list when it becomes the primary one', () => {
    const secondary = {
      ...seeded,
      signUp: {
        ...seeded.signUp,
        verify: true,
        secondaryIdentifiers: [{ identifier: 'phone' as const, verify: true }],
      },
    }
    expect(changed({ signUpWith: 'phone' }, secondary).signUp).toMatchObject({ secondaryIdentifiers: [] })
    expect(changed({ signUpWith: 'email' }, secondary).signUp).toMatchObject({
      verify: true,
      secondaryIdentifiers: [{ identifier: 'phone' }],
    })
  })

  test('sees no change in the order in which ways to reset a password were stored', () => {
    const stored = {
      ...seeded,
      forgotPasswordMethods: ['PhoneVerificationCode' as const, 'EmailVerificationCode' as const],
    }
    expect(changed({}, stored)).toEqual({})
    expect(changed({ forgotByPhone: false }, stored)).toEqual({
      forgotPasswordMethods: ['EmailVerificationCode'],
    })
  })

  test('can be read back as the same form', () => {
    const form = {
      ...toForm(seeded),
      signUpWith: 'phone' as const,
      forgotByPhone: true,
      codeTries: 3,
      fallbackLanguage: 'zh-CN',
    }
    expect(toForm({ ...seeded, ...toPatch(form, seeded) } as SignInExperience)).toEqual(form)
  })
})

describe('an error is shown', () => {
  const form = toForm(seeded)
  const at = (code: string, changes: Partial<ExperienceForm> = {}, member?: string) =>
    sectionOf({ code, member }, { ...form, ...changes }, { sms: true, email: false })

  test('at sign-up when that asks for a channel without connector, else at sign-in', () => {
    const code = 'sign_in_experiences.enabled_connector_not_found'
    expect(at(code, { signUpWith: 'emailOrPhone' })).toBe('signUp')
    expect(at(code, { signUpWith: 'phone' })).toBe('signIn')
  })

  test('at the section of its code, or of the member it names', () => {
    expect(at('sign_in_experiences.forgot_password_method_requires_connector')).toBe('forgot')
    expect(at('guard.invalid_input', {}, 'verificationCodePolicy')).toBe('codes')
    expect(at('sign_in_experiences.code_length_not_supported')).toBe('codes')
    expect(at('server.internal_error')).toBeUndefined()
  })
})

describe('choosing what new users are known by', () => {
  test('lets them sign in by code with it, asks for it first, and drops the password that only a username needs', () => {
    const next = withSignUp(toForm(seeded), 'phone')
    expect(next.methods?.map(row => [row.identifier, row.code, row.password])).toEqual([
      ['phone', true, false],
      ['username', false, true],
      ['email', false, false],
    ])
    expect(next.signUpPassword).toBe(false)
  })

  test('keeps the order in which they were stored', () => {
    const before = {
      ...seeded,
      signUp: { identifiers: ['phone', 'email'], password: false, verify: true },
    } as SignInExperience
    expect(toPatch(toForm(before), before)).toEqual({})
  })
})
