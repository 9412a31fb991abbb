import { FAILURES, type Failure } from '@countersign/kit'

/** What became of an earlier attempt to reach the same recipient for the same purpose. */
export interface Earlier {
  /** Null for one of a configuration that was not saved. */
  connectionId: string | null
  state: string
  failure: string | null
  /** What its provider told of it afterwards: `delivered`, `undelivered`; null or `none` where it told nothing. */
  receipt: string | null
  /** Milliseconds since it left. */
  age: number
  /** Whether the provider has since told of another message over the same connection that it was delivered. */
  othersArrive: boolean
}

/** Most receipts come within ten seconds. */
const RECEIPT_WITHIN = 15_000

/** What is wrong with the recipient is no reason to go over another connection: it would be the same there. */
const isOfRecipient = (failure: string | null) =>
  failure !== null && FAILURES[failure as Failure]?.then === 'stop'

/** Whether a message over the same connection is likely not to arrive either. */
function disappoints({ state, failure, receipt, age, othersArrive }: Earlier): boolean {
  if (receipt === 'delivered' || isOfRecipient(failure)) return false
  if (receipt === 'undelivered' || state === 'failed' || state === 'unconfirmed') return true
  return othersArrive && age >= RECEIPT_WITHIN
}

/**
 * Puts those candidates last over which the recipient was not reached lately, for a visitor who asks again: the last
 * attempt over them failed, or nobody knows whether it left, or its receipt says that it was not delivered, or its receipt
 * stays away while those of others come. Beyond that their order stays. It is a pure function of what it is given.
 *
 * @example reconsidered([aliyun, tencent], [{ connectionId: aliyun.id, state: 'unconfirmed', … }]) // tencent, aliyun
 *
 * @param earlier newest first
 */
export function reconsidered<W extends { id: string }>(
  candidates: readonly W[],
  earlier: readonly Earlier[],
): W[] {
  const hasDisappointed = ({ id }: W) => {
    const last = earlier.find(({ connectionId }) => connectionId === id)
    return last !== undefined && disappoints(last)
  }
  return [...candidates.filter(way => !hasDisappointed(way)), ...candidates.filter(hasDisappointed)]
}
