import { beijingTime, HOUR_MS, MINUTE_MS } from '../beijing.ts'
import { type MagicReceipt, magic, outcomeAmong } from '../receipts/magic.ts'
import type { Mode } from '../receipts/modes.ts'
import { hasMember, type PushRules } from '../receipts/pushes.ts'
import type { Outcome, Receipt } from '../receipts/receipt.ts'
import { RECEIPTS_PER_PUSH, receiptNumber } from './unverified.ts'

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
export const outcomeFor = (e164: string): Outcome | undefined =>
  outcomeAmong(MAGIC_RECEIPTS, e164, { delivered: DELIVERED, words: '发送失败' })

/**
 * SmsReport by HTTP: an array of receipts, acknowledged by a JSON object with code 0, else retried after 1, 5 and 10
 * minutes. Nothing signs it. Source: Alibaba Cloud help, SMS receipt messages, HTTP batch push.
 */
export const receiptPushes: PushRules = {
  batch: RECEIPTS_PER_PUSH,
  retries: [MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS],
  timeout: 700,
  delivered: DELIVERED,
  body: (receipts, { mode }) => receipts.map(receipt => reportIn(mode, receipt)),
  acknowledges: (status, body) => status === 200 && hasMember(body, 'code', 0),
}

function reportIn(mode: Mode, receipt: Receipt): object {
  if (mode === 'globe') return globeReport(receipt)
  return mode === 'abroad' ? abroadReport(receipt) : smsReport(receipt, mode)
}

function smsReport({ to, sentAt, reportedAt = sentAt, outcome, ...receipt }: Receipt, mode: Mode) {
  const success = outcome?.delivered === true
  return {
    phone_number: receiptNumber(to),
    send_time: beijingTime(sentAt),
    report_time: beijingTime(reportedAt),
    success: mode === 'texts' ? String(success) : success,
    err_code: outcome?.code,
    err_msg: outcome?.message,
    sms_size: String(receipt.segments ?? 1),
    biz_id: receipt.messageId,
    out_id: receipt.reference ?? '',
  }
}

/** Source: Alibaba Cloud help, GlobeSmsReport. */
function globeReport({ to, sentAt, reportedAt = sentAt, outcome, messageId }: Receipt) {
  return {
    to: to.replace('+', ''),
    status: outcome?.delivered ? '1' : '2',
    message_id: messageId,
    send_date: beijingTime(sentAt),
    receive_date: beijingTime(reportedAt),
    error_code: outcome?.code,
    error_description: outcome?.message,
  }
}

/** Source: Alibaba Cloud help, international site, Dysmsapi 2018-05-01, delivery receipts. */
function abroadReport({ to, sentAt, reportedAt = sentAt, outcome, ...receipt }: Receipt) {
  return {
    To: to.replace('+', ''),
    SendDate: mailTime(sentAt),
    ReceiveDate: mailTime(reportedAt),
    Status: outcome?.delivered ? '1' : '2',
    ErrorCode: outcome?.delivered ? 'success' : outcome?.code,
    ErrorDescription: outcome?.delivered ? 'success' : outcome?.message,
    TaskId: receipt.reference ?? '',
    SmsSize: String(receipt.segments ?? 1),
    MessageId: receipt.messageId,
  }
}

/** `Mon, 30 Nov 2026 10:25:00 +0800`. */
const mailTime = (at: number) => new Date(at + 8 * HOUR_MS).toUTCString().replace('GMT', '+0800')
