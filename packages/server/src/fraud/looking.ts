import { take } from '../counters/counters.ts'
import { newId } from '../crypto/chance.ts'
import { inTransaction } from '../db/along.ts'
import { nowAndThen } from '../db/now-and-then.ts'
import { patiently } from '../db/patience.ts'
import { describeError } from '../http/errors.ts'
import { course, type Step } from './course.ts'
import { findings, type History, isNarrow, type Judged, judge, POLICY, type Recent } from './findings.ts'
import { CHANNELS, keepHours } from './hours.ts'
import { chosenSettings, DAY, HOUR, RIPE } from './policy.ts'
import type { FraudRoom } from './room.ts'
import { shownFinding } from './shown.ts'
import { type FindingRow, fraudStore } from './store.ts'

/** How often is looked, by whichever node. */
const LOOK_EVERY = 60_000

/** A little less, so that the node that looked last does not stand in its own way. */
const CLAIM = { key: 'fraud/look', most: 1, lasts: LOOK_EVERY - 5000, window: 'rolling' } as const

/** Subjects of a day that are looked at; those with the most people. */
const MOST_SUBJECTS = 500

/** What came of messages within the last hour and the last day whose codes have had their time. */
async function recentFigures({ store, ledger, world }: FraudRoom): Promise<Recent[]> {
  const end = world.now() - RIPE
  const held = await store.open()
  const hour = await ledger.people({
    begin: end - HOUR,
    end,
    least: POLICY.people,
    explained: held.map(({ subject }) => subject).filter(isNarrow),
    greedy: await ledger.greedy({ begin: end - DAY, end, most: POLICY.ownPeople }),
  })
  const slow = new Set(held.filter(each => each.in_window === 'day').map(({ subject }) => subject))
  const day = await store.since(world.now() - DAY, POLICY.people, MOST_SUBJECTS)
  return [
    ...hour
      .filter(({ subject }) => !CHANNELS.includes(subject))
      .map(each => ({ ...each, window: 'hour' as const })),
    // What a flood of an hour was found by is not held against its subject for a day; a slow one is, while it goes on.
    ...day.map(({ subject, all, unfound }) => ({
      subject,
      window: 'day' as const,
      ...(slow.has(subject) ? all : unfound),
    })),
  ]
}

/** What those subjects, and whole channels, came to before. */
async function historyOf({ store, world }: FraudRoom, recent: readonly Recent[]): Promise<History> {
  if (recent.length === 0) return () => undefined
  const subjects = new Set([...CHANNELS, ...recent.map(({ subject }) => subject)])
  const known = await store.known([...subjects], world.now() - DAY)
  return (subject, window) => known.get(subject)?.[window === 'hour' ? 'all' : 'earlier']
}

const figuresOf = ({ window, people, used, expected, basis, before }: Judged) => ({
  in_window: window,
  people,
  used,
  expected,
  basis,
  before_people: before.people,
  before_used: before.used,
})

const newRow = ({ world }: FraudRoom, judged: Judged, now: number): FindingRow => ({
  id: newId(world.random),
  subject: judged.subject,
  ...figuresOf(judged),
  began_at: now,
  seen_at: now,
  ended_at: null,
  end_reason: null,
  allowed_until: null,
  allowed_by: null,
})

/** Writes what a look changes, all of it at once, and tells of what began. */
async function carryOut(room: FraudRoom, steps: readonly Step[], now: number): Promise<void> {
  if (steps.length === 0) return
  const { audit, db, world } = room
  const { modes } = await chosenSettings(db)
  const told = (row: FindingRow) => shownFinding(row, modes)
  const along = steps.some(step => step.do === 'begin') ? await room.telling(told) : undefined
  const changed = await inTransaction(db, async tx => {
    const store = fraudStore(tx)
    const rows: FindingRow[] = []
    for (const step of steps) {
      if (step.do === 'begin') {
        const row = await store.insert(newRow(room, step.judged, now))
        if (row) await along?.write(tx, row)
        rows.push(...(row ? [row] : []))
      } else if (step.do === 'see') await store.change(step.id, { ...figuresOf(step.judged), seen_at: now })
      else {
        const row = await store.change(step.id, { ended_at: now, end_reason: step.reason })
        rows.push(...(row ? [row] : []))
      }
    }
    return rows
  })
  along?.written?.()
  const begun = changed.filter(({ ended_at }) => ended_at === null).length
  if (begun > 0)
    world.log('warn', `codes are sent and hardly used: ${begun} new findings under Protection in the console`)
  for (const row of changed) {
    const { id, channel, kind, subject, figures, expected, endReason } = told(row)
    if (endReason === null) {
      audit.record('Fraud.Found', { finding: id, channel, kind, subject, ...figures, expected })
    } else audit.record('Fraud.Ended', { finding: id, channel, kind, subject, reason: endReason })
  }
}

/**
 * Looks once: keeps the hours that are over, and begins and ends findings by what came of the messages since.
 *
 * @example await lookAt(room)
 */
export async function lookAt(room: FraudRoom): Promise<void> {
  await keepHours(room)
  const recent = await recentFigures(room)
  const history = await historyOf(room, recent)
  const judged = recent.map(each => judge(each, history, POLICY))
  const found = findings(recent, history, POLICY)
  const now = room.world.now()
  await carryOut(room, course(await room.store.open(), judged, found, now, POLICY), now)
}

/** Looks now and then while the process runs; of all nodes one at a time. */
export function createLooking(room: FraudRoom) {
  const { db, world } = room
  async function look(): Promise<void> {
    if ('full' in (await take(db, [CLAIM], world.now()))) return
    await lookAt(room)
  }
  const looks = nowAndThen(look, LOOK_EVERY, error =>
    world.log('error', 'fraud not looked for', { error: describeError(error) }),
  )
  return {
    /** Looks once, unless another node has just done so. */
    look: () => patiently(look),
    start: looks.start,
    stop: looks.stop,
  }
}
