import type { Call, Fields } from '../aliyun-gateway/gateway.ts'
import { beijingTime, DAY_MS, parseBeijingTime } from '../beijing.ts'
import type { World } from '../cloud.ts'
import type { Receipt } from '../receipts/receipt.ts'
import { statusOf } from './outcomes.ts'
import { mailRefusal } from './refusals.ts'
import {
  invalidParameterCode,
  SPAN_CODE,
  STATISTICS_DAYS,
  TOO_MANY_FILTERS_CODE,
  UNREADABLE_TIME_CODE,
} from './unverified.ts'

/** Entries in one answer at most. Source: types of the official SDK, SenderStatisticsDetailByParam. */
const LENGTH_LIMIT = 100

/**
 * SenderStatisticsDetailByParam: mails whose fate is known, newest first. It names neither EnvId nor OutId: only
 * address, tag, time and subject tell mails apart.
 */
export function senderStatisticsDetailByParam(call: Call, world: World): Fields {
  const given = (name: string) => call.parameters.get(name) || undefined
  const [account, tag, to] = [given('AccountName'), given('TagName'), given('ToAddress')]
  if ([account, tag, to].filter(filter => filter !== undefined).length > 1) {
    throw mailRefusal(TOO_MANY_FILTERS_CODE)
  }
  const { start, end } = readSpan(given('StartTime'), given('EndTime'), world.now())
  const status = readNumber(given('Status'), 'Status', /^[0234]$/)
  const length = readNumber(given('Length'), 'Length', /^\d{1,3}$/) ?? LENGTH_LIMIT
  if (length < 1 || length > LENGTH_LIMIT) throw mailRefusal(invalidParameterCode('Length'))
  const before = readNumber(given('NextStart')?.split('#')[1], 'NextStart', /^\d{1,12}$/)
  const found = world
    .submitted()
    .filter(receipt => receipt.cloud === 'aliyun-dm' && receipt.outcome && receipt.reportedAt !== undefined)
    .filter(({ sentAt }) => sentAt >= start && sentAt < end)
    .filter(receipt => account === undefined || receipt.from === account)
    .filter(receipt => tag === undefined || receipt.mail?.tag === tag)
    .filter(receipt => to === undefined || receipt.to === to)
    .filter(({ outcome }) => status === undefined || (outcome && statusOf(outcome) === status))
    .filter(({ id }) => before === undefined || Number(id) < before)
    .reverse()
  const page = found.slice(0, length)
  const last = page.at(-1)
  return {
    NextStart: last && found.length > length ? `simulated#${last.id}` : '',
    data: { mailDetail: page.map(detail) },
  }
}

function readNumber(text: string | undefined, name: string, form: RegExp): number | undefined {
  if (text === undefined) return undefined
  if (!form.test(text)) throw mailRefusal(invalidParameterCode(name))
  return Number(text)
}

function readSpan(startText: string | undefined, endText: string | undefined, now: number) {
  // The minute that is running belongs to the span when no end is given.
  const end = endText === undefined ? Number.POSITIVE_INFINITY : parseBeijingTime(endText)
  const start = startText === undefined ? now - STATISTICS_DAYS * DAY_MS : parseBeijingTime(startText)
  if (Number.isNaN(start) || Number.isNaN(end)) throw mailRefusal(UNREADABLE_TIME_CODE)
  const span = Math.min(end, Math.max(now, start)) - start
  if (end < start || span > STATISTICS_DAYS * DAY_MS) throw mailRefusal(SPAN_CODE)
  return { start, end }
}

function detail({ to, from, outcome, mail, reportedAt = 0 }: Receipt) {
  return {
    AccountName: from,
    ToAddress: to,
    Subject: mail?.subject ?? '',
    Status: outcome ? statusOf(outcome) : 4,
    Message: outcome?.message ?? '',
    ErrorClassification: outcome?.code ?? '',
    LastUpdateTime: beijingTime(reportedAt).slice(0, 16),
    UtcLastUpdateTime: String(Math.floor(reportedAt / 1000)),
  }
}
