import type { Along } from '../db/along.ts'
import { type Emit, ended, hookUser, type Telling } from '../hooks/events.ts'
import type { BlockedBy } from '../limits/sentinel.ts'
import type { StoredUser } from '../users/users.ts'

/** A refusal of a user's call that webhooks are told of. */
export type AccountEvent =
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

/** Prepares what is written in the transaction of a user's change; `sessionsEnded` when all other sessions end. */
export type TellChange = (from: Origin, more?: { sessionsEnded: boolean }) => Promise<Along<StoredUser>>

/**
 * Tells webhooks of changes, in the transactions that make them.
 *
 * @example const along = await tellOfChange(hooks.telling)({ ip, userAgent }, { sessionsEnded: true })
 */
export const tellOfChange =
  (telling: Telling): TellChange =>
  ({ ip, userAgent }, more = { sessionsEnded: false }) =>
    telling('User.Data.Updated', () => user => ({ ip, userAgent, data: hookUser(user), ...ended(more) }))

/** Prepares what is written in the transaction in which a block begins. */
export type TellBlockOfAccount = (
  identifier: { type: string; value: string },
  from: Origin,
) => Promise<Along<true>>

/**
 * Tells webhooks that an identifier is blocked, in the transaction in which the block begins.
 *
 * @example const along = await tellOfBlocks(hooks.telling)({ type: 'userId', value: user.id }, { ip, userAgent })
 */
export const tellOfBlocks =
  (telling: Telling): TellBlockOfAccount =>
  (identifier, { ip, userAgent }) =>
    telling('Identifier.Lockout', () => () => ({ ip, userAgent, ...identifier }))

/**
 * Tells webhooks of refusals, which change nothing.
 *
 * @example await tellOfAccounts(hooks.emit)({ type: 'send-refused', recipient }, { ip, userAgent })
 */
export function tellOfAccounts(emit: Emit): TellOfAccount {
  return (event, { ip, userAgent }) => {
    const inside = (own: Record<string, unknown>) => () => ({ ip, userAgent, ...own })
    switch (event.type) {
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
