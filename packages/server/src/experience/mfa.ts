import type { SignInExperience, SignInExperiencePatch } from '@countersign/api'
import { ApiError } from '../refusals/refusal.ts'

// There is no second factor here. Its settings are checked as Logto checks them, kept and shown, so that a back end
// that writes the whole of a sign-in experience gets the answers that it knows.

type Factor = SignInExperience['mfa']['factors'][number]
type Methods = SignInExperience['signIn']['methods']

const CODES = { email: 'EmailVerificationCode', phone: 'PhoneVerificationCode' } as const

/** The codes that are both the way in and the second factor, and so would prove the same thing twice. */
function usedTwice(methods: Methods, factors: readonly Factor[]): ('email' | 'phone')[] {
  return (['email', 'phone'] as const).filter(
    identifier =>
      factors.includes(CODES[identifier]) &&
      methods.some(method => method.identifier === identifier && method.verificationCode),
  )
}

/** @throws ApiError `sign_in_experiences.email_verification_code_cannot_be_used_for_sign_in`, `…phone_…` */
export function checkMethodsAgainstFactors(methods: Methods, { factors }: SignInExperience['mfa']): void {
  const [twice] = usedTwice(methods, factors)
  if (twice) throw new ApiError(`sign_in_experiences.${twice}_verification_code_cannot_be_used_for_sign_in`)
}

/** Policies under which everybody has to set a factor up, yet is asked for it only where adaptive sign-in says so. */
const ADAPTIVE_ONLY: readonly string[] = ['PromptAtSignInAndSignUpMandatory', 'PromptOnlyAtSignInMandatory']

/**
 * Refuses factors and policies that contradict each other or the ways to sign in. What the change does not name is
 * taken from what is stored.
 *
 * @throws ApiError `sign_in_experiences.*` about factors (400) and about adaptive sign-in (422)
 * @example checkMfa({ mfa: { factors: [], policy: 'UserControlled' } }, stored)
 */
export function checkMfa(patch: SignInExperiencePatch, stored: SignInExperience): void {
  const { mfa, adaptiveMfa, signIn } = { ...stored, ...patch }
  const { factors, policy } = mfa
  if (patch.mfa) {
    if (new Set(factors).size !== factors.length)
      throw new ApiError('sign_in_experiences.duplicated_mfa_factors')
    if (factors.length === 1 && factors[0] === 'BackupCode')
      throw new ApiError('sign_in_experiences.backup_code_cannot_be_enabled_alone')
    const [twice] = usedTwice(signIn.methods, factors)
    if (twice) throw new ApiError(`sign_in_experiences.${twice}_verification_code_cannot_be_used_for_mfa`)
  }
  if (!patch.mfa && !patch.adaptiveMfa) return
  if (adaptiveMfa.enabled && factors.length === 0)
    throw new ApiError('sign_in_experiences.adaptive_mfa_requires_mfa')
  if (adaptiveMfa.enabled && policy !== 'Mandatory' && !ADAPTIVE_ONLY.includes(policy))
    throw new ApiError('sign_in_experiences.adaptive_mfa_requires_non_skippable_policy')
  if (!adaptiveMfa.enabled && ADAPTIVE_ONLY.includes(policy))
    throw new ApiError('sign_in_experiences.non_adaptive_mfa_requires_skippable_policy')
}
