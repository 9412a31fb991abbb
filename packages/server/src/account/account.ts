import type { AccountPatch, CodeIdentifier } from '@countersign/api'
import { removeIdentifier, setIdentifier } from './change-identifier.ts'
import { setPassword } from './change-password.ts'
import { readAccount, updateAccount, updateProfile } from './change-profile.ts'
import type { AccountCall } from './permissions.ts'
import type { AccountRoom } from './room.ts'

/**
 * What a signed-in user reads and changes of the own account. One function a use case; the order of the checks is
 * Logto's.
 *
 * @example
 * const account = createAccount({ users, experience, center, permissions, proofs, sessions, tellChange })
 * await account.update(call, { name: 'Ada' })
 */
export const createAccount = (room: AccountRoom) => ({
  read: (call: AccountCall) => readAccount(room, call),
  update: (call: AccountCall, patch: AccountPatch) => updateAccount(room, call, patch),
  updateProfile: (call: AccountCall, members: Record<string, unknown>) => updateProfile(room, call, members),
  setPassword: (call: AccountCall, password: string, endOthers?: boolean) =>
    setPassword(room, call, password, endOthers),
  setIdentifier: (call: AccountCall, identifier: CodeIdentifier, recordId: string) =>
    setIdentifier(room, call, identifier, recordId),
  removeIdentifier: (call: AccountCall, type: CodeIdentifier['type']) => removeIdentifier(room, call, type),
})

export type Account = ReturnType<typeof createAccount>
