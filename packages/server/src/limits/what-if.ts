import { type LimitsPreview, SEND_SCOPES, type SendLimits, type SendScope } from '@countersign/api'
import { type Bound, boundsOf, freedBy } from './policy.ts'

/** A message that left, as far as limits count it. */
export interface PastMessage {
  channel: 'sms' | 'email'
  at: number
  /** When its code was used; null where nobody did. */
  usedAt: number | null
  /** What it is counted by; null where it is not known, and so counted by nothing. */
  by: Record<Exclude<SendScope, 'all'>, string | null>
}

/** What is counted under one key: how many since when, and which of them were or will be used. */
interface Count {
  began: number
  counted: number
  /** Those that were used at the moment that was looked at last, and when the others will be. */
  used: number
  willBeUsed: number[]
}

/** Messages that were used do not count by these, but for a pause. */
const UNUSED: readonly SendScope[] = ['recipient', 'address', 'prefix']

/** A bound with what was counted under it, and what it would have refused. */
interface Tried {
  channel: 'sms' | 'email'
  bound: Bound
  counts: Map<string, Count>
  refused: number
  used: number
}

const subjectOf = (scope: SendScope, { by }: PastMessage) => (scope === 'all' ? '' : by[scope])

/** The window that is open at a moment; undefined where the next message begins one. */
function openAt({ bound, counts }: Tried, subject: string, at: number): Count | undefined {
  const count = counts.get(subject)
  return count && at < count.began + bound.lasts ? count : undefined
}

function isFull({ bound }: Tried, count: Count, at: number): boolean {
  if (count.counted < bound.most) return false
  if (bound.window === 'pause' || !UNUSED.includes(bound.scope)) return true
  const later = count.willBeUsed.filter(moment => moment > at)
  count.used += count.willBeUsed.length - later.length
  count.willBeUsed = later
  return count.counted - freedBy(bound, count.used) >= bound.most
}

function add(tried: Tried, subject: string, { at, usedAt }: PastMessage): void {
  const count = openAt(tried, subject, at) ?? { began: at, counted: 0, used: 0, willBeUsed: [] }
  tried.counts.set(subject, count)
  count.counted += 1
  if (usedAt !== null && UNUSED.includes(tried.bound.scope)) count.willBeUsed.push(usedAt)
}

/**
 * What limits would have made of messages: how many they would have refused, and how many of these were used, so that
 * somebody honest had asked for them. They are counted as they are when they are sent: a window begins with its first
 * message, what one limit refuses is counted by none, and used messages do not count where they do not. It is a pure
 * function of the messages, which are given in the order of their time, in as many parts as there are.
 *
 * @example
 * const replay = whatIf(limits)
 * replay.add(messages)
 * replay.outcome().refused
 */
export function whatIf(limits: SendLimits) {
  const all = (['sms', 'email'] as const).flatMap(channel =>
    boundsOf(limits, channel).map(
      (bound): Tried => ({ channel, bound, counts: new Map(), refused: 0, used: 0 }),
    ),
  )
  const sums = { messages: 0, refused: 0, used: 0 }
  function addOne(message: PastMessage): void {
    const fits = all.flatMap(tried => {
      const subject = tried.channel === message.channel ? subjectOf(tried.bound.scope, message) : null
      return subject === null ? [] : [{ tried, subject }]
    })
    const full = fits.filter(({ tried, subject }) => {
      const count = openAt(tried, subject, message.at)
      return count !== undefined && isFull(tried, count, message.at)
    })
    sums.messages += 1
    if (full.length === 0) for (const { tried, subject } of fits) add(tried, subject, message)
    else
      for (const each of [sums, ...full.map(({ tried }) => tried)]) {
        each.refused += 1
        if (message.usedAt !== null) each.used += 1
      }
  }
  return {
    add: (messages: readonly PastMessage[]): void => messages.forEach(addOne),
    outcome: (): Omit<LimitsPreview, 'from' | 'isCut'> => ({
      ...sums,
      bounds: all
        .map(({ channel, bound: { scope, window }, refused, used }) => ({
          channel,
          scope,
          window,
          refused,
          used,
        }))
        .sort((a, b) => SEND_SCOPES.indexOf(a.scope) - SEND_SCOPES.indexOf(b.scope)),
    }),
  }
}
