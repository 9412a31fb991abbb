import { type IdentifierBlock, MOST_BLOCKS, type SendLimits } from '@countersign/api'
import * as counters from '../counters/counters.ts'
import { type Keys, mac } from '../crypto/keys.ts'
import { recipientKey } from '../crypto/recipient-key.ts'
import type { Database } from '../db/database.ts'
import { mailboxOf } from '../identifiers/email.ts'
import { oneSpelling } from '../identifiers/one-spelling.ts'
import { maskRecipient } from '../identifiers/phone.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { budgetOf, ownBudget, type SentinelPolicy } from './budget.ts'
import { chooseLimits, chosenLimits, DEFAULT_LIMITS } from './policy.ts'
import { countersOf, type SendOptions, secondsOfPause, takeReservation } from './reserve.ts'
import type { LimitsRoom } from './room.ts'
import { type Attempt, type BlockBegins, reportAttempt } from './sentinel.ts'
import * as store from './store.ts'

export { type AlsoCounted, Limited, Paused, type Reservation, type SendOptions } from './reserve.ts'
export type { Turns } from './turns.ts'

const HOUR = 60 * 60_000

/**
 * Who can try the identifier: everybody, or, by the account API, only who has signed in. Whoever types the id of a user
 * as a name must not block that user there.
 */
export type Pool = 'visitor' | 'account'

/**
 * The keyed hash under which an identifier's failures are counted. Logto counts what was sent, so each spelling apart;
 * that gives a guesser a whole allowance for each of the many spellings of one e-mail address.
 */
const identifierKey = (keys: Keys, of: Pool, identifier: string): string =>
  mac(keys.lookup, 'identifier', of, oneSpelling(identifier))

/**
 * Lifts lock-outs of visitors and gives recipients their whole allowance back, in whatever spelling.
 *
 * @example await forgetTargets(room, ['8613800138000', 'ada@example.com'])
 */
export async function forgetTargets({ db, keys }: LimitsRoom, targets: string[]): Promise<void> {
  for (const target of targets) {
    const keysOfTarget = [identifierKey(keys, 'visitor', target), identifierKey(keys, 'account', target)]
    await counters.forget(db, countersOf(recipientKey(keys, mailboxOf(oneSpelling(target)))))
    await store.forget(db, keysOfTarget)
  }
}

/** An identifier as operators see it in a list: of a username the first letters. */
const shownIdentifier = (identifier: string): string =>
  /@|^\+?[\d ()-]{6,}$/.test(identifier) ? maskRecipient(identifier) : `${identifier.slice(0, 3)}***`

/** What is blocked, as operators see it. */
async function listBlocks({ db, world }: LimitsRoom): Promise<IdentifierBlock[]> {
  const rows = await store.shownBlocks(db, world.now(), MOST_BLOCKS)
  return rows.map(row => ({
    id: row.identifier_key,
    identifier: row.shown,
    blockedBy: row.blocked_by === 'passwords' ? 'passwords' : 'client',
    beganAt: row.began_at,
    until: row.until,
  }))
}

/**
 * Lifts all blocks of an identifier and forgets what failed there; its allowance of messages stays.
 *
 * @throws ApiError `entity.not_found` where nothing is blocked
 */
async function releaseBlock({ db, world }: LimitsRoom, id: string): Promise<void> {
  if (!(await store.isBlocked(db, id, world.now()))) throw new ApiError('entity.not_found')
  await store.forget(db, [id])
}

/**
 * Limits that hold across nodes: they count rows, not memory. One function a use case.
 *
 * @example
 * const limits = createLimits(db, keys, world)
 * const place = await limits.reserveSend(recipient)
 */
export function createLimits(db: Database, keys: Keys, world: World) {
  const room: LimitsRoom = { db, keys, world }
  return {
    reserveSend: (recipient: Recipient, options?: SendOptions) => takeReservation(room, recipient, options),
    pauseLeft: (recipient: Recipient, pause: number) => secondsOfPause(room, recipient, pause),
    /** Counts the outcome of a check for an identifier; see `reportAttempt`. */
    report(
      of: Pool,
      identifier: string,
      attempt: Attempt,
      policy: SentinelPolicy,
      begins?: BlockBegins,
    ): ReturnType<typeof reportAttempt> {
      const budget = of === 'visitor' ? budgetOf(policy) : ownBudget(policy)
      // The account API counts for the id of a user, which operators know.
      const shown = of === 'visitor' ? shownIdentifier(identifier) : identifier
      const rules = { policy, budget, shown, begins }
      return reportAttempt(room, identifierKey(keys, of, identifier), attempt, rules)
    },
    forget: (targets: string[]) => forgetTargets(room, targets),
    blocks: () => listBlocks(room),
    release: (id: string) => releaseBlock(room, id),
    /** How many messages may be sent, and whether an operator has said so. */
    async sendLimits(): Promise<{ limits: SendLimits; isDefault: boolean }> {
      const chosen = await chosenLimits(db)
      return { limits: chosen ?? DEFAULT_LIMITS, isDefault: chosen === undefined }
    },
    setSendLimits: (limits: SendLimits | undefined) => chooseLimits(db, limits),
    async purge(): Promise<void> {
      await counters.purge(db, world.now() - HOUR)
      await store.purge(db, world.now() - 2 * HOUR)
    },
  }
}

export type Limits = ReturnType<typeof createLimits>
