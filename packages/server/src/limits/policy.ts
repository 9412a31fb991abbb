import { SEND_SCOPES, SendLimits, type SendScope } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { changeDocument, readDocument } from '../settings/settings.ts'

const KEY = 'send-limits'

/** The lengths of windows, in milliseconds. */
export const WINDOWS = { minute: 60_000, hour: 60 * 60_000, day: 24 * 60 * 60_000 } as const

/** What holds over the clouds whose connectors are ours until an operator says otherwise. */
export const DEFAULT_LIMITS: SendLimits = SendLimits.parse({
  sms: { recipient: { day: 20 }, address: { hour: 60, day: 80 } },
  email: { recipient: { day: 40 }, address: { hour: 120, day: 300 } },
})

/** What holds over connectors of packages until an operator says otherwise: as in Logto, nothing more than ten in ten minutes. */
export const NO_LIMITS: SendLimits = SendLimits.parse({ sms: {}, email: {} })

/** As it is stored; without limits when nobody has set any. */
interface Chosen {
  limits: SendLimits | undefined
}

/**
 * What operators have set; undefined while nobody has.
 *
 * @example const limits = (await chosenLimits(db)) ?? DEFAULT_LIMITS
 */
export const chosenLimits = async (db: Database): Promise<SendLimits | undefined> =>
  (await readDocument<Chosen>(db, KEY)).limits

/**
 * Sets the limits, or goes back to those that hold when nobody has set any.
 *
 * @example await chooseLimits(db, undefined)
 */
export const chooseLimits = async (db: Database, limits: SendLimits | undefined): Promise<void> =>
  void (await changeDocument<Chosen>(db, KEY, () => ({ limits })))

/** One bound: no more than `most` within `lasts` milliseconds by what a scope counts. */
export interface Bound {
  scope: SendScope
  window: 'pause' | keyof typeof WINDOWS
  most: number
  lasts: number
}

/**
 * At one recipient so many times the limit of messages do not count because they were used. Nobody signs in more often;
 * but whoever earns by messages to numbers of their own uses every code.
 */
const MOST_FREED = 4

/**
 * How many messages do not count under a bound, of which so many were used.
 *
 * @example freedBy({ scope: 'recipient', most: 20 }, 1_000) // 80
 */
export const freedBy = ({ scope, most }: Pick<Bound, 'scope' | 'most'>, used: number): number =>
  scope === 'recipient' ? Math.min(used, MOST_FREED * most) : used

/**
 * The bounds that are set for a channel.
 *
 * @example boundsOf(DEFAULT_LIMITS, 'sms') // [{ scope: 'recipient', window: 'hour', most: 10, lasts: 3_600_000 }, …]
 */
export function boundsOf(limits: SendLimits, channel: 'sms' | 'email'): Bound[] {
  const scopes: Partial<SendLimits['sms']> = limits[channel]
  return SEND_SCOPES.flatMap(scope => {
    const { pause, minute, hour, day } = scopes[scope] ?? { pause: null, minute: null, hour: null, day: null }
    const most = { minute, hour, day }
    const windows = (['minute', 'hour', 'day'] as const).flatMap((window): Bound[] => {
      const bound = most[window]
      return bound === null ? [] : [{ scope, window, most: bound, lasts: WINDOWS[window] }]
    })
    return pause === null ? windows : [{ scope, window: 'pause', most: 1, lasts: pause * 1000 }, ...windows]
  })
}
