import type { Database } from '../db/database.ts'
import * as store from './store.ts'

/** What may be done so often within so long. */
export interface Allowance {
  /** Whose: a keyed hash where it would name somebody. Everything under one key is counted together. */
  key: string
  most: number
  /** How many are counted at once, such as an amount of money; 1 where it is left out. Not for `rolling`. */
  n?: number
  /** Milliseconds. */
  lasts: number
  /**
   * How the window is measured. `rolling`: in any stretch of that length there are never more than `most`, of which it
   * keeps every moment, so `most` is 100 at most. `begun`: it begins with the first that is counted. `clock`: it is the
   * minute, the hour or the day of the clock in Beijing, as the clouds count.
   */
  window: 'rolling' | 'begun' | 'clock'
  /** Milliseconds that must lie between two; for `rolling` alone. */
  gap?: number
}

/** An allowance that has no room, and why: `most` within its window, or the `gap` after the last one. */
export interface Full {
  key: string
  why: 'most' | 'gap'
  /** When there is room again, in milliseconds since the Unix epoch. */
  until: number
}

/** One that was counted under all of its keys. */
export interface Taken {
  /** How many are counted under a key by now, with this one; 0 for a key of moments, and for one that is not among them. */
  used(key: string): number
  /** Counts it no more under all keys, or some; what is given back already stays so. */
  giveBack(isGiven?: (key: string) => boolean): Promise<void>
}

/** More moments than that are not kept in one row. */
const MOST_MOMENTS = 100

/** Beijing is eight hours ahead, and has no summer time. */
const BEIJING = 8 * 60 * 60_000

function endOfWindow({ window, lasts }: Allowance, now: number): number {
  return window === 'clock' ? now + lasts - ((now + BEIJING) % lasts) : now + lasts
}

function rowOf(allowance: Allowance, now: number): store.CountedRow {
  const { key, most, lasts, window, gap = 0, n = 1 } = allowance
  if (window === 'rolling' && n !== 1) throw new Error('moments are counted one by one')
  if (window === 'rolling' && most > MOST_MOMENTS) throw new Error(`${most} moments are too many for a row`)
  const unit = window === 'rolling' ? store.unitOf(now) : ''
  return { key, most, lasts, gap, n, until: endOfWindow(allowance, now), unit }
}

/** The moments of a row, oldest first. */
const momentsOf = (moments: string): number[] => moments.split(',').slice(1).map(Number)

/** Why an allowance has no room, and until when. */
function fullness({ key, most, lasts, gap = 0 }: Allowance, row: store.TakenRow, now: number): Full {
  const moments = momentsOf(row.moments)
  const last = moments.at(-1)
  if (last === undefined) return { key, why: 'most', until: row.until }
  const oldest = moments.at(-most)
  const leaves = oldest === undefined ? 0 : oldest + lasts
  return leaves > now ? { key, why: 'most', until: leaves } : { key, why: 'gap', until: last + gap }
}

/**
 * Counts one under all allowances at once, if each of them has room; else under none, and says which have none. One
 * statement, and a second one where one has none. Of parallel callers, on whichever node, never more than `most` are
 * counted. Where one of them is full already, nothing is counted even for a moment; on PostgreSQL those that run in the
 * very moment in which it fills up are counted and given back, so for that moment there may be as many fewer as there are
 * of them.
 *
 * @example
 * const taken = await take(db, [{ key: mac(keys.lookup, 'phone', phone), most: 10, lasts: 600_000, window: 'rolling' }], now)
 * if ('full' in taken) throw limited(taken.full)
 */
export async function take(
  db: Database,
  allowances: readonly Allowance[],
  now: number,
): Promise<Taken | { full: [Full, ...Full[]] }> {
  const [never] = allowances.filter(({ most, n = 1 }) => most < n)
  if (never) return { full: [{ key: never.key, why: 'most', until: endOfWindow(never, now) }] }
  if (allowances.length === 0) return { used: () => 0, giveBack: async () => undefined }
  const rows = await store.take(
    db,
    allowances.map(each => rowOf(each, now)),
    now,
  )
  const byKey = new Map(allowances.map(each => [each.key, each]))
  const counted = rows
    .filter(row => row.granted === 1)
    .map(({ key, until, moments }) => ({
      key,
      until,
      n: byKey.get(key)?.n ?? 1,
      unit: moments.slice(-store.UNIT),
    }))
  const [full, ...others] = rows
    .filter(row => row.granted === 0)
    .map(row => fullness(byKey.get(row.key)!, row, now))
  if (full) {
    await store.giveBack(db, counted)
    return { full: [full, ...others] }
  }
  let left = counted
  const used = new Map(rows.map(row => [row.key, row.used]))
  return {
    used: key => used.get(key) ?? 0,
    async giveBack(isGiven = () => true) {
      const given = left.filter(({ key }) => isGiven(key))
      left = left.filter(each => !given.includes(each))
      await store.giveBack(db, given)
    },
  }
}

/**
 * When something was last counted under a rolling allowance's key, in milliseconds since the Unix epoch; 0 where nothing
 * is remembered.
 *
 * @example const wait = (await lastOf(db, key)) + 60_000 - now
 */
export async function lastOf(db: Database, key: string): Promise<number> {
  const [row] = await store.read(db, [key])
  return momentsOf(row?.moments ?? '').at(-1) ?? 0
}

/**
 * How many are counted under some keys within their windows, and until when; keys under which nothing is are left out.
 * For all but `rolling`.
 *
 * @example (await usedOf(db, [key], now)).get(key)?.used
 */
export async function usedOf(
  db: Database,
  keys: readonly string[],
  now: number,
): Promise<Map<string, { used: number; until: number }>> {
  const rows = keys.length > 0 ? await store.read(db, keys) : []
  const counted = rows.map(row => ({ key: row.key, used: Number(row.used), until: Number(row.until) }))
  return new Map(counted.filter(({ until }) => until > now).map(({ key, ...row }) => [key, row]))
}

/**
 * Counts some less, each under its key, unless its window has begun anew.
 *
 * @example await countLess(db, [{ key, until, n: 45_000 }])
 */
export const countLess = (db: Database, rows: readonly { key: string; until: number; n: number }[]) =>
  store.giveBack(
    db,
    rows.map(row => ({ ...row, unit: '' })),
  )

/**
 * Counts under a key what was there before anybody counted, in the place of what is counted.
 *
 * @example await beginWith(db, { key, used: 1_250_000, until: endOfMonth })
 */
export const beginWith = async (
  db: Database,
  row: { key: string; used: number; until: number },
): Promise<void> => void (await store.begin(db, row))

/**
 * Forgets what is counted under some keys.
 *
 * @example await forget(db, [key])
 */
export const forget = async (db: Database, keys: readonly string[]): Promise<void> =>
  void (keys.length > 0 && (await store.forget(db, keys)))

/**
 * Forgets what has counted no more since a moment.
 *
 * @example await purge(db, world.now() - HOUR)
 */
export const purge = async (db: Database, before: number): Promise<void> =>
  void (await store.purge(db, before))
