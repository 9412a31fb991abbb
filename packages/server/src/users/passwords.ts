import type { SignInExperience } from '@countersign/api'
import { seesWhole, TooManyWaiting } from '../crypto/bcrypt.ts'
import { type ImportProblem, type PasswordAlgorithm, readImported } from '../crypto/imported-passwords.ts'
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
  malformed: {
    code: 'password.invalid_legacy_password_format',
    message: 'passwordDigest is no hash of the kind that passwordAlgorithm names',
  },
  unsupported: {
    code: 'password.unsupported_legacy_hash_algorithm',
    message: 'passwordDigest names an algorithm that is not known here',
  },
  costly: {
    code: 'password.invalid_legacy_password_format',
    message:
      'passwordDigest takes more time or memory to check than a sign-in may; create the user without it',
  },
} as const satisfies Record<ImportProblem, { code: string; message: string }>

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
  const check = readImported(passwordAlgorithm, passwordDigest)
  if (typeof check === 'string') {
    const { code, message } = REFUSALS[check]
    throw new ApiError(code, { data: { message } })
  }
  return { passwordHash: passwordDigest, ...freshPassword(now), passwordAlgorithm }
}

/** What goes with a new password hash of ours: its age begins anew. */
export const freshPassword = (now: number): UserChange => ({
  passwordAlgorithm: null,
  passwordChangedAt: now,
  passwordExpired: false,
})

/**
 * True when the password is the user's. Without user or password, and with a fast hash of another system, it takes
 * the time of an ordinary one.
 *
 * @throws ApiError `server.internal_error` (503) when too many wait for bcrypt. It tells nothing of who exists: those
 *   who do not are compared with the hashes of others, bcrypt's among them.
 */
export async function isPasswordOf(user: StoredUser | undefined, password: string): Promise<boolean> {
  if (!user?.passwordHash || user.passwordAlgorithm === null)
    return verifyPassword(password, user?.passwordHash ?? null)
  const check = readImported(user.passwordAlgorithm as PasswordAlgorithm, user.passwordHash)
  const right = typeof check === 'string' ? false : await check(password).catch(tellCrowded)
  await verifyPassword(password, null)
  return right
}

function tellCrowded(error: unknown): never {
  if (!(error instanceof TooManyWaiting)) throw error
  throw new ApiError('server.internal_error', { status: 503, cause: error })
}

/** True when a hash of another system can make way for one of ours, now that a password was right. */
export function canBecomeOurs({ passwordHash, passwordAlgorithm }: StoredUser, password: string): boolean {
  if (passwordHash === null || passwordAlgorithm === null) return false
  // What bcrypt did not look at may be mistyped, and would lock its user out from now on.
  return passwordAlgorithm !== 'Bcrypt' || seesWhole(password)
}

/** True when the settings let no user in with a password that old. */
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
