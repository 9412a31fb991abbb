import { beijingTime, MINUTE_MS } from '../beijing.ts'
import { hasMember, type PushRules } from '../receipts/pushes.ts'
import type { Outcome } from '../receipts/receipt.ts'
import { RECEIPTS_PER_PUSH, receiptNumber } from './unverified.ts'

/** A number that is accepted and then not reached: the receipt says why, or never comes. */
export interface MagicReceipt {
  /** E.164. */
  e164: string
  /** Undefined: no receipt. */
  code: string | undefined
}

const magic = (suffix: string, code: string | undefined): MagicReceipt => ({
  e164: `+861390001${suffix}`,
  code,
})

/** Same number, same kind of failure on both SMS clouds. Source: Alibaba Cloud help, SMS receipt error codes. */
export const MAGIC_RECEIPTS: MagicReceipt[] = [
  magic('0000', undefined),
  magic('0001', 'MOBILE_NOT_ON_SERVICE'),
  magic('0002', 'INVALID_NUMBER'),
  magic('0003', 'MOBILE_ACCOUNT_ABNORMAL'),
  magic('0004', 'MOBLLE_TERMINAL_ERROR'),
  magic('0005', 'MOBILE_TERMINAL_ERROR'),
  magic('0011', 'MOBILE_SEND_LIMIT'),
  magic('0012', 'VALVE:M_MC'),
  magic('0013', 'VALVE:H_MC'),
  magic('0014', 'VALVE:D_MC'),
  magic('0021', 'MOBILE_IN_BLACK'),
  magic('0022', 'USER_REJECT'),
  magic('0031', 'CONTENT_KEYWORD'),
  magic('0032', 'CONTENT_ERROR'),
  magic('0033', 'FILTER'),
  magic('0041', 'EXPIRED'),
  magic('0042', 'NO_ROUTE'),
  magic('0043', 'SP_NOT_BY_INTER_SMS'),
  magic('0044', 'IS_CLOSE'),
  magic('0045', 'PARAMS_ILLEGAL'),
  magic('0051', 'SP_UNKNOWN_ERROR'),
  magic('0052', 'UNKNOWN'),
  magic('0099', 'XX:9999'),
]

const DELIVERED: Outcome = { delivered: true, code: 'DELIVERED', message: '用户接收成功' }

/** What becomes of a message to this number. */
export function outcomeFor(e164: string): Outcome | undefined {
  const entry = MAGIC_RECEIPTS.find(candidate => candidate.e164 === e164)
  if (!entry) return DELIVERED
  return entry.code === undefined
    ? undefined
    : { delivered: false, code: entry.code, message: `发送失败：${entry.code}` }
}

/**
 * SmsReport by HTTP: an array of receipts, acknowledged by a JSON object with code 0, else retried after 1, 5 and 10
 * minutes. Nothing signs it. Source: Alibaba Cloud help, SMS receipt messages, HTTP batch push.
 */
export const receiptPushes: PushRules = {
  batch: RECEIPTS_PER_PUSH,
  retries: [MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS],
  body: receipts =>
    receipts.map(receipt => ({
      phone_number: receiptNumber(receipt.to),
      send_time: beijingTime(receipt.sentAt),
      report_time: beijingTime(receipt.reportedAt ?? receipt.sentAt),
      success: receipt.outcome?.delivered === true,
      err_code: receipt.outcome?.code,
      err_msg: receipt.outcome?.message,
      sms_size: String(receipt.segments ?? 1),
      biz_id: receipt.messageId,
      out_id: receipt.reference ?? '',
    })),
  acknowledges: (status, body) => status === 200 && hasMember(body, 'code', 0),
}
