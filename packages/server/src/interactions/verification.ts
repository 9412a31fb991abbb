import type { Identifier } from '../users/users.ts'
import type { VerificationRecord } from './flow.ts'
import type { Visitor } from './happenings.ts'
import { type InPlaceRequest, sendInPlace, standingOf, verifyInPlace } from './in-place.ts'
import type { OpenInteraction } from './open-interaction.ts'
import type { InPlace } from './page-state.ts'
import {
  type CodeRequest,
  codeEnd,
  noteRefused,
  type RefusedNumber,
  resendAfter,
  sendCode,
  undeliveredNotice,
} from './send-code.ts'
import { isKept, type VerificationRoom } from './verification-room.ts'
import { type CodeProof, verifyCode } from './verify-code.ts'
import { type PasswordProof, prepareIdentity, verifyPassword } from './verify-password.ts'

/**
 * Proofs that a visitor holds an identifier, by code or password, in their room. One function a use case.
 *
 * @example
 * const verification = createVerification({ challenges, users, tell, world })
 * await interactions.transition(uid, interaction => verification.sendCode(interaction, request))
 */
export const createVerification = (room: VerificationRoom) => ({
  isKept: (identifier: Identifier, options?: { unserved?: boolean }) => isKept(room, identifier, options),
  noteRefused: (interaction: OpenInteraction, refused: RefusedNumber) =>
    noteRefused(room, interaction, refused),
  sendCode: (interaction: OpenInteraction, request: CodeRequest) => sendCode(room, interaction, request),
  resendAfter: (record: VerificationRecord) => resendAfter(room, record),
  codeEnd: (uid: string, record: VerificationRecord) => codeEnd(room, uid, record),
  undeliveredNotice: (record: VerificationRecord) => undeliveredNotice(room, record),
  sendInPlace: (interaction: OpenInteraction, request: InPlaceRequest) =>
    sendInPlace(room, interaction, request),
  standingOf: (uid: string, inPlace: InPlace) => standingOf(room, uid, inPlace),
  verifyInPlace: (
    interaction: OpenInteraction,
    inPlace: InPlace,
    proof: { code: string; visitor: Visitor },
  ) => verifyInPlace(room, interaction, inPlace, proof),
  verifyCode: (interaction: OpenInteraction, proof: CodeProof, visitor: Visitor) =>
    verifyCode(room, interaction, proof, visitor),
  verifyPassword: (interaction: OpenInteraction, proof: PasswordProof, visitor: Visitor) =>
    verifyPassword(room, interaction, proof, visitor),
  prepareIdentity: (interaction: OpenInteraction, identity: { username: string; password: string }) =>
    prepareIdentity(room, interaction, identity),
})

export type Verification = ReturnType<typeof createVerification>
