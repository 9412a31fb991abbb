import type { Spending } from '../budgets/budgets.ts'
import type { Escalation } from '../fraud/fraud.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import { reserveSend } from '../limits/guards.ts'
import type { AlsoCounted, Reservation, SendOptions } from '../limits/limits.ts'
import type { AskedBy, ChallengeRoom } from './challenges.ts'

/** What one message is counted under besides the limits; undefined where there is nothing. */
interface Besides {
  spending: Spending | undefined
  escalation: Escalation | undefined
}

/** All of them as one. */
function together(all: readonly AlsoCounted[]): AlsoCounted | undefined {
  if (all.length < 2) return all[0]
  return {
    allowances: now => all.flatMap(each => each.allowances(now)),
    async taken(by) {
      for (const each of all) await each.taken(by)
    },
    async makeRoom(full) {
      for (const each of all) {
        const refusal = await each.makeRoom(full)
        if (refusal) return refusal
      }
      return undefined
    },
  }
}

/**
 * Takes a place and reserves the money, in one statement.
 *
 * @example const place = await reserve(room, request, { pause }, { spending, escalation: undefined })
 *
 * @throws ApiError `request.message_rate_limited`, `request.message_refused`
 */
export async function reserve(
  room: Pick<ChallengeRoom, 'limits'>,
  { recipient, askedBy }: { recipient: Recipient; askedBy: AskedBy },
  options: SendOptions,
  { spending, escalation }: Besides,
): Promise<Reservation> {
  const also = together([...(spending ? [spending.counted] : []), ...(escalation ? [escalation] : [])])
  const place = await reserveSend(room.limits, recipient, { ...options, also }, askedBy.listener)
  return {
    ...place,
    release: async how =>
      void (await Promise.all([place.release(how), spending?.settle([]), escalation?.giveBack()])),
  }
}

/**
 * A way without the connections for which there is no money left.
 *
 * @example const { candidates } = affordable(route, spending)
 */
export function affordable<C extends { id: string }, W extends { candidates: C[]; due: C[] }>(
  way: W,
  spending: Spending | undefined,
): W {
  const barred = spending?.barred
  if (!barred || barred.size === 0) return way
  const isOpen = ({ id }: C) => !barred.has(id)
  return { ...way, candidates: way.candidates.filter(isOpen), due: way.due.filter(isOpen) }
}
