import type { Database } from '../db/database.ts'
import * as store from './store.ts'

/** What may be done so often within so long. */
export interface Allowance {
  /** Whose: a keyed hash where it would name somebody. Everything under one key is counted together. */
  key: string
  most: number
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
  const { key, most, lasts, window, gap = 0 } = allowance
  if (window === 'rolling' && most > MOST_MOMENTS) throw new Error(`${most} moments are too many for a row`)
  const unit = window === 'rolling' ? store.unitOf(now) : ''
  return { key, most, lasts, gap, until: endOfWindow(allowance, now), unit }
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
 * statement, and a second one where something must be given back. Of parallel callers, on whichever node, never more
 * than `most` are counted.
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
  const [never] = allowances.filter(({ most }) => most < 1)
  if (never) return { full: [{ key: never.key, why: 'most', until: endOfWindow(never, now) }] }
  if (allowances.length === 0) return { giveBack: async () => undefined }
  const rows = await store.take(
    db,
    allowances.map(each => rowOf(each, now)),
    now,
  )
  const counted = rows
    .filter(row => row.granted === 1)
    .map(({ key, until, moments }) => ({ key, until, unit: moments.slice(-store.UNIT) }))
  const byKey = new Map(allowances.map(each => [each.key, each]))
  const [full, ...others] = rows
    .filter(row => row.granted === 0)
    .map(row => fullness(byKey.get(row.key)!, row, now))
  if (full) {
    await store.giveBack(db, counted)
    return { full: [full, ...others] }
  }
  let left = counted
  return {
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
