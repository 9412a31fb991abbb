import type { Challenge, ChallengeRoom } from '../challenges/challenges.ts'
import { type Recipient, readRecipient } from '../identifiers/recipient.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { LimitListener } from '../limits/guards.ts'
import type { Client } from '../limits/sentinel.ts'
import type { Identifier, Users } from '../users/users.ts'
import type { World } from '../world.ts'
import type { VerificationRecord } from './flow.ts'
import type { Step, Tell, TellBlock, Visitor } from './happenings.ts'

/** What proofs by code and password need of the other rooms. */
export interface VerificationRoom {
  challenges: ChallengeRoom
  ledger: Pick<Ledger, 'undelivered'>
  users: Users
  tell: Tell
  tellBlock: TellBlock
  world: World
}

/** The type of the record that a code to an identifier gets. */
export const RECORD_TYPES = { email: 'EmailVerificationCode', phone: 'PhoneVerificationCode' } as const

/**
 * Reads to whom the code of a record went.
 *
 * @example recipientOf(record).canonical // '8613800138000'
 */
export const recipientOf = ({ type, identifier: { value } }: VerificationRecord): Recipient =>
  readRecipient({ type: type === 'EmailVerificationCode' ? 'email' : 'phone', value })

/**
 * Makes the challenge whose code verifies a record. The code opens nothing in another interaction, and no other record
 * in this one.
 *
 * @example await endOf(room.challenges, challengeOf(uid, record, recipientOf(record)))
 */
export const challengeOf = (uid: string, record: VerificationRecord, recipient: Recipient): Challenge => ({
  usageType: record.templateType ?? 'Generic',
  recipient,
  scope: `${uid}/${record.id}`,
})

/**
 * Says who tries, for the limits. A browser that signed in with the owner's account before is told apart from
 * strangers.
 *
 * @example clientOf(interaction.uid, visitor, await ownerOf(users, interaction, record.identifier))
 */
export const clientOf = (
  uid: string,
  { ip, browser }: Visitor,
  owner: { id: string } | undefined,
): Client => ({
  address: ip,
  interaction: uid,
  device: owner && browser?.deviceOf(owner.id),
})

/**
 * Makes the listener that hears of the limits which a step of an interaction reaches.
 *
 * @example await send(challenges, { ...challenge, askedBy: { asker, ip, listener: listenerOf(room, step) } })
 */
export const listenerOf = ({ tell, tellBlock }: VerificationRoom, step: Step): LimitListener<Identifier> => ({
  refused: reached => tell(reached, step),
  blockBegins: (identifier, by) => tellBlock(identifier, by, step),
})

/**
 * True for a number that gets its codes although it would be refused: the number of a test identity, to which nothing
 * is sent, and a number that cannot exist but that a user has all the same. The second is no help where codes cannot go
 * (`unserved`).
 *
 * @example if (!(await isKept(room, number, { unserved: true }))) throw new ApiError('user.invalid_phone')
 */
export const isKept = async (
  { challenges, users }: VerificationRoom,
  { type, value }: Identifier,
  { unserved = false } = {},
): Promise<boolean> =>
  type !== 'username' &&
  ((await challenges.testIdentities.markOf({ type, value })) !== undefined ||
    (!unserved && (await users.find({ type, value }))?.primaryPhone === value))
