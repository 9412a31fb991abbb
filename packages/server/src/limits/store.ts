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

/** A send to be counted; what was sent at or before `since` counts no more. */
interface NewSend {
  id: string
  recipientKey: string
  at: number
  since: number
}

/** Where places that were given back after a try begin; they take none of those for sends. */
export const TRIED = 1000

const countSince = (db: Database, recipientKey: string, since: number) =>
  db
    .selectFrom('send_places')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('recipient_key', '=', recipientKey)
    .where('at', '>', since)

async function takenSince(db: Database, recipientKey: string, since: number): Promise<number[]> {
  const rows = await db
    .selectFrom('send_places')
    .select('place')
    .where('recipient_key', '=', recipientKey)
    .where('at', '>', since)
    .execute()
  return rows.map(({ place }) => place)
}

/** A send to be counted, in the terms of the statement that counts it. */
interface Placing extends NewSend {
  /** Which place is tried; without it, the one after those that are taken. */
  place?: number
  places: number
  tries: number
}

/** Takes a place if it is free and there is room for one more: the primary key decides between parallel sends. */
async function placeAt(
  db: Database,
  { id, recipientKey, at, since, place, places, tries }: Placing,
): Promise<number | undefined> {
  const taken = db
    .selectFrom('send_places')
    .select(({ fn }) => [
      fn.countAll<number>().as('all'),
      fn.countAll<number>().filterWhere('place', '<', TRIED).as('sends'),
    ])
    .where('recipient_key', '=', recipientKey)
    .where('at', '>', since)
  const row = await db
    .insertInto('send_places')
    .columns(['recipient_key', 'place', 'id', 'at'])
    .expression(
      db
        .selectFrom(taken.as('taken'))
        .select(({ cast, val, ref }) => [
          cast<string>(val(recipientKey), 'text').as('recipient_key'),
          cast<number>(place === undefined ? ref('taken.sends') : val(place), 'integer').as('place'),
          cast<string>(val(id), 'text').as('id'),
          cast<number>(val(at), 'bigint').as('at'),
        ])
        .where('taken.sends', '<', places)
        .where('taken.all', '<', tries),
    )
    .onConflict(conflict =>
      conflict
        .columns(['recipient_key', 'place'])
        .doUpdateSet({ id, at })
        .where('send_places.at', '<=', since),
    )
    .returning('place')
    .executeTakeFirst()
  return row?.place
}

/**
 * Takes one of the recipient's places that is free or was taken before `since`; undefined when there is none, or
 * when there were `tries` already. The primary key decides, so no clock and no race makes room for one more.
 *
 * @example const place = await takePlace(db, send, { places: 10, tries: 20 })
 */
export async function takePlace(
  db: Database,
  send: NewSend,
  bounds: { places: number; tries: number },
): Promise<number | undefined> {
  const first = await placeAt(db, { ...send, ...bounds })
  if (first !== undefined) return first
  // One before it was given back, or another send came first. Each turn that takes none was overtaken by one that did.
  for (let turn = 0; turn < bounds.places; turn += 1) {
    const taken = new Set(await takenSince(db, send.recipientKey, send.since))
    const place = Array.from({ length: bounds.places }, (_, nth) => nth).find(nth => !taken.has(nth))
    if (place === undefined || taken.size >= bounds.tries) return undefined
    if ((await placeAt(db, { ...send, ...bounds, place })) !== undefined) return place
  }
  return undefined
}

/**
 * Begins a recipient's pause, unless something was sent after `since`; false when it was. One statement, and the
 * primary key decides, so of parallel callers one begins it.
 *
 * @example if (!(await beginPause(db, { ...send, since: send.at - 60_000 }))) throw new Paused(60)
 */
export async function beginPause(db: Database, { id, recipientKey, at, since }: NewSend): Promise<boolean> {
  const row = await db
    .insertInto('send_pauses')
    .columns(['recipient_key', 'id', 'at'])
    .expression(
      db
        .selectNoFrom(({ cast, val }) => [
          cast<string>(val(recipientKey), 'text').as('recipient_key'),
          cast<string>(val(id), 'text').as('id'),
          cast<number>(val(at), 'bigint').as('at'),
        ])
        .where(countSince(db, recipientKey, since).where('place', '<', TRIED), '=', 0),
    )
    .onConflict(conflict =>
      conflict.column('recipient_key').doUpdateSet({ id, at }).where('send_pauses.at', '<=', since),
    )
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Ends a pause, unless somebody else has begun another by now.
 *
 * @example await endPause(db, send.id, send.recipientKey)
 */
export const endPause = (db: Database, id: string, recipientKey: string) =>
  db.deleteFrom('send_pauses').where('recipient_key', '=', recipientKey).where('id', '=', id).execute()

/**
 * When something was last sent to a recipient, as far as it is remembered.
 *
 * @example const left = (await lastSend(db, recipientKey)) + pause - now
 */
export async function lastSend(db: Database, recipientKey: string): Promise<number> {
  const { paused, placed } = await db
    .selectNoFrom([
      db.selectFrom('send_pauses').select('at').where('recipient_key', '=', recipientKey).as('paused'),
      db
        .selectFrom('send_places')
        .select(({ fn }) => fn.max<number>('at').as('at'))
        .where('recipient_key', '=', recipientKey)
        .where('place', '<', TRIED)
        .as('placed'),
    ])
    .executeTakeFirstOrThrow()
  return Math.max(Number(paused ?? 0), Number(placed ?? 0))
}

/**
 * When the first of a recipient's places that were taken after `since` was taken.
 *
 * @example const free = (await firstPlace(db, recipientKey, since)) + TEN_MINUTES
 */
export async function firstPlace(
  db: Database,
  recipientKey: string,
  since: number,
): Promise<number | undefined> {
  const { at } = await db
    .selectFrom('send_places')
    .select(({ fn }) => fn.min<number | null>('at').as('at'))
    .where('recipient_key', '=', recipientKey)
    .where('at', '>', since)
    .executeTakeFirstOrThrow()
  return at === null ? undefined : Number(at)
}

/**
 * Frees a place, unless somebody else has it by now.
 *
 * @example await freePlace(db, send.id, send.recipientKey, place)
 */
export const freePlace = (db: Database, id: string, recipientKey: string, place: number) =>
  db
    .deleteFrom('send_places')
    .where('recipient_key', '=', recipientKey)
    .where('place', '=', place)
    .where('id', '=', id)
    .execute()

/**
 * Gives a place back to sends, but goes on counting the try.
 *
 * @example await movePlace(db, send.id, send.recipientKey, place, TRIED + 7)
 */
export const movePlace = (db: Database, id: string, recipientKey: string, place: number, aside: number) =>
  db
    .updateTable('send_places')
    .set({ place: aside })
    .where('recipient_key', '=', recipientKey)
    .where('place', '=', place)
    .where('id', '=', id)
    .execute()

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

/**
 * Blocks the marks of clients, or of everybody, for an identifier.
 *
 * @example await block(db, identifierKey, [mark], now + HOUR)
 */
export const block = (db: Database, identifierKey: string, marks: string[], until: number) =>
  db
    .insertInto('identifier_blocks')
    .values(marks.map(mark => ({ identifier_key: identifierKey, mark, until })))
    .onConflict(conflict => conflict.columns(['identifier_key', 'mark']).doUpdateSet({ until }))
    .execute()

/**
 * Forgets everything about a recipient and an identifier.
 *
 * @example await forget(db, recipientKey, identifierKeys)
 */
export async function forget(db: Database, recipientKey: string, identifierKeys: string[]): Promise<void> {
  await db.deleteFrom('send_places').where('recipient_key', '=', recipientKey).execute()
  await db.deleteFrom('send_pauses').where('recipient_key', '=', recipientKey).execute()
  await db.deleteFrom('identifier_failures').where('identifier_key', 'in', identifierKeys).execute()
  await db.deleteFrom('identifier_blocks').where('identifier_key', 'in', identifierKeys).execute()
}

/**
 * Forgets what no window reaches any more.
 *
 * @example await purge(db, world.now() - 2 * HOUR)
 */
export async function purge(db: Database, before: number): Promise<void> {
  await db.deleteFrom('send_places').where('at', '<', before).execute()
  await db.deleteFrom('send_pauses').where('at', '<', before).execute()
  await db.deleteFrom('identifier_failures').where('at', '<', before).execute()
  await db.deleteFrom('identifier_blocks').where('until', '<', before).execute()
}
