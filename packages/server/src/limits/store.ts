import { sql } from 'kysely'
import { built } from '../db/built.ts'
import type { Database } from '../db/database.ts'

/** A wrong password or code; who tried it is told by keyed hashes, empty where it is not known. */
export interface FailureRow {
  id: string
  at: number
  /** What it is counted as. */
  lane: 'password' | 'code' | 'device' | 'trying'
  address: string
  visit: string
  device: string
  /** The message that brought the code. */
  message: string
}

/**
 * Counts a failure.
 *
 * @example await addFailure(db, { id, lane: 'password', at: now, ...marks }, identifierKey)
 */
export const addFailure = (
  db: Database,
  { id, at, lane, address, visit, device, message }: FailureRow,
  identifierKey: string,
) =>
  db
    .insertInto('identifier_failures')
    .values({ id, identifier_key: identifierKey, at, lane, address, visit, device, message })
    .execute()

/**
 * Counts a failure elsewhere.
 *
 * @example await setLane(db, id, 'device')
 */
export const setLane = (db: Database, id: string, lane: FailureRow['lane']) =>
  db.updateTable('identifier_failures').set({ lane }).where('id', '=', id).execute()

/**
 * Counts a failure no more.
 *
 * @example await deleteFailure(db, id)
 */
export const deleteFailure = (db: Database, id: string) =>
  db.deleteFrom('identifier_failures').where('id', '=', id).execute()

/**
 * What failed for an identifier since a moment.
 *
 * @example const rows = await failures(db, identifierKey, now - HOUR)
 */
export const failures = (db: Database, identifierKey: string, since: number): Promise<FailureRow[]> =>
  db
    .selectFrom('identifier_failures')
    .select(['id', 'at', 'lane', 'address', 'visit', 'device', 'message'])
    .where('identifier_key', '=', identifierKey)
    .where('at', '>', since)
    .execute()

/**
 * What is blocked for an identifier, and until when.
 *
 * @example (await blocks(db, identifierKey, now)).get(mark) // until when
 */
export async function blocks(db: Database, identifierKey: string, now: number): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('identifier_blocks')
    .select(['mark', 'until'])
    .where('identifier_key', '=', identifierKey)
    .where('until', '>', now)
    .execute()
  return new Map(rows.map(({ mark, until }) => [mark, until]))
}

const none = sql<string>`''`

const standingOf = built(
  (db, { identifierKey, now, since }: { identifierKey: string; now: number; since: number }) =>
    db
      .selectFrom('identifier_failures')
      .select(['id', 'at', 'address', 'visit', 'device', 'message'])
      .select(({ ref }) => ref('lane').$castTo<FailureRow['lane'] | 'block'>().as('lane'))
      .where('identifier_key', '=', identifierKey)
      .where('at', '>', since)
      .unionAll(
        db
          .selectFrom('identifier_blocks')
          .select([
            'mark as id',
            'until as at',
            none.as('address'),
            none.as('visit'),
            none.as('device'),
            none.as('message'),
            sql<FailureRow['lane'] | 'block'>`'block'`.as('lane'),
          ])
          .where('identifier_key', '=', identifierKey)
          .where('until', '>', now),
      ),
)

/**
 * What is blocked for an identifier, as `blocks`, and its failures since a moment, in one statement.
 *
 * @example const { blocks, failures } = await standing(db, identifierKey, { now, since })
 */
export async function standing(
  db: Database,
  identifierKey: string,
  { now, since }: { now: number; since: number },
): Promise<{ blocks: Map<string, number>; failures: FailureRow[] }> {
  const rows = await standingOf(db, { identifierKey, now, since })
  const isFailure = (row: (typeof rows)[number]): row is FailureRow => row.lane !== 'block'
  const blocks = rows.filter(row => !isFailure(row)).map(({ id, at }) => [id, at] as const)
  return { blocks: new Map(blocks), failures: rows.filter(isFailure) }
}

/** A block as operators see it. */
export interface ShownBlock {
  /** The identifier, masked. */
  shown: string
  blocked_by: string
  began_at: number
  until: number
}

/**
 * Blocks the marks of clients, or of everybody, for an identifier.
 *
 * @example await block(db, identifierKey, [mark], { shown: '+86 138****0000', blocked_by: 'client', began_at: now, until: now + HOUR })
 */
export const block = (db: Database, identifierKey: string, marks: string[], how: ShownBlock) =>
  db
    .insertInto('identifier_blocks')
    .values(marks.map(mark => ({ identifier_key: identifierKey, mark, ...how })))
    .onConflict(conflict => conflict.columns(['identifier_key', 'mark']).doUpdateSet(how))
    .execute()

/**
 * The blocks that hold, those that began last first; several marks of one client are one.
 *
 * @example const rows = await shownBlocks(db, world.now(), 200)
 */
export const shownBlocks = (
  db: Database,
  now: number,
  most: number,
): Promise<(ShownBlock & { identifier_key: string })[]> =>
  db
    .selectFrom('identifier_blocks')
    .select(['identifier_key', 'shown', 'blocked_by', 'began_at', 'until'])
    .distinct()
    .where('until', '>', now)
    .where('shown', '<>', '')
    .orderBy('began_at', 'desc')
    .orderBy('identifier_key')
    .limit(most)
    .execute()

/**
 * Says whether something is blocked for an identifier.
 *
 * @example if (!(await isBlocked(db, identifierKey, now))) throw new ApiError('entity.not_found')
 */
export const isBlocked = async (db: Database, identifierKey: string, now: number): Promise<boolean> =>
  (await blocks(db, identifierKey, now)).size > 0

/**
 * Forgets everything about an identifier.
 *
 * @example await forget(db, identifierKeys)
 */
export async function forget(db: Database, identifierKeys: string[]): Promise<void> {
  await db.deleteFrom('identifier_failures').where('identifier_key', 'in', identifierKeys).execute()
  await db.deleteFrom('identifier_blocks').where('identifier_key', 'in', identifierKeys).execute()
}

/**
 * Forgets what no window reaches any more.
 *
 * @example await purge(db, world.now() - 2 * HOUR)
 */
export async function purge(db: Database, before: number): Promise<void> {
  await db.deleteFrom('identifier_failures').where('at', '<', before).execute()
  await db.deleteFrom('identifier_blocks').where('until', '<', before).execute()
}
