import { isFraud, isNarrow, isWell, type Judged, type Policy, partsOf, type Subject } from './findings.ts'
import { QUIET } from './policy.ts'

/** What is kept of a finding without an end, as far as its course goes. */
export interface Held {
  id: string
  subject: Subject
  in_window: string
  seen_at: number
  allowed_until: number | null
}

/** What a look changes. `see`: it shows still. */
export type Step =
  | { do: 'begin'; judged: Judged }
  | { do: 'see'; id: string; judged: Judged }
  | { do: 'end'; id: string; reason: 'well' | 'quiet' | 'allowance_over' }

/** More findings than that do not hold at once; those with the most people do. */
export const MOST_OPEN = 200

/** How often it is noted that a finding shows still. */
const SEE_EVERY = 10 * 60_000

function courseOf(held: Held, judged: readonly Judged[], now: number, policy: Policy): Step | undefined {
  const { id } = held
  if (held.allowed_until !== null)
    return held.allowed_until <= now ? { do: 'end', id, reason: 'allowance_over' } : undefined
  const shows = judged.find(each => isFraud(each, policy))
  if (shows) return now - held.seen_at >= SEE_EVERY ? { do: 'see', id, judged: shows } : undefined
  if (judged.some(each => each.window === held.in_window && isWell(each, policy)))
    return { do: 'end', id, reason: 'well' }
  return now - held.seen_at >= QUIET ? { do: 'end', id, reason: 'quiet' } : undefined
}

const isOfFew = ({ subject }: Judged) => isNarrow(subject)

const channelOf = ({ subject }: Judged) => partsOf(subject).channel

/**
 * What becomes of findings at a look: new ones begin, those that show go on, and others end when the codes of their
 * subject are used again, or when nothing was seen of them for some hours. Of what is allowed nothing is found.
 * Where something narrow begins, such as a network, nothing broad does of the same channel: at the next look its figures are
 * without what the narrow one explains.
 *
 * @param found those of `judged` that are findings, the gravest first
 * @example for (const step of course(await store.open(), judged, findings(recent, history, POLICY), now, POLICY)) …
 */
export function course(
  held: readonly Held[],
  judged: readonly Judged[],
  found: readonly Judged[],
  now: number,
  policy: Policy,
): Step[] {
  const bySubject = Map.groupBy(judged, ({ subject }) => subject)
  const steps = held.flatMap(each => courseOf(each, bySubject.get(each.subject) ?? [], now, policy) ?? [])
  const taken = new Set(held.map(({ subject }) => subject))
  let room = MOST_OPEN - held.filter(({ allowed_until }) => allowed_until === null).length
  const begin = found.filter(({ subject }) => !taken.has(subject))
  const isExplained = new Set(begin.filter(isOfFew).map(channelOf))
  for (const each of begin) {
    if (room <= 0) break
    if (taken.has(each.subject) || (!isOfFew(each) && isExplained.has(channelOf(each)))) continue
    taken.add(each.subject)
    steps.push({ do: 'begin', judged: each })
    room -= 1
  }
  return steps
}
