import type { Spending } from '../budgets/budgets.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import { reserveSend } from '../limits/guards.ts'
import type { Reservation, SendOptions } from '../limits/limits.ts'
import type { AskedBy, ChallengeRoom } from './challenges.ts'

/**
 * Takes a place and reserves the money, in one statement.
 *
 * @example const place = await reserve(room, request, { pause, also: spending?.counted }, spending)
 *
 * @throws ApiError `request.message_rate_limited`
 */
export async function reserve(
  room: Pick<ChallengeRoom, 'limits'>,
  { recipient, askedBy }: { recipient: Recipient; askedBy: AskedBy },
  options: SendOptions,
  spending: Spending | undefined,
): Promise<Reservation> {
  const place = await reserveSend(room.limits, recipient, options, askedBy.listener)
  return {
    ...place,
    release: async how => void (await Promise.all([place.release(how), spending?.settle([])])),
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
