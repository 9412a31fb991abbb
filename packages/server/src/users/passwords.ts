import type { SignInExperience } from '@countersign/api'
import {
  type ImportProblem,
  importProblem,
  matchesImported,
  type PasswordAlgorithm,
} from '../crypto/imported-passwords.ts'
import { hashPassword, verifyPassword } from '../crypto/passwords.ts'
import { ApiError } from '../http/errors.ts'
import type { StoredUser, UserChange } from './store.ts'

const DAY = 24 * 60 * 60_000

/** What a user or change may bring of a password: in clear, or a hash that another system made. */
export interface PasswordInput {
  password?: string
  passwordDigest?: string
  passwordAlgorithm?: PasswordAlgorithm
}

const REFUSALS = {
  malformed: 'password.invalid_legacy_password_format',
  unsupported: 'password.unsupported_legacy_hash_algorithm',
} as const satisfies Record<ImportProblem, string>

/**
 * What a password, given in clear or as a hash made elsewhere, changes of a user.
 *
 * @throws ApiError `user.password_and_digest`, `user.password_algorithm_required`, `password.*`
 */
export async function passwordChange(
  { password, passwordDigest, passwordAlgorithm }: PasswordInput,
  now: number,
): Promise<UserChange> {
  if (passwordDigest === undefined) {
    if (password === undefined) return {}
    return { passwordHash: await hashPassword(password), ...freshPassword(now) }
  }
  if (password !== undefined) throw new ApiError('user.password_and_digest')
  if (passwordAlgorithm === undefined) throw new ApiError('user.password_algorithm_required')
  const problem = importProblem(passwordAlgorithm, passwordDigest)
  if (problem) throw new ApiError(REFUSALS[problem])
  return { passwordHash: passwordDigest, ...freshPassword(now), passwordAlgorithm }
}

/** What goes with a new password hash of ours: its age begins anew. */
export const freshPassword = (now: number): UserChange => ({
  passwordAlgorithm: null,
  passwordChangedAt: now,
  passwordExpired: false,
})

/**
 * True when the password is the user's. Without user, without password and with a fast hash it takes the time
 * of an ordinary one, so that nobody learns which of them it was.
 */
export async function isPasswordOf(user: StoredUser | undefined, password: string): Promise<boolean> {
  if (!user?.passwordHash || user.passwordAlgorithm === null)
    return verifyPassword(password, user?.passwordHash ?? null)
  const right = await matchesImported(
    user.passwordAlgorithm as PasswordAlgorithm,
    password,
    user.passwordHash,
  )
  await verifyPassword(password, null)
  return right
}

/** True when the settings let no user in with a password that old (contract sheet 6.4). */
export function isPasswordExpired(
  user: StoredUser,
  { passwordExpiration }: Pick<SignInExperience, 'passwordExpiration'>,
  now: number,
): boolean {
  const { enabled, validPeriodDays, enabledAt } = passwordExpiration
  if (!enabled || user.passwordHash === null) return false
  const since = user.passwordChangedAt ?? enabledAt ?? user.createdAt
  return user.passwordExpired || now - since > (validPeriodDays ?? Number.POSITIVE_INFINITY) * DAY
}
