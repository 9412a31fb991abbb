import { type Emit, ended, hookUser } from '../hooks/events.ts'
import type { BlockedBy } from '../limits/sentinel.ts'
import type { StoredUser } from '../users/users.ts'

/** What the rest of the house may want to know of a user's calls. */
export type AccountEvent =
  | { type: 'user-changed'; user: StoredUser; sessionsEnded?: boolean }
  | {
      type: 'identifier-blocked'
      identifier: { type: 'userId' | 'email' | 'phone'; value: string }
      by: BlockedBy
    }
  | { type: 'send-refused'; recipient: string }

/** Where a call came from. */
export interface Origin {
  ip?: string | undefined
  userAgent?: string | undefined
}

/** Tells of what happened, before the caller is answered. Never throws. */
export type TellOfAccount = (event: AccountEvent, from: Origin) => Promise<void>

/** Tells webhooks. */
export function tellOfAccounts(emit: Emit): TellOfAccount {
  return (event, { ip, userAgent }) => {
    const inside = (own: Record<string, unknown>) => () => ({ ip, userAgent, ...own })
    switch (event.type) {
      case 'user-changed':
        return emit('User.Data.Updated', inside({ data: hookUser(event.user), ...ended(event) }))
      case 'identifier-blocked':
        return emit('Identifier.Lockout', inside({ ...event.identifier }))
      case 'send-refused':
        return emit(
          'Message.RateLimited',
          inside({ action: 'VerificationCodeSend', recipient: event.recipient }),
        )
    }
  }
}
