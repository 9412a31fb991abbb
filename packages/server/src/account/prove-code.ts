import type { CodeIdentifier } from '@countersign/api'
import type { UsageType } from '@countersign/kit'
import { type Challenge, requireAllowed } from '../challenges/challenges.ts'
import { check } from '../challenges/check.ts'
import { send } from '../challenges/send.ts'
import type { Outcome } from '../delivery/delivery.ts'
import { keptForm } from '../identifiers/one-spelling.ts'
import { type Recipient, readRecipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { StoredUser } from '../users/users.ts'
import type { Origin } from './events.ts'
import {
  findProof,
  listenerOf,
  type NewProof,
  newRecord,
  type ProofsRoom,
  recipientOf,
  toldOf,
} from './proofs-room.ts'
import type { StoredVerification } from './store.ts'

/** A code that a user asks for. */
export interface CodeRequest {
  identifier: CodeIdentifier
  /** What the code is meant for, when it goes to the user's own identifier. */
  usageType?: 'BindMfa' | 'UserPermissionValidation' | undefined
  /** Context for the templates: language, application. */
  context: Record<string, unknown>
  /** The application whose token the user has. */
  applicationId?: string
}

/** What templates may say of the user. */
const inTemplates = ({ id, avatar, name, primaryEmail, primaryPhone, username, profile }: StoredUser) => ({
  id,
  avatar,
  name,
  primaryEmail,
  primaryPhone,
  username,
  profile,
})

const challengeOf = ({ id, usageType }: StoredVerification, recipient: Recipient): Challenge => ({
  usageType: usageType as UsageType,
  recipient,
  scope: `account/${id}`,
})

/** The usage type says what the code may prove: that it is the user, or that a new identifier is theirs. */
function usageTypeOf(
  { type, value }: Recipient,
  user: StoredUser,
  asked: CodeRequest['usageType'],
): UsageType {
  const own = type === 'email' ? user.primaryEmail : user.primaryPhone
  return own === value ? (asked ?? 'UserPermissionValidation') : 'BindNewIdentifier'
}

/**
 * Sends a code, and makes the record that it is to verify. Both are stored before the message leaves, and taken
 * back when it certainly did not. Whether somebody else has the address is not said here.
 *
 * @example
 * await sendProofCode(room, user, { identifier: { type: 'email', value: 'ada@example.com' }, context: {} }, from)
 *
 * @throws ApiError `user.invalid_phone`, `session.email_blocklist.*`, `request.message_rate_limited`, `connector.*`
 */
export async function sendProofCode(
  room: ProofsRoom,
  user: StoredUser,
  { identifier, usageType, context, applicationId }: CodeRequest,
  from: Origin,
): Promise<NewProof & { outcome: Outcome }> {
  const { store, challenges } = room
  const recipient = readRecipient(identifier)
  const { type, value } = recipient
  const record = newRecord(room, user.id, {
    kind: type,
    usageType: usageTypeOf(recipient, user, usageType),
    recipient: value,
    verified: false,
  })
  const challenge = challengeOf(record, recipient)
  const asker = { by: 'account', userId: user.id, applicationId } as const
  if (record.usageType === 'BindNewIdentifier') await requireAllowed(challenges, { ...challenge, asker })
  const outcome = await send(challenges, {
    ...challenge,
    context: { ...context, ...(type === 'email' && { user: inTemplates(user) }) },
    askedBy: {
      asker,
      ip: from.ip,
      listener: listenerOf(room, from),
    },
    isKept: async () => user.primaryPhone === value,
    alsoStore: async () => {
      await store.insert(record)
      return () => store.delete(record.id)
    },
  })
  return { ...toldOf(record), outcome }
}

/** A code as it came back: to whom the user says it was sent, and by which record. */
export interface CodeProof {
  identifier: CodeIdentifier
  id: string
  code: string
}

/**
 * Checks a code against the record that it was sent for, and marks the record as verified. Failures count against the
 * address that the code went to, never against one that a caller merely names.
 *
 * @example await verifyProofCode(room, caller.userId, { identifier, id: verificationRecordId, code: '739154' }, from)
 *
 * @throws ApiError `verification_record.not_found`, `verification_code.*`, the sentinel's
 */
export async function verifyProofCode(
  room: ProofsRoom,
  userId: string,
  { identifier, id, code }: CodeProof,
  from: Origin,
): Promise<void> {
  const { type } = identifier
  const record = await findProof(room, userId, id)
  const value = record && recipientOf(room, record)
  if (value === undefined || record?.kind !== type) throw new ApiError('verification_record.not_found')
  const isOwn = record.usageType !== 'BindNewIdentifier'
  await check(room.challenges, {
    ...challengeOf(record, readRecipient({ type, value })),
    named: keptForm(type, identifier.value),
    code,
    guess: {
      client: {
        address: from.ip,
        interaction: `account/${userId}`,
        // Strangers who use up what there is for the user's own address must not keep out who has signed in.
        device: isOwn ? `account/${userId}` : undefined,
      },
      message: id,
      listener: listenerOf(room, from),
    },
  })
  await room.store.markVerified(id)
}
