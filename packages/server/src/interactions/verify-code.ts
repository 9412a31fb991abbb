import type { CodeIdentifier } from '@countersign/api'
import { check } from '../challenges/check.ts'
import { keptForm } from '../identifiers/one-spelling.ts'
import { findRecord } from './flow.ts'
import type { Visitor } from './happenings.ts'
import type { OpenInteraction } from './open-interaction.ts'
import { ownerOf } from './owners.ts'
import {
  challengeOf,
  clientOf,
  listenerOf,
  RECORD_TYPES,
  recipientOf,
  type VerificationRoom,
} from './verification-room.ts'

/** A code as it came back: to whom the visitor says it was sent, and by which record. */
export interface CodeProof {
  identifier: CodeIdentifier
  verificationId: string
  code: string
}

/**
 * Checks a code and marks its record as verified.
 *
 * @example await verifyCode(room, interaction, { identifier, verificationId: record.id, code: '739154' }, visitor)
 *
 * @throws ApiError `verification_code.*`, `session.verification_*` in Logto's order of checks
 */
export async function verifyCode(
  room: VerificationRoom,
  interaction: OpenInteraction,
  { identifier, verificationId, code }: CodeProof,
  visitor: Visitor,
): Promise<void> {
  const state = interaction.current()
  const record = findRecord(state, verificationId, RECORD_TYPES[identifier.type])
  // Before the check: a change of the password meanwhile makes this proof an old one.
  const owner = await ownerOf(room.users, interaction, record.identifier)
  const epoch = owner?.sessionEpoch ?? 0
  const step = { uid: interaction.uid, event: state.event, visitor }
  await check(room.challenges, {
    ...challengeOf(interaction.uid, record, recipientOf(record)),
    named: keptForm(identifier.type, identifier.value),
    code,
    guess: {
      client: clientOf(interaction.uid, visitor, owner),
      message: record.id,
      listener: listenerOf(room, step),
    },
  })
  interaction.apply({ type: 'record-verified', id: verificationId, epoch })
}
