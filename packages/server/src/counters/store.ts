import { type RawBuilder, sql } from 'kysely'
import { built } from '../db/built.ts'
import { againAfterDeadlock, type Database } from '../db/database.ts'

/** One thing that is to be counted, in the terms of its row. */
export interface CountedRow {
  key: string
  most: number
  lasts: number
  /** Milliseconds that must lie between two; 0 where none need. */
  gap: number
  /** How many are counted at once; 1 where moments are kept. */
  n: number
  /** When what is counted now no longer counts. */
  until: number
  /** The moment as a unit of `moments`; empty where only their number is kept. */
  unit: string
}

/** What the statement says of a row. */
export interface TakenRow {
  key: string
  granted: number
  until: number
  used: number
  moments: string
}

/** A moment in `moments`: a comma and thirteen digits, so units are found by their place and as a whole. */
export const UNIT = 14

/**
 * A moment as a unit of `moments`.
 *
 * @example unitOf(1796004000000) // ',1796004000000'
 */
export const unitOf = (moment: number): string => `,${String(moment).padStart(UNIT - 1, '0')}`

/** What is to be counted, under the name that it has in a statement. */
type Wanted = 'wanted' | 'excluded'

const column = (of: Wanted, name: string) => sql.raw(`${of}.${name}`)

/** The moment that begins so many characters before the end of what is there. */
const momentAt = (before: RawBuilder<unknown>) =>
  sql`cast(substr(counters.moments, length(counters.moments) - ${before} + 2, ${sql.lit(UNIT - 1)}) as bigint)`

const LAST = momentAt(sql.lit(UNIT))

/** How many characters as many moments take as there may be. */
const allOf = (of: Wanted) => sql`cast(${sql.lit(UNIT)} * ${column(of, 'most')} as integer)`

/** A number is kept, and begins anew when its window is over. */
const countedFits = (of: Wanted, now: number) =>
  sql`counters.until <= ${now} or counters.used + ${column(of, 'used')} <= ${column(of, 'most')}`

/** Moments are kept, as many as may lie within the window: the oldest of them must have left it. */
const momentsFit = (of: Wanted, now: number) =>
  sql`(length(counters.moments) < ${allOf(of)} or ${momentAt(allOf(of))} <= ${now} - ${column(of, 'lasts')})
    and (${column(of, 'gap')} = 0 or counters.moments = '' or ${LAST} <= ${now} - ${column(of, 'gap')})`

/** Whether a row has room for one more. */
const fits = (of: Wanted, now: number) =>
  sql`case when ${column(of, 'moments')} = '' then ${countedFits(of, now)} else ${momentsFit(of, now)} end`

/** A moment later than the last one, which another node with another clock may have written. */
const NEXT = sql`case when counters.moments <> '' and ${LAST} >= cast(substr(excluded.moments, 2) as bigint)
  then ',' || cast(${LAST} + 1 as text) else excluded.moments end`

/** What stays of the moments, so that there is room for one more. */
const KEPT = sql`case when length(counters.moments) < ${allOf('excluded')} then counters.moments
  else substr(counters.moments, length(counters.moments) - ${allOf('excluded')} + ${sql.lit(UNIT)} + 1) end`

/** More often nobody asks again: others gave back each time between two looks. */
const MOST_TRIES = 10

/**
 * Counts one more for each row if all of them have room, and says of each whether it had. Where one has none that says so
 * already, nothing is counted, not even for a moment: of a flood that is refused nobody else notices anything. What fills up
 * while the statement runs is told with `granted` 0, and then the others are to be given back; SQLite, which has one writer,
 * never tells so. Of parallel callers no more than `most` are granted, on whichever node. Rows are taken in the order of
 * their keys, so no two statements wait for each other. One statement, and another one where something is full.
 *
 * @example await take(db, [{ key, most: 10, lasts: 600_000, gap: 0, n: 1, until: now + 600_000, unit: unitOf(now) }], now)
 */
export async function take(db: Database, rows: readonly CountedRow[], now: number): Promise<TakenRow[]> {
  const wanted = { rows: rows.toSorted((a, b) => (a.key < b.key ? -1 : 1)), now }
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const taken = await againAfterDeadlock(() => takeRows(db, wanted))
    const told = taken.length > 0 ? taken : await fullRows(db, wanted)
    if (told.length > 0)
      return told.map(row => ({
        ...row,
        granted: Number(row.granted),
        until: Number(row.until),
        used: Number(row.used),
      }))
  }
  throw new Error('what is counted changes too fast to be told')
}

/** What is to be counted, as a table. */
const wantedOf = (rows: readonly CountedRow[]) => {
  const values = rows.map(
    ({ key, most, lasts, gap, n, until, unit }) =>
      sql`(cast(${key} as text), cast(${most} as bigint), cast(${lasts} as bigint), cast(${gap} as bigint),
        cast(${until} as bigint), cast(${n} as bigint), cast(${unit} as text))`,
  )
  return sql`wanted (key, most, lasts, gap, until, used, moments) as (values ${sql.join(values)})`
}

/** The rows that have no room. */
const fullAmong = (now: number) =>
  sql`from counters join wanted on wanted.key = counters.key where not (${fits('wanted', now)})`

interface TakeValues {
  rows: readonly CountedRow[]
  now: number
}

const takeRows = built((db, { rows, now }: TakeValues) => {
  const granted = fits('excluded', now)
  const isNew = sql`counters.until <= ${now}`
  const statement = sql<TakenRow>`
    with ${wantedOf(rows)}
    insert into counters (key, most, lasts, gap, until, used, moments, granted)
    select key, most, lasts, gap, until, used, moments, 1 from wanted
    where not exists (select 1 ${fullAmong(now)})
    on conflict (key) do update set
      most = excluded.most,
      lasts = excluded.lasts,
      gap = excluded.gap,
      granted = case when ${granted} then 1 else 0 end,
      used = case when not (${granted}) then counters.used when ${isNew} then excluded.used
        else counters.used + excluded.used end,
      moments = case when excluded.moments = '' then '' when ${granted} then ${KEPT} || ${NEXT}
        else counters.moments end,
      until = case when excluded.moments = '' and not (${isNew}) or not (${granted}) then counters.until
        else excluded.until end
    returning key, granted, until, used, moments`
  return { compile: () => statement.compile(db) }
})

const fullRows = built((db, { rows, now }: TakeValues) => {
  const statement = sql<TakenRow>`
    with ${wantedOf(rows)}
    select counters.key, 0 as granted, counters.until, counters.used, counters.moments ${fullAmong(now)}`
  return { compile: () => statement.compile(db) }
})

/** What was counted and is to be counted no more. */
export type GivenBack = Pick<TakenRow, 'key' | 'until'> & { unit: string; n: number }

/**
 * Counts as many less for each row, unless its window has begun anew. It is written as an insertion so that the rows are
 * locked in the order of their keys, as `take` locks them; an update locks them as they lie, and then the two wait for each
 * other. What is given back stands in columns that mean nothing in a row that was forgotten meanwhile, and counts nothing
 * there: how many in `most`, a moment in `lasts`.
 *
 * @example await giveBack(db, [{ key, until, n: 1, unit: ',1796004000000' }])
 */
export async function giveBack(db: Database, rows: readonly GivenBack[]): Promise<void> {
  if (rows.length === 0) return
  const inOrder = rows.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const values = inOrder.map(
    ({ key, until, unit, n }) => sql`(${key}, ${n}, ${Number(unit.slice(1))}, 0, ${until}, 0, '', 1)`,
  )
  const isMoment = sql`excluded.lasts > 0`
  const statement = sql`
    insert into counters (key, most, lasts, gap, until, used, moments, granted)
    values ${sql.join(values)}
    on conflict (key) do update set
      used = case when ${isMoment} or counters.until <> excluded.until then counters.used
        when counters.used > excluded.most then counters.used - excluded.most else 0 end,
      moments = case when ${isMoment}
        then replace(counters.moments, ',' || cast(excluded.lasts as text), '') else counters.moments end`
  await againAfterDeadlock(() => statement.execute(db))
}

/**
 * What is counted under some keys now.
 *
 * @example const [row] = await read(db, [key])
 */
export const read = (db: Database, keys: readonly string[]) =>
  db.selectFrom('counters').selectAll().where('key', 'in', keys).execute()

/**
 * Forgets what is counted under some keys.
 *
 * @example await forget(db, [key])
 */
export const forget = (db: Database, keys: readonly string[]) =>
  db.deleteFrom('counters').where('key', 'in', keys).execute()

/**
 * Forgets what counts no more.
 *
 * @example await purge(db, world.now() - HOUR)
 */
export const purge = (db: Database, before: number) =>
  db.deleteFrom('counters').where('until', '<', before).execute()

/**
 * Writes what is counted under a key already, in the place of what stands there.
 *
 * @example await begin(db, { key, used: 1_250_000, until: endOfMonth })
 */
export const begin = (db: Database, { key, used, until }: { key: string; used: number; until: number }) =>
  db
    .insertInto('counters')
    .values({ key, used, until, most: used, lasts: 0, gap: 0, moments: '', granted: 1 })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ used, until }))
    .execute()
