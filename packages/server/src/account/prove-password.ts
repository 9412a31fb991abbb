import { conclude } from '../limits/guards.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { StoredUser } from '../users/users.ts'
import type { Origin } from './events.ts'
import { listenerOf, type NewProof, newRecord, type ProofsRoom, toldOf } from './proofs-room.ts'

/**
 * Checks the user's password, and makes the record that proves it.
 *
 * @example const { verificationRecordId } = await provePassword(room, user, 'a good passphrase', { ip, userAgent })
 *
 * @throws ApiError `session.invalid_credentials`, `user.suspended`, the sentinel's
 */
export async function provePassword(
  room: ProofsRoom,
  user: StoredUser,
  password: string,
  from: Origin,
): Promise<NewProof> {
  const { limits, experience } = room.challenges
  const { sentinelPolicy: policy } = await experience.read()
  const right = await room.users.passwordMatches(user, password)
  const failure = right ? undefined : new ApiError('session.invalid_credentials')
  await conclude(
    limits,
    { type: 'userId', value: user.id },
    { failure, kind: 'password', client: { address: from.ip }, policy },
    listenerOf(room, from),
  )
  if (user.isSuspended) throw new ApiError('user.suspended')
  const record = newRecord(room, user.id, {
    kind: 'password',
    usageType: null,
    recipient: null,
    verified: true,
  })
  await room.store.insert(record)
  return toldOf(record)
}
