import type { SignInExperience, SignInExperiencePatch, SignInMethod } from '@countersign/api'
import { sameJson } from '../connector/draft.ts'

export type Identifier = SignInMethod['identifier']
export type SignUpWith = 'phone' | 'email' | 'emailOrPhone' | 'username' | 'other'

/** One way to sign in, as the page shows it: a row that may be off. */
export interface MethodRow {
  identifier: Identifier
  code: boolean
  password: boolean
  first: 'code' | 'password'
}

/** The sign-in experience as the page edits it. */
export interface ExperienceForm {
  signUpWith: SignUpWith
  signUpPassword: boolean
  methods: MethodRow[]
  forgotByEmail: boolean
  forgotByPhone: boolean
  signInMode: SignInExperience['signInMode']
  /** Empty means the server's default. */
  codeLength: number | ''
  codeSeconds: number | ''
  codeTries: number | ''
  codePause: number | ''
  autoDetect: boolean
  fallbackLanguage: string
  /** Empty: that of the visitor's browser. */
  defaultCountry: string
  primaryColor: string
  darkMode: boolean
  darkColor: string
  customCss: string
  termsOfUseUrl: string
  privacyPolicyUrl: string
  agreeToTermsPolicy: SignInExperience['agreeToTermsPolicy']
  supportEmail: string
  supportWebsiteUrl: string
}

const IDENTIFIERS: Record<Exclude<SignUpWith, 'other'>, Identifier[]> = {
  phone: ['phone'],
  email: ['email'],
  emailOrPhone: ['email', 'phone'],
  username: ['username'],
}

function signUpWith(identifiers: readonly Identifier[]): SignUpWith {
  const sorted = identifiers.toSorted()
  const known = Object.entries(IDENTIFIERS).find(([, list]) => sameJson(list, sorted))
  return (known?.[0] as SignUpWith | undefined) ?? 'other'
}

const rowOf = (method: SignInMethod): MethodRow => ({
  identifier: method.identifier,
  code: method.verificationCode,
  password: method.password,
  first: method.isPasswordPrimary ? 'password' : 'code',
})

/** What the page shows of a sign-in experience; methods that are off stand last, as empty rows. */
export function toForm(wire: SignInExperience): ExperienceForm {
  const on = wire.signIn.methods.map(rowOf)
  const off = (['phone', 'email', 'username'] as const)
    .filter(identifier => !on.some(row => row.identifier === identifier))
    .map(identifier => ({
      identifier,
      code: false,
      password: false,
      first: identifier === 'username' ? ('password' as const) : ('code' as const),
    }))
  return {
    signUpWith: signUpWith(wire.signUp.identifiers),
    signUpPassword: wire.signUp.password,
    methods: [...on, ...off],
    forgotByEmail: wire.forgotPasswordMethods?.includes('EmailVerificationCode') ?? false,
    forgotByPhone: wire.forgotPasswordMethods?.includes('PhoneVerificationCode') ?? false,
    signInMode: wire.signInMode,
    codeLength: wire.verificationCodePolicy.codeLength ?? '',
    codeSeconds: wire.verificationCodePolicy.expirationDuration ?? '',
    codeTries: wire.verificationCodePolicy.maxRetryAttempts ?? '',
    codePause: wire.verificationCodePolicy.resendInterval ?? '',
    autoDetect: wire.languageInfo.autoDetect,
    fallbackLanguage: wire.languageInfo.fallbackLanguage,
    defaultCountry: wire.defaultCountry ?? '',
    primaryColor: wire.color.primaryColor,
    darkMode: wire.color.isDarkModeEnabled,
    darkColor: wire.color.darkPrimaryColor,
    customCss: wire.customCss ?? '',
    termsOfUseUrl: wire.termsOfUseUrl ?? '',
    privacyPolicyUrl: wire.privacyPolicyUrl ?? '',
    agreeToTermsPolicy: wire.agreeToTermsPolicy,
    supportEmail: wire.supportEmail ?? '',
    supportWebsiteUrl: wire.supportWebsiteUrl ?? '',
  }
}

/**
 * What follows from another choice for sign-up: new users must be able to come back, so what they are known by
 * signs in, by code, and is asked for first; and the password that only a username needs goes with it.
 */
export function withSignUp(form: ExperienceForm, choice: SignUpWith): Partial<ExperienceForm> {
  if (choice === 'other') return { signUpWith: choice }
  const chosen = new Set<Identifier>(IDENTIFIERS[choice])
  const opened = form.methods.map(row => {
    if (!chosen.has(row.identifier) || isMethodOn(row)) return row
    return row.identifier === 'username' ? { ...row, password: true } : { ...row, code: true }
  })
  return {
    signUpWith: choice,
    signUpPassword: form.signUpWith === 'username' ? choice === 'username' : form.signUpPassword,
    methods: [
      ...opened.filter(row => chosen.has(row.identifier)),
      ...opened.filter(row => !chosen.has(row.identifier)),
    ],
  }
}

const isMethodOn = (row: MethodRow) => row.code || row.password

/** Identifiers in the order of the rows, by which every page that asks for one goes. */
const inOrder = (identifiers: readonly Identifier[], { methods }: ExperienceForm): Identifier[] =>
  methods.map(row => row.identifier).filter(identifier => identifiers.includes(identifier))

function toSignUp(form: ExperienceForm, before: SignInExperience['signUp']): SignInExperience['signUp'] {
  // The order in which they were stored is no change.
  const untouched = form.signUpWith === signUpWith(before.identifiers) || form.signUpWith === 'other'
  const identifiers = untouched
    ? before.identifiers
    : inOrder(IDENTIFIERS[form.signUpWith as keyof typeof IDENTIFIERS], form)
  const taken = new Set<string>(identifiers)
  if (taken.has('email') || taken.has('phone')) taken.add('emailOrPhone')
  // An identifier may not be asked for twice; what is now primary leaves the secondary list.
  const secondary = before.secondaryIdentifiers?.filter(one => !taken.has(one.identifier))
  const reachable = identifiers.some(one => one !== 'username')
  return {
    ...before,
    identifiers,
    // A username proves nothing by itself, so it comes with a password.
    password: form.signUpPassword || form.signUpWith === 'username',
    verify: reachable || (secondary?.some(one => one.identifier !== 'username') ?? false),
    ...(secondary && { secondaryIdentifiers: secondary }),
  }
}

const toMethod = (row: MethodRow): SignInMethod => ({
  identifier: row.identifier,
  password: row.password,
  verificationCode: row.code,
  isPasswordPrimary: row.password && (!row.code || row.first === 'password'),
})

const number = <K extends string>(key: K, value: number | '') =>
  value === '' ? {} : ({ [key]: value } as { [P in K]: number })

/** The members of a sign-in experience that the page changed, ready to be sent; empty when nothing did. */
export function toPatch(form: ExperienceForm, before: SignInExperience): SignInExperiencePatch {
  const {
    codeLength: _,
    expirationDuration: __,
    maxRetryAttempts: ___,
    resendInterval: ____,
    ...policy
  } = before.verificationCodePolicy
  const forgot = [
    ...(form.forgotByEmail ? (['EmailVerificationCode'] as const) : []),
    ...(form.forgotByPhone ? (['PhoneVerificationCode'] as const) : []),
  ]
  const stored = before.forgotPasswordMethods ?? []
  // The order in which they were stored is no change.
  const inOrder = sameJson(stored.toSorted(), forgot) ? stored : forgot
  const after = {
    signUp: toSignUp(form, before.signUp),
    signIn: { ...before.signIn, methods: form.methods.filter(isMethodOn).map(toMethod) },
    // null (older installations) and an empty list mean the same here; it is not a change.
    forgotPasswordMethods: forgot.length === 0 ? before.forgotPasswordMethods && [] : inOrder,
    signInMode: form.signInMode,
    verificationCodePolicy: {
      ...policy,
      ...number('codeLength', form.codeLength),
      ...number('expirationDuration', form.codeSeconds),
      ...number('maxRetryAttempts', form.codeTries),
      ...number('resendInterval', form.codePause),
    },
    languageInfo: { autoDetect: form.autoDetect, fallbackLanguage: form.fallbackLanguage },
    defaultCountry: form.defaultCountry || null,
    color: {
      ...before.color,
      primaryColor: form.primaryColor,
      isDarkModeEnabled: form.darkMode,
      darkPrimaryColor: form.darkColor,
    },
    customCss: form.customCss.trim() === '' ? null : form.customCss,
    termsOfUseUrl: form.termsOfUseUrl.trim() || null,
    privacyPolicyUrl: form.privacyPolicyUrl.trim() || null,
    agreeToTermsPolicy: form.agreeToTermsPolicy,
    supportEmail: form.supportEmail.trim() || null,
    supportWebsiteUrl: form.supportWebsiteUrl.trim() || null,
  } satisfies SignInExperiencePatch
  const changed: SignInExperiencePatch = Object.fromEntries(
    Object.entries(after).filter(([key, value]) => {
      const old = before[key as keyof SignInExperience]
      return !sameJson(value ?? null, old === '' ? null : (old ?? null))
    }),
  )
  // The server checks the two against each other, so they travel together.
  if (changed.signUp || changed.signIn) return { ...changed, signUp: after.signUp, signIn: after.signIn }
  return changed
}

export type Section = 'signUp' | 'signIn' | 'forgot' | 'codes' | 'language' | 'look' | 'help'

const MEMBER_SECTIONS: Record<string, Section> = {
  signUp: 'signUp',
  signIn: 'signIn',
  signInMode: 'signUp',
  forgotPasswordMethods: 'forgot',
  verificationCodePolicy: 'codes',
  languageInfo: 'language',
  defaultCountry: 'language',
  color: 'look',
  customCss: 'look',
  termsOfUseUrl: 'look',
  privacyPolicyUrl: 'look',
  agreeToTermsPolicy: 'look',
  supportEmail: 'help',
  supportWebsiteUrl: 'help',
}

const needs = (form: ExperienceForm, channel: 'sms' | 'email') =>
  form.signUpWith === 'emailOrPhone' || form.signUpWith === (channel === 'sms' ? 'phone' : 'email')

/**
 * The section of the page that an error is about; undefined when it is about no section. A missing connector
 * can be missed by sign-up or by sign-in: sign-up when it asks for a channel that has none.
 */
export function sectionOf(
  error: { code: string; member?: string | number },
  form: ExperienceForm,
  hasConnector: { sms: boolean; email: boolean },
): Section | undefined {
  switch (error.code.replace('sign_in_experiences.', '')) {
    case 'enabled_connector_not_found':
      return (needs(form, 'sms') && !hasConnector.sms) || (needs(form, 'email') && !hasConnector.email)
        ? 'signUp'
        : 'signIn'
    case 'missing_sign_up_identifiers':
    case 'duplicated_sign_up_identifiers':
    case 'passwordless_requires_verify':
      return 'signUp'
    case 'at_least_one_authentication_factor':
    case 'code_sign_in_must_be_enabled':
      return 'signIn'
    case 'forgot_password_method_requires_connector':
    case 'password_expiration_requires_forgot_password':
      return 'forgot'
    case 'code_length_not_supported':
      return 'codes'
    case 'unsupported_default_language':
      return 'language'
    default:
      return error.member === undefined ? undefined : MEMBER_SECTIONS[error.member]
  }
}

/** True for the errors that setting a connector up would mend. */
export const isAboutConnector = (code: string): boolean =>
  code === 'sign_in_experiences.enabled_connector_not_found' ||
  code === 'sign_in_experiences.forgot_password_method_requires_connector'
