import { FAILURES, type Failure } from '@countersign/kit'
import type { KeptConnection } from '../connections/room.ts'
import type { FirstMessages } from '../ledger/compared.ts'
import type { Evidence, Sample } from './decide.ts'
import { type MovesRoom, othersOf } from './room.ts'
import type { MoveRow } from './store.ts'

/** So long a code has time to be used before it counts as not used. */
const TIME_OF_A_CODE = 15 * 60_000

/** A step that lasts longer is judged by its last days. */
const LONGEST = 14 * 24 * 60 * 60_000

/** What is wrong with a recipient is wrong with every provider. */
const OF_THE_RECIPIENT = (Object.keys(FAILURES) as Failure[]).filter(
  failure => FAILURES[failure].then === 'stop',
)

/** The samples of several connections, by country. */
function together(messages: readonly FirstMessages[]): Sample[] {
  const byCountry = new Map<string | null, Sample>()
  for (const { country, sent, failed, counted, verified } of messages) {
    const sample = byCountry.get(country) ?? { country, sent: 0, failed: 0, counted: 0, verified: 0 }
    byCountry.set(country, {
      country,
      sent: sample.sent + sent,
      failed: sample.failed + failed,
      counted: sample.counted + counted,
      verified: sample.verified + verified,
    })
  }
  return [...byCountry.values()]
}

/**
 * Gathers what is known of the step that a move is at.
 *
 * @example decide(row.share, await evidenceOf(room, row, connection, all))
 */
export async function evidenceOf(
  { ledger, world, rests }: MovesRoom,
  row: MoveRow,
  connection: KeptConnection,
  all: readonly KeptConnection[],
): Promise<Evidence> {
  const now = world.now()
  const others = othersOf(connection, all).map(({ id }) => id)
  const messages = await ledger.firstMessages({
    connectionIds: [connection.id, ...others],
    // What the others carry for applications that it is not for says nothing of it.
    applicationIds: connection.applications,
    begin: Math.max(row.since, now - LONGEST),
    end: now,
    ripe: now - TIME_OF_A_CODE,
    apart: OF_THE_RECIPIENT,
  })
  const isTo = ({ connectionId }: FirstMessages) => connectionId === connection.id
  return {
    lasted: now - row.since,
    rests: await rests(connection),
    to: together(messages.filter(isTo)),
    from: together(messages.filter(each => !isTo(each))),
    expected: row.expected,
    falls: row.falls,
  }
}
