import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { beijingTime } from '../beijing.ts'
import { type MagicReceipt, magic, outcomeAmong } from '../receipts/magic.ts'
import { hasMember, type PushRules } from '../receipts/pushes.ts'
import type { Outcome } from '../receipts/receipt.ts'
import { DELIVERED_DESCRIPTION, PUSH_RETRIES_MS } from './unverified.ts'

/** Same number, same kind of failure on both SMS clouds. Source: Tencent Cloud SMS documents, receipt error codes. */
export const MAGIC_RECEIPTS: MagicReceipt[] = [
  magic('0000', undefined),
  magic('0001', 'UNDELIV'),
  magic('0002', 'ERR_NUM'),
  magic('0003', 'UNDELIVRD'),
  magic('0004', 'DELETED'),
  magic('0005', 'MK:0017'),
  magic('0006', 'SUBFAIL'),
  magic('0007', 'MK:0000'),
  magic('0008', 'MK:0001'),
  magic('0009', 'MK:0012'),
  magic('0010', 'MK00001'),
  magic('0011', 'MX:0003'),
  magic('0012', 'TE:0003'),
  magic('0021', 'TD:0001'),
  magic('0022', 'MX:0012'),
  magic('0023', 'TD:19'),
  magic('0024', 'BWLIST'),
  magic('0025', 'MB:1077'),
  magic('0026', 'DB:0141'),
  magic('0027', 'DB:0144'),
  magic('0028', 'DB:0164'),
  magic('0031', 'REJECTD'),
  magic('0041', 'EXPIRED'),
  magic('0042', 'NOROUTE'),
  magic('0043', 'COMFAIL'),
  magic('0044', 'WTNFAIL'),
  magic('0045', 'MN:0001'),
  magic('0046', 'MI:0013'),
  magic('0047', 'MK:0005'),
  magic('0052', 'UNKNOWN'),
  magic('0099', 'XX:9999'),
]

const DELIVERED: Outcome = { delivered: true, code: 'DELIVRD', message: DELIVERED_DESCRIPTION }

/** What becomes of a message to this number. */
export const outcomeFor = (e164: string): Outcome | undefined =>
  outcomeAmong(MAGIC_RECEIPTS, e164, { delivered: DELIVERED, words: '用户短信接收失败' })

/** Country code and subscriber number of an E.164 number. */
export function splitNumber(e164: string): { country: string; subscriber: string } {
  const parsed = parsePhoneNumberFromString(e164)
  return { country: parsed?.countryCallingCode ?? '', subscriber: parsed?.nationalNumber ?? e164 }
}

/**
 * The callback of delivery statuses: an array of up to 100, acknowledged by a JSON object with result 0, else retried
 * twice. Nothing signs it. Source: Tencent Cloud SMS documents, SMS delivery status notification.
 */
export const receiptPushes: PushRules = {
  batch: 100,
  retries: PUSH_RETRIES_MS,
  delivered: DELIVERED,
  body: (receipts, { sessionContext }) =>
    receipts.map(({ to, outcome, reportedAt, sentAt, messageId, reference }) => {
      const { country, subscriber } = splitNumber(to)
      return {
        user_receive_time: beijingTime(reportedAt ?? sentAt),
        nationcode: country,
        mobile: subscriber,
        report_status: outcome?.delivered ? 'SUCCESS' : 'FAIL',
        errmsg: outcome?.code ?? '',
        description: outcome?.message ?? '',
        sid: messageId,
        ...(sessionContext && { ext: reference ?? '' }),
      }
    }),
  acknowledges: (status, body) => status === 200 && hasMember(body, 'result', 0),
}
