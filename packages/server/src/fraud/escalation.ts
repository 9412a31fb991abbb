import type { Full, Taken } from '../counters/counters.ts'
import type { FraudNote } from '../ledger/ledger.ts'
import type { AlsoCounted } from '../limits/limits.ts'
import { ApiError } from '../refusals/refusal.ts'
import { DAY, HOUR } from './policy.ts'
import type { FraudRoom } from './room.ts'
import type { FindingRow } from './store.ts'

/** Codes of a finding that may be out unused in a day, of those who passed the check; another one for each hour of it. */
const FIRST = 8

/** Refuses a message although a check was passed: of those who passed it too few use their codes. */
export class HeldBack extends ApiError {
  constructor() {
    super('request.message_refused')
  }
}

/** The place of one message among those for which a check was passed. */
export interface Escalation extends AlsoCounted {
  /** Gives the place back, where the message did not leave. */
  giveBack(): Promise<void>
}

/** How many messages may be out unused by a moment, in which day of a finding, and since when that day is. */
function roomAt({ began_at }: Pick<FindingRow, 'began_at'>, now: number) {
  const day = Math.max(0, Math.floor((now - began_at) / DAY))
  const since = began_at + day * DAY
  return { day, since, unused: FIRST + Math.floor(Math.max(0, now - since) / HOUR) }
}

/**
 * Counts the messages of a finding for which a check was passed. A few may be out whose codes are not used, one more each
 * hour, and one more for each that is used: so people who use their codes soon have all the room that they need, and a
 * program that passes checks gets a few dozen messages a day. The ledger is asked only when there is no room.
 *
 * @example const place = escalationOf(room, finding, `captcha/${finding.id}`)
 */
export function escalationOf(
  { ledger, world }: Pick<FraudRoom, 'ledger' | 'world'>,
  finding: Pick<FindingRow, 'id' | 'began_at'>,
  note: FraudNote,
): Escalation {
  const { day, since, unused } = roomAt(finding, world.now())
  const key = `fraud/${finding.id}/${day}`
  let used = 0
  let taken: Taken | undefined
  // A used code gives its place back, and makes another.
  const most = () => unused + 2 * used
  return {
    allowances: now => [{ key, most: most(), lasts: Math.max(1, since + DAY - now), window: 'begun' }],
    taken: async by => {
      taken = by
    },
    async makeRoom(full: readonly Full[]) {
      if (!full.some(each => each.key === key)) return undefined
      const before = most()
      used = await ledger.usedNoted(note, since)
      return most() > before ? undefined : new HeldBack()
    },
    giveBack: async () => taken?.giveBack(each => each === key),
  }
}
