import type { ChallengeRoom } from '../challenges/challenges.ts'
import { newId } from '../crypto/chance.ts'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { LimitListener } from '../limits/guards.ts'
import type { Users } from '../users/users.ts'
import type { World } from '../world.ts'
import type { Origin, TellBlockOfAccount, TellOfAccount } from './events.ts'
import type { AccountStore, StoredVerification } from './store.ts'

/** What proofs of signed-in users need of the other rooms. */
export interface ProofsRoom {
  keys: Keys
  world: World
  store: AccountStore
  challenges: ChallengeRoom
  users: Users
  tell: TellOfAccount
  tellBlock: TellBlockOfAccount
}

/** A record that was just made, as its caller is told. */
export interface NewProof {
  verificationRecordId: string
  expiresAt: string
}

/** A proof is good for so long, whatever the policy says of codes, as in Logto. */
const LIFETIME = 10 * 60_000

/** What a sealed recipient is bound to: `contextOf(row.id)`. */
export const contextOf = (id: string) => `account-verification/${id}`

/** What a new record is made of; `recipient` is where its code goes, in clear. */
type Made = Pick<StoredVerification, 'kind' | 'usageType' | 'recipient' | 'verified'>

/**
 * Makes a new record of a user's, which is not stored yet.
 *
 * @example newRecord(room, user.id, { kind: 'password', usageType: null, recipient: null, verified: true })
 */
export function newRecord({ keys, world }: ProofsRoom, userId: string, made: Made): StoredVerification {
  const id = newId(world.random)
  const recipient = made.recipient === null ? null : seal(keys.seal, made.recipient, contextOf(id))
  return { ...made, id, userId, recipient, expiresAt: world.now() + LIFETIME }
}

/**
 * Reads where the code of a record went; undefined for the record of a password.
 *
 * @example recipientOf(room, record) // 'ada@example.com'
 */
export const recipientOf = (
  { keys }: ProofsRoom,
  { id, recipient }: StoredVerification,
): string | undefined => (recipient === null ? undefined : open(keys.seal, recipient, contextOf(id)))

/**
 * Finds a user's record that has not expired. A record of somebody else counts as none.
 *
 * @example const record = await findProof(room, caller.userId, proofId)
 */
export async function findProof(
  { store, world }: ProofsRoom,
  userId: string,
  id: string,
): Promise<StoredVerification | undefined> {
  // No id is long or holds what a database refuses.
  if (!/^[0-9a-z]{21}$/.test(id)) return undefined
  const record = await store.byId(id, world.now())
  return record?.userId === userId ? record : undefined
}

/**
 * Gives a record as its caller is told of it.
 *
 * @example return toldOf(record)
 */
export const toldOf = ({ id, expiresAt }: StoredVerification): NewProof => ({
  verificationRecordId: id,
  expiresAt: new Date(expiresAt).toISOString(),
})

/**
 * Makes the listener that hears of the limits which a call reaches.
 *
 * @example askedBy: { ip: from.ip, listener: listenerOf(room, from) }
 */
export const listenerOf = (
  { tell, tellBlock }: ProofsRoom,
  from: Origin,
): LimitListener<{ type: 'userId' | 'email' | 'phone'; value: string }> => ({
  refused: reached => tell(reached, from),
  blockBegins: identifier => tellBlock(identifier, from),
})
