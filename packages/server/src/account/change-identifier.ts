import type { CodeIdentifier } from '@countersign/api'
import { requireAllowedEmail } from '../experience/experience.ts'
import { type AccountCall, requireEditable, requireScope } from './permissions.ts'
import type { AccountRoom } from './room.ts'

/** What every change of an e-mail address or phone number needs. */
async function requireIdentifierChange(
  { center, permissions }: AccountRoom,
  call: AccountCall,
  field: 'email' | 'phone',
): Promise<void> {
  await permissions.requireProof(call)
  requireEditable((await center.read()).fields, field)
  requireScope(call.caller, field)
  await permissions.requireFirstParty(call.caller)
}

const columnOf = (type: CodeIdentifier['type']) => (type === 'email' ? 'primaryEmail' : 'primaryPhone')

/**
 * Adds or replaces an e-mail address or phone number.
 *
 * @example await setIdentifier(room, call, { type: 'email', value: 'ada@example.com' }, verificationRecordId)
 *
 * @throws ApiError in Logto's order of checks
 */
export async function setIdentifier(
  room: AccountRoom,
  call: AccountCall,
  identifier: CodeIdentifier,
  recordId: string,
): Promise<void> {
  const { users, experience, proofs, tellChange } = room
  const { type, value } = identifier
  const { userId } = call.caller
  await requireIdentifierChange(room, call, type)
  if (type === 'email') requireAllowedEmail(value, await experience.read())
  await proofs.requireHolder(userId, identifier, recordId)
  await users.update(userId, { [columnOf(type)]: value }, await tellChange(call))
  await proofs.forgetPending(userId, type)
}

/**
 * Removes an e-mail address or phone number while another identifier remains; none is none already.
 *
 * @example await removeIdentifier(room, call, 'phone')
 *
 * @throws ApiError in Logto's order of checks
 */
export async function removeIdentifier(
  room: AccountRoom,
  call: AccountCall,
  type: CodeIdentifier['type'],
): Promise<void> {
  const { userId } = call.caller
  await requireIdentifierChange(room, call, type)
  const along = await room.tellChange(call)
  await room.users.updateKeepingIdentifier(userId, { [columnOf(type)]: null }, along)
  await room.proofs.forgetPending(userId, type)
}
