import type { SignInExperience, SignInExperiencePatch, SignUp } from '@countersign/api'
import { locales } from '@countersign/sign-in'
import { ApiError } from '../refusals/refusal.ts'
import { isBlocklistItem } from './email-blocklist.ts'
import { checkMethodsAgainstFactors, checkMfa } from './mfa.ts'

/** Says of each channel whether it has a connection. */
export interface Channels {
  sms: boolean
  email: boolean
}

const CONNECTOR_OF = { phone: 'sms', email: 'email' } as const

function needConnector(channels: Channels, identifier: 'phone' | 'email'): void {
  const channel = CONNECTOR_OF[identifier]
  if (!channels[channel])
    throw new ApiError('sign_in_experiences.enabled_connector_not_found', {
      data: { type: channel === 'sms' ? 'Sms' : 'Email' },
      values: { type: channel === 'sms' ? 'SMS' : 'e-mail' },
    })
}

function checkSignUp({ identifiers, verify, secondaryIdentifiers = [] }: SignUp, channels: Channels): void {
  const secondary = secondaryIdentifiers.map(item => item.identifier)
  if (secondary.length > 0 && identifiers.length === 0)
    throw new ApiError('sign_in_experiences.missing_sign_up_identifiers')
  const all = [...identifiers, ...secondary]
  const contact = (identifier: string) => identifier === 'email' || identifier === 'phone'
  if (new Set(all).size !== all.length || (secondary.includes('emailOrPhone') && all.some(contact)))
    throw new ApiError('sign_in_experiences.duplicated_sign_up_identifiers')
  const unverified = secondaryIdentifiers.some(item => item.identifier !== 'username' && item.verify !== true)
  if ((identifiers.some(contact) && !verify) || unverified)
    throw new ApiError('sign_in_experiences.passwordless_requires_verify')
  for (const identifier of all) {
    if (identifier === 'email' || identifier === 'emailOrPhone') needConnector(channels, 'email')
    if (identifier === 'phone' || identifier === 'emailOrPhone') needConnector(channels, 'phone')
  }
}

function checkSignIn(
  methods: SignInExperience['signIn']['methods'],
  signUp: SignUp,
  channels: Channels,
): void {
  for (const { identifier, verificationCode } of methods)
    if (verificationCode && identifier !== 'username') needConnector(channels, identifier)
  if (methods.some(method => !method.password && !method.verificationCode))
    throw new ApiError('sign_in_experiences.at_least_one_authentication_factor')
  if (
    signUp.verify &&
    !signUp.password &&
    methods.some(method => method.identifier !== 'username' && !method.verificationCode)
  )
    throw new ApiError('sign_in_experiences.code_sign_in_must_be_enabled')
}

/** Passwords may expire only where whoever is locked out by that has a way to a new one. */
function checkPasswordExpiration(
  patch: SignInExperiencePatch,
  stored: SignInExperience,
  channels: Channels,
): void {
  const { enabled, validPeriodDays } = { ...stored.passwordExpiration, ...patch.passwordExpiration }
  if (enabled !== true) return
  if (!Number.isInteger(validPeriodDays) || Number(validPeriodDays) < 1)
    throw new ApiError('sign_in_experiences.password_expiration_invalid_period_days')
  const { forgotPasswordMethods } = { ...stored, ...patch }
  requireWayToNewPassword({ passwordExpiration: { enabled }, forgotPasswordMethods }, channels)
}

/**
 * @throws ApiError `sign_in_experiences.password_expiration_requires_forgot_password`
 * @example requireWayToNewPassword(await experience.read(), { sms: true, email: false })
 */
export function requireWayToNewPassword(
  settings: Pick<SignInExperience, 'passwordExpiration' | 'forgotPasswordMethods'>,
  channels: Channels,
): void {
  const { passwordExpiration, forgotPasswordMethods: methods } = settings
  if (passwordExpiration.enabled !== true) return
  const open =
    (channels.sms && methods?.includes('PhoneVerificationCode') !== false) ||
    (channels.email && methods?.includes('EmailVerificationCode') !== false)
  if (!open) throw new ApiError('sign_in_experiences.password_expiration_requires_forgot_password')
}

/**
 * @throws ApiError `sign_in_experiences.unsupported_default_language`
 * @example checkLanguage({ languageInfo: { autoDetect: true, fallbackLanguage: 'zh-CN' } }, [])
 */
export function checkLanguage(patch: SignInExperiencePatch, customLanguages: readonly string[]): void {
  const language = patch.languageInfo?.fallbackLanguage
  if (language === undefined || Object.hasOwn(locales, language) || customLanguages.includes(language)) return
  throw new ApiError('sign_in_experiences.unsupported_default_language', {
    data: { supported: Object.keys(locales) },
    values: { language },
  })
}

/**
 * Refuses a change that cannot work, in Logto's order of checks.
 *
 * @throws ApiError `sign_in_experiences.*` or `request.invalid_input`, naming what stands in the way
 * @example checkPatch(patch, stored, { sms: true, email: false })
 */
export function checkPatch(
  patch: SignInExperiencePatch,
  stored: SignInExperience,
  channels: Channels,
  customLanguages: readonly string[] = [],
): void {
  checkLanguage(patch, customLanguages)
  if (patch.signUp) checkSignUp(patch.signUp, channels)
  if (patch.signIn) {
    checkSignIn(patch.signIn.methods, patch.signUp ?? stored.signUp, channels)
    checkMethodsAgainstFactors(patch.signIn.methods, patch.mfa ?? stored.mfa)
  }
  checkMfa(patch, stored)
  for (const method of patch.forgotPasswordMethods ?? []) {
    const channel = method === 'PhoneVerificationCode' ? 'sms' : 'email'
    if (!channels[channel])
      throw new ApiError('sign_in_experiences.forgot_password_method_requires_connector', {
        data: { method },
        values: { type: channel === 'sms' ? 'SMS' : 'e-mail' },
      })
  }
  checkPasswordExpiration(patch, stored, channels)
  const { minLength = 1, maxLength = 128, allowedChars } = patch.usernamePolicy ?? {}
  if (
    minLength > maxLength ||
    (allowedChars && !allowedChars.lowercase && !allowedChars.uppercase && !allowedChars.underscore)
  )
    throw new ApiError('guard.invalid_input', {
      data: { message: 'usernamePolicy allows no username at all' },
    })
  const sources = Object.values(patch.customUiCsp ?? {}).flat()
  if (
    patch.hideLogtoBranding ||
    sources.length > 0 ||
    patch.emailBlocklistPolicy?.blockDisposableAddresses === true
  )
    throw new ApiError('request.invalid_input')
  const { customAllowlist = [], customBlocklist = [] } = patch.emailBlocklistPolicy ?? {}
  const items = [...customAllowlist, ...customBlocklist].filter(item => !isBlocklistItem(item))
  if (items.length > 0)
    throw new ApiError('sign_in_experiences.invalid_custom_email_blocklist_format', { data: { items } })
}
