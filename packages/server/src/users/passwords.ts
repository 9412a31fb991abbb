import { setTimeout as sleep } from 'node:timers/promises'
import type { SignInExperience } from '@countersign/api'
import { seesWhole } from '../crypto/bcrypt.ts'
import { type PasswordAlgorithm, readImported, readStored } from '../crypto/imported-passwords.ts'
import type { ImportProblem, PasswordCheck } from '../crypto/password-check.ts'
import { compareHash, computeHash, costsAsOurs } from '../crypto/passwords.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { StoredUser, UserChange } from './store.ts'
import { AT_ONCE, inTurn } from './turns.ts'

/** Refusals take so long from their turn on, where they must be even: as long as the slowest check that is taken over. */
const EVEN = 1_000

const DAY = 24 * 60 * 60_000

/** The password of a new user or a change: in clear, or as a hash that another system made. */
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
 * Hashes a password, when it is its turn.
 *
 * @throws ApiError `request.too_many_password_checks`
 * @example const hash = await hashPassword('anemone-quartz')
 */
export const hashPassword = (password: string): Promise<string> => inTurn(() => computeHash(password))

/**
 * Says whether a password belongs to a hash of ours, when it is its turn. Null costs the same and is never true.
 *
 * @throws ApiError `request.too_many_password_checks`
 * @example await verifyPassword('anemone-quartz', user.passwordHash)
 */
export const verifyPassword = (password: string, hash: string | null): Promise<boolean> =>
  inTurn(() => compareHash(password, hash))

/**
 * The change of a user that a password makes, given in clear or as a hash made elsewhere.
 *
 * @throws ApiError `user.password_and_digest`, `user.password_algorithm_required`, `password.*`
 * @example const change = await passwordChange({ password: 'anemone-quartz' }, world.now())
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

/** The members that go with a new password hash of ours: its age begins anew. */
export const freshPassword = (now: number): UserChange => ({
  passwordAlgorithm: null,
  passwordChangedAt: now,
  passwordExpired: false,
})

/** The outcome of a check. `ours` is a new hash of the right password, to be stored in the place of the old one. */
export interface Checked {
  right: boolean
  ours?: string
}

/**
 * Checks a password in one turn, so that whoever was let begin is not turned away in the middle. Without user or
 * password it costs what a hash of ours costs; a hash of another system costs that on top of its own check. One that
 * would not be taken over today is checked while nothing else is.
 *
 * @param evenly the time of a refusal must not tell of which kind the hash is; nothing is computed in that time
 * @throws ApiError `request.too_many_password_checks`
 */
export async function checkPassword(
  user: StoredUser | undefined,
  password: string,
  evenly = false,
): Promise<Checked> {
  const hash = user?.passwordHash ?? null
  const foreign = foreignOf(user)
  let even: Promise<void> | undefined
  const checked = await inTurn(
    async () => {
      if (evenly) even = sleep(EVEN, undefined, { ref: false })
      const right = foreign ? await besides(foreign.check, password) : await compareHash(password, hash)
      return right && canBecomeOurs(user!, password)
        ? { right, ours: await computeHash(password) }
        : { right }
    },
    foreign?.costly ? AT_ONCE : 1,
  )
  if (!checked.right) await even
  return checked
}

const NEVER: PasswordCheck = async () => false

/** Finds the way to compare with a hash that another system made; there is none when it is ours. */
function foreignOf(user: StoredUser | undefined) {
  if (!user?.passwordHash || user.passwordAlgorithm === null) return undefined
  const stored = readStored(user.passwordAlgorithm as PasswordAlgorithm, user.passwordHash)
  return stored ?? { check: NEVER, costly: false }
}

/** A fast hash must not be told by its speed. */
async function besides(check: PasswordCheck, password: string): Promise<boolean> {
  const right = await check(password)
  await compareHash(password, null)
  return right
}

/** True when a hash can make way for one as we make them now, for its password was right. */
function canBecomeOurs({ passwordHash, passwordAlgorithm }: StoredUser, password: string): boolean {
  if (passwordHash === null) return false
  if (passwordAlgorithm === null) return !costsAsOurs(passwordHash)
  // Bcrypt looks at the first 72 bytes alone: the rest may be mistyped, and would lock its user out from now on.
  return passwordAlgorithm !== 'Bcrypt' || seesWhole(password)
}

/**
 * True when the settings let no user in with a password that old.
 *
 * @example if (isPasswordExpired(user, await experience.read(), world.now())) …
 */
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
