import { newSecret } from '../crypto/chance.ts'
import { DEFAULT_EXPERIENCE } from '../experience/defaults.ts'
import { ApiError } from '../refusals/refusal.ts'
import { passwordProblems } from '../users/password-policy.ts'
import { hashPassword, verifyPassword } from '../users/passwords.ts'
import { newDevice, type Place, type Try, takeOwnTry, takeTry } from './lockout.ts'
import { asActor, nameKey, type Operator, type OperatorsRoom, tokenHash } from './room.ts'
import * as store from './store.ts'

/** The two cookies of a browser that an operator has signed in with. */
export interface SignedIn {
  session: string
  /** Says later that this browser is no stranger. It lets nobody in. */
  device: string
}

/** Milliseconds for which an operator stays signed in. */
export const OPERATOR_SESSION = 12 * 60 * 60_000

/** Of one operator at once; with more, the oldest ends. */
export const MOST_SESSIONS = 20

/**
 * Hashes a new password.
 *
 * @throws ApiError `password.rejected`, by the policy that end users have by default
 * @example await hashNew('anemone-quartz', 'Ada')
 */
export async function hashNew(password: string, name: string): Promise<string> {
  const problems = passwordProblems(password, DEFAULT_EXPERIENCE.passwordPolicy, { name, username: name })
  if (problems.length > 0) throw new ApiError('password.rejected', { data: problems })
  return hashPassword(password)
}

/**
 * Opens a session.
 *
 * @throws ApiError `session.invalid_credentials` when the password is another one by now
 * @example const { session, device } = await openSession(room, operator)
 */
export async function openSession(
  room: OperatorsRoom,
  operator: Pick<store.StoredOperator, 'id' | 'password_hash'>,
): Promise<SignedIn> {
  const { db, world } = room
  const session = newSecret(world.random)
  const now = world.now()
  const opened = await store.addSession(
    db,
    { idHash: tokenHash(room, 'session', session), expiresAt: now + OPERATOR_SESSION },
    operator,
    { now, most: MOST_SESSIONS },
  )
  if (!opened) throw new ApiError('session.invalid_credentials')
  return { session, device: newDevice(room, operator.id) }
}

/** Compares a password; a try that could not be looked at, because too many were, does not count. */
async function looked(
  taken: Try,
  password: string,
  operator: store.StoredOperator | undefined,
): Promise<boolean> {
  try {
    return await verifyPassword(password, operator?.password_hash || null)
  } catch (error) {
    await taken.forgive()
    throw error
  }
}

/**
 * Signs an operator in.
 *
 * @throws ApiError `session.invalid_credentials`, or the block after too many wrong ones
 * @example await signIn(room, 'Ada', password, { ip })
 */
export async function signIn(
  room: OperatorsRoom,
  name: string,
  password: string,
  place: Place,
): Promise<SignedIn> {
  const { db, audit } = room
  const operator = await store.byName(db, nameKey(name))
  // A block is not written down: whoever is blocked must not fill the log.
  const taken = await takeTry(room, nameKey(name), operator?.id, place)
  const right = await looked(taken, password, operator)
  if (!operator || !right) {
    const error = new ApiError('session.invalid_credentials')
    // An unknown name is not written down: it may be a password, typed one field too early.
    audit.record('Action.SignInOperator', {
      ...(operator && { operator: { id: operator.id, name: operator.name } }),
      error,
    })
    throw error
  }
  await taken.forgive()
  const signedIn = await openSession(room, operator)
  audit.record('Action.SignInOperator', asActor(operator))
  return signedIn
}

/**
 * The operator whose session this is, while it lasts.
 *
 * @example await operatorOfSession(room, cookie)
 */
export const operatorOfSession = (room: OperatorsRoom, token: string): Promise<Operator | undefined> =>
  store.bySession(room.db, tokenHash(room, 'session', token), room.world.now())

/**
 * Ends a session.
 *
 * @example await signOut(room, cookie)
 */
export const signOut = (room: OperatorsRoom, token: string): Promise<void> =>
  store.deleteSession(room.db, tokenHash(room, 'session', token))

/**
 * Changes the password of who is signed in, and ends the other sessions.
 *
 * @throws ApiError `operator.wrong_password`, `password.rejected`, or the block after too many wrong ones
 * @example await changePassword(room, cookie, current, next)
 */
export async function changePassword(
  room: OperatorsRoom,
  session: string,
  current: string,
  next: string,
): Promise<void> {
  const { id } = (await operatorOfSession(room, session)) ?? { id: '' }
  const operator = await store.byId(room.db, id)
  if (!operator) throw new ApiError('auth.unauthorized')
  const taken = await takeOwnTry(room, id)
  if (!(await looked(taken, current, operator))) throw new ApiError('operator.wrong_password')
  await taken.forgive()
  const hash = await hashNew(next, operator.name)
  if (!(await store.changePassword(room.db, operator, hash, tokenHash(room, 'session', session))))
    throw new ApiError('operator.wrong_password')
}
