import type { Database } from '../db/database.ts'
import { countCreated } from '../users/joins.ts'
import type { World } from '../world.ts'
import { activityStore } from './store.ts'

/** A figure, and how far it is from the one of the time before. */
export interface Trend {
  count: number
  delta: number
}

/** Two years of days are kept: enough to compare with the year before. */
const KEEP_DAYS = 730

/** So many users are remembered as written down for today. */
const MOST_REMEMBERED = 10_000

const two = (figure: number) => String(figure).padStart(2, '0')

/** The day of a moment, as clocks at the server show it. */
export function dayOf(moment: number): string {
  const date = new Date(moment)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** The midnight with which the day so many days after a moment's begins. Not every day has 24 hours. */
function midnight(moment: number, days = 0): number {
  const date = new Date(moment)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime()
}

const trend = (count: number, before: number): Trend => ({ count, delta: count - before })

/** The figures of the dashboard: users who came, and users who got tokens. */
export function createActivity(db: Database, world: World) {
  const store = activityStore(db)
  let today = ''
  let remembered = new Set<string>()

  /** The day so many days after one that is given as a text. */
  function shift(day: string, days: number): string {
    const [year, month, date] = day.split('-').map(Number) as [number, number, number]
    return dayOf(new Date(year, month - 1, date + days).getTime())
  }

  /** Users active in the days that end with this one, beside as many days before. */
  async function activeTrend(last: string, days: number): Promise<Trend> {
    const now = await store.activeBetween(shift(last, 1 - days), last)
    return trend(now, await store.activeBetween(shift(last, 1 - 2 * days), shift(last, -days)))
  }

  return {
    /** A user got tokens. That it could not be counted is told to the log alone. */
    async seen(userId: string): Promise<void> {
      const day = dayOf(world.now())
      if (day !== today || remembered.size >= MOST_REMEMBERED) {
        today = day
        remembered = new Set()
      }
      if (remembered.has(userId)) return
      try {
        await store.mark(day, userId)
        remembered.add(userId)
      } catch (error) {
        world.log('error', 'activity not counted', { error: String((error as Error).stack) })
      }
    },
    total: () => countCreated(db, 0, Number.MAX_SAFE_INTEGER),
    async newUsers(): Promise<{ today: Trend; last7Days: Trend }> {
      const at = (days: number) => midnight(world.now(), days)
      const created = (from: number, to: number) => countCreated(db, at(from), at(to))
      return {
        today: trend(await created(0, 1), await created(-1, 0)),
        last7Days: trend(await created(-6, 1), await created(-13, -6)),
      }
    },
    /** Figures of the days that end with this one (`YYYY-MM-DD`); today when none is given. */
    async activeUsers(day = dayOf(world.now())) {
      const first = shift(day, -29)
      const counts = await store.activeByDay(first, day)
      const dauCurve = Array.from({ length: 30 }, (_, index) => {
        const date = shift(first, index)
        return { date, count: counts.get(date) ?? 0 }
      })
      return {
        dauCurve,
        dau: await activeTrend(day, 1),
        wau: await activeTrend(day, 7),
        mau: await activeTrend(day, 30),
      }
    },
    purge: () => store.purge(shift(dayOf(world.now()), -KEEP_DAYS)),
  }
}

export type Activity = ReturnType<typeof createActivity>
