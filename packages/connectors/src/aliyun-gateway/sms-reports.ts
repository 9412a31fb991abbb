import type { Receipt, ReceiptAnswer, ReceiptReading, ReceiptRequest } from '@countersign/kit'
import { fromBeijing } from '../beijing.ts'
import {
  entriesOf,
  given,
  refusedPush,
  saidIn,
  segmentsIn,
  stateFor,
  textIn,
  yesNoIn,
} from '../receipts/pushed.ts'

/** What the clouds of Aliyun that send text messages want to read; only that the code is a number counts. */
const TAKEN: ReceiptAnswer = { status: 200, body: { code: 0, msg: 'ok' } }

/**
 * Reads a push of SmsReport, which PNVS calls DypnsSmsVerifyReport, or of one of the two shapes for numbers abroad. What
 * else is pushed to the same address (replies of recipients, reviews of signatures and templates) is acknowledged and
 * passed over. Nothing signs a push, so its address is all that keeps strangers out.
 */
export function readSmsReports({ body }: Pick<ReceiptRequest, 'body'>): ReceiptReading {
  const entries = entriesOf(body)
  if (!entries) return refusedPush('The body is not the JSON list that Aliyun pushes.')
  const receipts = entries.flatMap(
    entry => smsReport(entry) ?? globeReport(entry) ?? abroadReport(entry) ?? [],
  )
  return { receipts, answer: TAKEN }
}

type Entry = Readonly<Record<string, unknown>>

/** Ids of one message stand under the name by which `SendSms` gave it. */
const idsOf = (messageId: string | undefined): Receipt['ids'] =>
  messageId === undefined ? {} : { BizId: messageId }

/** SmsReport. Source: Alibaba Cloud help, SmsReport by HTTP. */
function smsReport(entry: Entry): Receipt | undefined {
  const [messageId, attemptId] = [textIn(entry, 'biz_id'), textIn(entry, 'out_id')]
  const code = textIn(entry, 'err_code')
  const success = yesNoIn(entry, 'success')
  if ((messageId ?? attemptId) === undefined || (success ?? code) === undefined) return undefined
  return {
    ids: idsOf(messageId),
    state: smsState(success, code),
    ...given({
      attemptId,
      to: textIn(entry, 'phone_number'),
      code,
      detail: saidIn(entry, 'err_msg'),
      at: fromBeijing(textIn(entry, 'report_time') ?? textIn(entry, 'send_time')),
      segments: segmentsIn(entry, 'sms_size'),
    }),
  }
}

/** A code that is not known, such as a carrier's own, counts as not delivered. */
function smsState(success: boolean | undefined, code: string | undefined): Receipt['state'] {
  if (success !== undefined) return success ? 'delivered' : 'failed'
  if (code === 'REQUEST_SUCCESS') return 'pending'
  return code === 'DELIVERED' ? 'delivered' : 'failed'
}

/** Of reports about numbers abroad: 1 is delivered, 2 failed, 6 expired; the rest is not known yet. */
const ABROAD_STATES: Readonly<Record<string, Receipt['state']>> = {
  1: 'delivered',
  2: 'failed',
  6: 'failed',
}

const abroadState = (status: string): Receipt['state'] => stateFor(ABROAD_STATES, status) ?? 'pending'

/**
 * GlobeSmsReport, of the mainland site. It is documented for an older way to send; that its `message_id` is the `BizId`
 * of `SendSms` is a guess (UNVERIFIED), and where it is none it matches nothing.
 * Source: Alibaba Cloud help, GlobeSmsReport; document 197995.
 */
function globeReport(entry: Entry): Receipt | undefined {
  const [messageId, status] = [textIn(entry, 'message_id'), textIn(entry, 'status')]
  if (messageId === undefined || status === undefined) return undefined
  return {
    ids: idsOf(messageId),
    state: abroadState(status),
    ...given({
      to: textIn(entry, 'to'),
      code: textIn(entry, 'error_code'),
      detail: saidIn(entry, 'error_description'),
      at: fromBeijing(textIn(entry, 'receive_date') ?? textIn(entry, 'send_date')),
    }),
  }
}

/** The push of the international site. Source: Alibaba Cloud help, Dysmsapi 2018-05-01, delivery receipts. */
function abroadReport(entry: Entry): Receipt | undefined {
  const [messageId, status] = [textIn(entry, 'MessageId'), textIn(entry, 'Status')]
  if (messageId === undefined || status === undefined) return undefined
  return {
    ids: idsOf(messageId),
    state: abroadState(status),
    ...given({
      attemptId: textIn(entry, 'TaskId'),
      to: textIn(entry, 'To'),
      code: textIn(entry, 'ErrorCode'),
      detail: saidIn(entry, 'ErrorDescription'),
      at: mailTime(textIn(entry, 'ReceiveDate') ?? textIn(entry, 'SendDate')),
      segments: segmentsIn(entry, 'SmsSize'),
    }),
  }
}

/** A time as mails write it, which has its offset: `Mon, 30 Nov 2026 10:25:33 +0800`. */
function mailTime(text: string | undefined): number | undefined {
  if (!/^(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/.test(text ?? '')) return undefined
  const at = Date.parse(text!)
  return Number.isNaN(at) ? undefined : at
}
