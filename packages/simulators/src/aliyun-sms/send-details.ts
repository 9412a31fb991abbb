import type { Call, Fields } from '../aliyun-gateway/gateway.ts'
import { beijingTime, DAY_MS, parseBeijingTime } from '../beijing.ts'
import type { World } from '../cloud.ts'
import type { Receipt } from '../receipts/receipt.ts'
import { readNumber } from './numbers.ts'
import { countIn } from './pages.ts'
import { smsRefusal } from './refusals.ts'
import { OUT_OF_RANGE_CODE, PENDING_ERR_CODE, receiptNumber } from './unverified.ts'

/** How long details are kept, and entries on a page at most. Source: types of the official SDK, QuerySendDetails. */
const DAYS_KEPT = 30
const PAGE_SIZE_LIMIT = 50

/** QuerySendDetails: what was sent to one number on one day of UTC+8, newest first. */
export function querySendDetails(call: Call, world: World): Fields {
  const number = call.required('PhoneNumber')
  const date = call.required('SendDate')
  call.required('PageSize')
  call.required('CurrentPage')
  const size = countIn(call, 'PageSize', 1, PAGE_SIZE_LIMIT)
  const page = countIn(call, 'CurrentPage', 1)
  const day = readDay(date, world.now())
  const to = readNumber(number, 'mainland')?.e164
  if (!to) throw smsRefusal('isv.MOBILE_NUMBER_ILLEGAL')
  const messageId = call.parameters.get('BizId') || undefined
  const found = world
    .submitted()
    .filter(receipt => receipt.cloud === 'aliyun-sms' && receipt.to === to)
    .filter(receipt => beijingTime(receipt.sentAt).startsWith(day))
    .filter(receipt => messageId === undefined || receipt.messageId === messageId)
    .reverse()
  return {
    Code: 'OK',
    Message: 'OK',
    TotalCount: String(found.length),
    SmsSendDetailDTOs: { SmsSendDetailDTO: found.slice((page - 1) * size, page * size).map(detail) },
  }
}

/** `20260102` as `2026-01-02`. Throws when it is no date or not among the days kept. */
function readDay(text: string, now: number): string {
  const day = text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
  const at = text.includes('-') ? Number.NaN : parseBeijingTime(day)
  if (!(at <= now && at > now - (DAYS_KEPT + 1) * DAY_MS)) throw smsRefusal(OUT_OF_RANGE_CODE)
  return day
}

/** SendStatus is 1 while no receipt has come, 2 for not delivered and 3 for delivered. */
function detail({ to, outcome, reportedAt, sentAt, text, template, reference }: Receipt) {
  const reported = outcome && reportedAt !== undefined
  return {
    PhoneNum: receiptNumber(to),
    SendStatus: reported ? (outcome.delivered ? 3 : 2) : 1,
    ErrCode: reported ? outcome.code : PENDING_ERR_CODE,
    TemplateCode: template ?? '',
    Content: text,
    SendDate: beijingTime(sentAt),
    ...(reported && { ReceiveDate: beijingTime(reportedAt) }),
    OutId: reference ?? '',
  }
}
