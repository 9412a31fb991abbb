import type { CodeIdentifier } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { keptForm } from '../identifiers/one-spelling.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { StoredUser } from '../users/users.ts'
import type { Origin } from './events.ts'
import { findProof, type ProofsRoom, recipientOf } from './proofs-room.ts'
import { type CodeProof, type CodeRequest, sendProofCode, verifyProofCode } from './prove-code.ts'
import { provePassword } from './prove-password.ts'
import { accountStore } from './store.ts'

export type { NewProof } from './proofs-room.ts'
export type { CodeRequest } from './prove-code.ts'

/**
 * True when a record proves that the caller is the user. It may serve again.
 *
 * @example if (!(await provesOwner(room, caller.userId, proofId))) refuse()
 */
export async function provesOwner(
  room: ProofsRoom,
  userId: string,
  id: string | undefined,
): Promise<boolean> {
  const record = id ? await findProof(room, userId, id) : undefined
  return (
    record?.verified === true &&
    (record.kind === 'password' || record.usageType === 'UserPermissionValidation')
  )
}

/**
 * Requires that a record proves that the user holds exactly this identifier.
 *
 * @example await requireHolder(room, caller.userId, { type: 'phone', value: '8613800138000' }, verificationRecordId)
 *
 * @throws ApiError `verification_record.not_found`
 */
export async function requireHolder(
  room: ProofsRoom,
  userId: string,
  { type, value }: CodeIdentifier,
  id: string,
): Promise<void> {
  const record = await findProof(room, userId, id)
  if (!record?.verified || record.kind !== type || recipientOf(room, record) !== keptForm(type, value))
    throw new ApiError('verification_record.not_found')
}

/**
 * Proofs that a signed-in user gives in their room: of who it is, and of holding a new identifier. One function a use
 * case.
 *
 * @example const proofs = createProofs({ db, keys, world, challenges, users, tell, tellBlock })
 */
export function createProofs({ db, ...others }: Omit<ProofsRoom, 'store'> & { db: Database }) {
  const room: ProofsRoom = { ...others, store: accountStore(db) }
  const { store, world } = room
  return {
    provePassword: (user: StoredUser, password: string, from: Origin) =>
      provePassword(room, user, password, from),
    sendCode: (user: StoredUser, request: CodeRequest, from: Origin) =>
      sendProofCode(room, user, request, from),
    verifyCode: (userId: string, proof: CodeProof, from: Origin) =>
      verifyProofCode(room, userId, proof, from),
    provesOwner: (userId: string, id: string | undefined) => provesOwner(room, userId, id),
    requireHolder: (userId: string, identifier: CodeIdentifier, id: string) =>
      requireHolder(room, userId, identifier, id),
    /** After a change, codes that are still on their way to identifiers of that kind prove nothing any more. */
    forgetPending: async (userId: string, kind: CodeIdentifier['type']) =>
      void (await store.deleteUnverified(userId, kind)),
    purge: () => store.purge(world.now()),
  }
}

export type Proofs = ReturnType<typeof createProofs>
