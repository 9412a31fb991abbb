import type { PeopleRow } from '../ledger/people.ts'
import { type Figures, isNarrow, POLICY, partsOf, type Subject, subjectOf } from './findings.ts'
import { DAY, HISTORY, HOUR } from './policy.ts'
import type { FraudRoom } from './room.ts'
import type { HourRow } from './store.ts'

/** A subject with fewer people in an hour has no history of its own by that hour. */
const LEAST = 3

/** An hour is kept so long after it is over: by then its codes have been used that ever are. */
const LATE = 15 * 60_000

/** So many hours are read at a look, where some are missing: at a first start, all that the ledger has. */
const HOURS_AT_ONCE = 24

/** The subjects of whole channels. */
export const CHANNELS: readonly Subject[] = (['sms', 'email'] as const).map(channel =>
  subjectOf({ channel, kind: 'all', value: '' }),
)

/**
 * What a channel comes to without those of its messages that were found out. The same message may have been found by several
 * of its kinds, so the kind by which most were found is taken away.
 */
function honest(all: Figures, found: readonly PeopleRow[]): Figures {
  const sums = [...Map.groupBy(found, ({ subject }) => partsOf(subject).kind).values()].map(rows => ({
    people: rows.reduce((sum, row) => sum + row.people, 0),
    used: rows.reduce((sum, row) => sum + row.used, 0),
  }))
  const { people, used } = sums.toSorted((a, b) => b.people - a.people)[0] ?? { people: 0, used: 0 }
  const left = Math.max(0, all.people - people)
  return { people: left, used: Math.min(left, Math.max(0, all.used - used)) }
}

/**
 * The rows that are kept of an hour: of each channel always one, and of what was found one that is no history.
 *
 * @example hourRows(hour, await ledger.people({ begin: hour, end: hour + HOUR, least: 3 }), new Set(['sms/country/ZZ']))
 */
export function hourRows(hour: number, rows: readonly PeopleRow[], found: ReadonlySet<Subject>): HourRow[] {
  const channels = CHANNELS.map(subject => {
    const { channel } = partsOf(subject)
    const all = rows.find(row => row.subject === subject) ?? { people: 0, used: 0 }
    const theirs = rows.filter(row => found.has(row.subject) && partsOf(row.subject).channel === channel)
    return { subject, hour, ...honest(all, theirs), found: 0 }
  })
  const others = rows
    .filter(({ subject }) => !CHANNELS.includes(subject))
    .map(row => ({ ...row, hour, found: Number(found.has(row.subject)) }))
  return [...channels, ...others]
}

/**
 * Keeps the hours that are over and not kept yet, the oldest first.
 *
 * @example await keepHours(room)
 */
export async function keepHours({ store, ledger, world }: Pick<FraudRoom, 'store' | 'ledger' | 'world'>) {
  const now = world.now()
  const hourOf = (moment: number) => Math.floor(moment / HOUR) * HOUR
  const end = hourOf(now - LATE)
  const last = await store.last(CHANNELS[0]!)
  const next = last === undefined ? hourOf((await ledger.oldest()) ?? now) : last + HOUR
  let hour = Math.max(next, hourOf(now - HISTORY))
  for (let count = 0; hour < end && count < HOURS_AT_ONCE; count += 1, hour += HOUR) {
    const until = hour + HOUR
    // What shows within an hour is found in the one after.
    const found = await store.foundWithin(hour, until + HOUR)
    const greedy = await ledger.greedy({ begin: until - DAY, end: until, most: POLICY.ownPeople })
    const explained = found.filter(isNarrow)
    const rows = await ledger.people({ begin: hour, end: until, least: LEAST, explained, greedy })
    await store.addHours(hourRows(hour, rows, new Set(found)))
  }
}
