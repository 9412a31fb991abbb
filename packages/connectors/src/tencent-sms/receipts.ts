import type { Receipt, ReceiptAnswer, ReceiptReading, Receipts } from '@countersign/kit'
import { fromBeijing } from '../beijing.ts'
import { entriesOf, given, refusedPush, saidIn, textIn } from '../receipts/pushed.ts'
import { carrierCodes } from './carrier-codes.ts'
import { stateOf } from './report-status.ts'
import { pullStatus } from './send-status.ts'
import type { settings } from './settings.ts'

const TAKEN: ReceiptAnswer = { status: 200, body: { result: 0, errmsg: 'OK' } }

/** What Tencent Cloud SMS tells of messages afterwards: by its callback, or when asked. */
export const receipts: Receipts<typeof settings> = {
  codes: carrierCodes,
  read: async ({ body }) => readCallback(body),
  pull: pullStatus,
}

/**
 * Reads the callback of delivery statuses, of mainland messages as of those abroad. Replies of recipients have an address
 * of their own; where they come to this one, they are acknowledged and passed over. Nothing signs a callback.
 * Source: Tencent Cloud SMS documents, SMS delivery status notification; document 382/5807.
 */
function readCallback(body: string): ReceiptReading {
  const entries = entriesOf(body)
  if (!entries) return refusedPush('The body is not the JSON list that Tencent Cloud pushes.')
  return { receipts: entries.flatMap(entry => statusOf(entry) ?? []), answer: TAKEN }
}

function statusOf(entry: Readonly<Record<string, unknown>>): Receipt | undefined {
  const [serialNo, attemptId] = [textIn(entry, 'sid'), textIn(entry, 'ext')]
  const said = textIn(entry, 'report_status')
  if ((serialNo ?? attemptId) === undefined || said === undefined) return undefined
  const [country, mobile] = [textIn(entry, 'nationcode'), textIn(entry, 'mobile')]
  return {
    ids: serialNo === undefined ? {} : { SerialNo: serialNo },
    state: stateOf(said),
    ...given({
      attemptId,
      to: mobile !== undefined && country !== undefined ? `+${country}${mobile}` : mobile,
      code: textIn(entry, 'errmsg'),
      // Finer reasons of messages abroad, which callbacks have begun to carry.
      detail: saidIn(entry, 'description', 'sub_error', 'sub_error_desc'),
      at: fromBeijing(textIn(entry, 'user_receive_time')),
    }),
  }
}
