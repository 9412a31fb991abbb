import type { FraudFinding } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import { createJudge } from './judge.ts'
import { type Asking, isKnown } from './known.ts'
import { createLooking } from './looking.ts'
import { chooseSettings, chosenSettings, DAY, type GuardSettings, HISTORY, RULES } from './policy.ts'
import type { FraudRoom } from './room.ts'
import { shownFinding, withDecisions } from './shown.ts'
import { type FindingRow, fraudStore } from './store.ts'

export { type Escalation, HeldBack } from './escalation.ts'
export type { ToldFinding } from './room.ts'

/** Findings without an end that are told, and as many of the last ones that ended. */
const MOST_LISTED = 300

/** Findings that ended are told for so long, as messages are by default. */
const KEEP_ENDED = 30 * DAY

/** Findings with what became of their messages. */
async function shown(room: FraudRoom, rows: readonly FindingRow[]): Promise<FraudFinding[]> {
  const { modes } = await chosenSettings(room.db)
  const noted = await room.ledger.noted(rows.map(({ id }) => id))
  return withDecisions(
    rows.map(row => shownFinding(row, modes)),
    noted,
  )
}

/**
 * Lets the messages of a finding go for some days.
 *
 * @throws ApiError `entity.not_found`, `entity.invalid_input` for one that has ended
 * @example await allow(room, finding.id, { days: 7, by: operatorId })
 */
export async function allow(
  room: FraudRoom,
  id: string,
  { days, by }: { days: number; by: string },
): Promise<FraudFinding> {
  const { store, world } = room
  const row = await store.change(id, { allowed_until: world.now() + days * DAY, allowed_by: by })
  if (!row) throw new ApiError((await store.byId(id)) ? 'entity.invalid_input' : 'entity.not_found')
  const [finding] = await shown(room, [row])
  return finding!
}

/**
 * Takes back that the messages of a finding are let go. Whether it is one still, the next look says.
 *
 * @throws ApiError `entity.not_found`, `entity.invalid_input` for one that is not allowed
 * @example await disallow(room, finding.id)
 */
export async function disallow({ store, world }: FraudRoom, id: string): Promise<void> {
  const row = await store.byId(id)
  if (!row) throw new ApiError('entity.not_found')
  if (row.allowed_until === null || row.ended_at !== null) throw new ApiError('entity.invalid_input')
  await store.change(id, { ended_at: world.now(), end_reason: 'taken_back' })
}

/**
 * Finds out whose codes are not used as they were before, and judges messages by it. One function a use case.
 *
 * @example
 * const fraud = createFraud({ db, keys, world, ledger, audit, telling })
 * fraud.start()
 */
export function createFraud(needs: Omit<FraudRoom, 'store'> & { db: Database }) {
  const room: FraudRoom = { ...needs, store: fraudStore(needs.db) }
  const { db, store, world } = room
  return {
    judge: createJudge(room),
    /** Whether a message is asked for by somebody who was here before, as far as that is allowed them. */
    isKnown: (message: Asking) => isKnown(room, message),
    guard: async () => ({ ...(await chosenSettings(db)), rules: RULES }),
    set: (settings: GuardSettings) => chooseSettings(db, settings),
    list: async (): Promise<FraudFinding[]> => shown(room, await store.list(MOST_LISTED)),
    allow: (id: string, how: { days: number; by: string }) => allow(room, id, how),
    disallow: (id: string) => disallow(room, id),
    /** Forgets what is too old to compare with, and what ended long ago. */
    purge: () => store.purge(world.now() - HISTORY, world.now() - KEEP_ENDED),
    ...createLooking(room),
  }
}

export type Fraud = ReturnType<typeof createFraud>
