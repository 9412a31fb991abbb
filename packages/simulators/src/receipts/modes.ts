import type { Receipt } from './receipt.ts'

/** Ways in which receipts come, other than one after the other, once and in order. */
export const MODES = [
  'normal',
  /** Before the answer to the message itself. */
  'early',
  /** The newest first. */
  'reordered',
  /** Each twice in one push. */
  'repeated',
  /** About a message that nobody has sent. */
  'unknown',
  /** First what became of it, then the contrary. */
  'contrary',
  /** Aliyun SMS: under the names of GlobeSmsReport, of the international site, or with booleans as texts. */
  'globe',
  'abroad',
  'texts',
  /** What is no receipt: XML, or nothing at all. */
  'xml',
  'empty',
  /** EventBridge: the event in a list. */
  'list',
  /** EventBridge: what a receiver must refuse. */
  'bad-signature',
  'stale',
  'foreign-certificate',
  'no-token',
  /** EventBridge: a line feed behind what is signed, and the older signature. */
  'line-feed',
  'version-1',
] as const

export type Mode = (typeof MODES)[number]

/** What is told in a mode in place of what happened. */
export function toldIn(mode: Mode, receipts: Receipt[]): Receipt[] {
  if (mode === 'reordered') return receipts.toReversed()
  if (mode === 'repeated') return receipts.flatMap(receipt => [receipt, receipt])
  if (mode === 'unknown')
    return receipts.map(({ mail, ...receipt }) => ({
      ...receipt,
      messageId: `9${receipt.messageId}`,
      reference: 'nobody-s',
      ...(mail && { mail: { ...mail, headers: {} } }),
    }))
  return receipts
}

/** The contrary of what became of a message. */
export function contraryOf({ outcome, ...receipt }: Receipt, delivered: Receipt['outcome']): Receipt {
  const other = outcome?.delivered ? { delivered: false, code: 'UNKNOWN', message: 'UNKNOWN' } : delivered
  return { ...receipt, outcome: other }
}
