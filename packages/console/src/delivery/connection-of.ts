import type { AttemptEntry, MessageEntry } from '@countersign/api'

/** States of attempts, the one that came furthest first: a message stands as that attempt. */
const FURTHEST_FIRST: readonly AttemptEntry['state'][] = ['accepted', 'sending', 'unconfirmed', 'failed']

/** The connection that a message stands by, where its attempts say so. */
export function connectionOf({
  connector,
  attempts,
}: {
  connector: MessageEntry['connector']
  attempts: readonly Pick<AttemptEntry, 'connector' | 'connectionId' | 'state'>[]
}): string | null {
  const over = attempts.filter(one => one.connector === connector)
  const [furthest] = FURTHEST_FIRST.flatMap(state => over.findLast(one => one.state === state) ?? [])
  return (furthest ?? over.at(-1))?.connectionId ?? null
}
