import type { Outcome } from './receipt.ts'

/** A number that is accepted and then not reached: the receipt says why, or never comes. */
export interface MagicReceipt {
  /** E.164. */
  e164: string
  /** Undefined: no receipt. */
  code: string | undefined
}

/** Of the numbers that the clouds for text messages share, each for one kind of failure: `magic('0041', 'EXPIRED')`. */
export const magic = (suffix: string, code: string | undefined): MagicReceipt => ({
  e164: `+861390001${suffix}`,
  code,
})

/**
 * What becomes of a message to a number, at a cloud that has these receipts; undefined where none ever comes.
 *
 * @param words what stands before the code of a failure
 * @example outcomeAmong(MAGIC_RECEIPTS, '+8613900010041', { delivered: DELIVERED, words: '发送失败' })?.code // 'EXPIRED'
 */
export function outcomeAmong(
  receipts: readonly MagicReceipt[],
  e164: string,
  { delivered, words }: { delivered: Outcome; words: string },
): Outcome | undefined {
  const entry = receipts.find(candidate => candidate.e164 === e164)
  if (!entry) return delivered
  return entry.code === undefined
    ? undefined
    : { delivered: false, code: entry.code, message: `${words}：${entry.code}` }
}
