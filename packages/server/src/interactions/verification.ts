import type { Identifier } from '../users/users.ts'
import type { VerificationRecord } from './flow.ts'
import type { Visitor } from './happenings.ts'
import { type CodeRequest, codeEnd, resendAfter, sendCode } from './send-code.ts'
import { isKept, type VerificationRoom } from './verification-room.ts'
import { type CodeProof, verifyCode } from './verify-code.ts'
import { type PasswordProof, prepareIdentity, verifyPassword } from './verify-password.ts'
import type { Visit } from './visit.ts'

/**
 * Proofs that a visitor holds an identifier, by code or password, in their room. One function a use case.
 *
 * @example
 * const verification = createVerification({ challenges, users, tell, world })
 * await visits.transition(uid, visit => verification.sendCode(visit, request))
 */
export const createVerification = (room: VerificationRoom) => ({
  isKept: (identifier: Identifier, options?: { unserved?: boolean }) => isKept(room, identifier, options),
  sendCode: (visit: Visit, request: CodeRequest) => sendCode(room, visit, request),
  resendAfter: (record: VerificationRecord) => resendAfter(room, record),
  codeEnd: (uid: string, record: VerificationRecord) => codeEnd(room, uid, record),
  verifyCode: (visit: Visit, proof: CodeProof, visitor: Visitor) => verifyCode(room, visit, proof, visitor),
  verifyPassword: (visit: Visit, proof: PasswordProof, visitor: Visitor) =>
    verifyPassword(room, visit, proof, visitor),
  prepareIdentity: (visit: Visit, identity: { username: string; password: string }) =>
    prepareIdentity(room, visit, identity),
})

export type Verification = ReturnType<typeof createVerification>
