import { type AskedReceipt, isObject, type Receipt, type SendWorld, type Values } from '@countersign/kit'
import { callAliyun } from '../aliyun-gateway/call.ts'
import { readingOf } from '../aliyun-gateway/reading.ts'
import { fromBeijing, inBeijing } from '../beijing.ts'
import { objectsIn } from '../check/verdict.ts'
import { aliyunNumber, readRecipient } from '../phone.ts'
import { answerTo, between, noAnswer } from '../receipts/asking.ts'
import { given, stateFor, textIn } from '../receipts/pushed.ts'
import { failures } from './failures.ts'
import { REGIONS } from './regions.ts'
import type { settings as table } from './settings.ts'

const READING = readingOf(failures)

/** How long the cloud keeps its records, in milliseconds. Source: QuerySendDetails, `SendDate`. */
const KEPT = 30 * 86_400_000
/** Entries on a page, the most that there may be, and pages that are read of one day. */
const PAGE = 50
const PAGES = 4
/** How far the cloud's clock and ours may be apart, and how late a message may count as sent, in milliseconds. */
const SLACK = 30_000

const STATES: Readonly<Record<string, Receipt['state']>> = { 1: 'pending', 2: 'failed', 3: 'delivered' }

type Entry = Readonly<Record<string, unknown>>

/**
 * Asks Aliyun SMS what became of one message: `QuerySendDetails`, document 102352. A message is known by our id of it,
 * which comes back as `OutId`, so one is found whose `BizId` never came. The text of the message stands in every entry;
 * it is not even read.
 */
export async function pullSendDetails(
  asked: AskedReceipt,
  settings: Values<typeof table>,
  world: SendWorld,
): Promise<Receipt[] | undefined> {
  if (world.now() - asked.sentAt > KEPT) return undefined
  const number = aliyunNumber(readRecipient(asked.to, { bare: false }))
  const { BizId } = asked.ids
  const found: Entry[] = []
  let sawAll = true
  for (const day of daysOf(asked.sentAt, world.now()))
    for (let page = 1; page <= PAGES; page++) {
      const { entries, total } = await pageOf(page, day)
      found.push(...entries)
      if (page * PAGE >= total) break
      if (page === PAGES) sawAll = false
    }
  const ours = found.filter(entry => textIn(entry, 'OutId') === asked.attemptId)
  if (ours.length > 0) return ours.flatMap(entry => receiptOf(entry, BizId))
  // Answers to a question with a BizId are about that message alone, whatever became of our id.
  const nameless = found.filter(entry => textIn(entry, 'OutId') === undefined)
  if (BizId !== undefined) return nameless.flatMap(entry => receiptOf(entry, BizId))
  const [entry, ...more] = between(nameless, asked.sentAt - SLACK, asked.sentAt + SLACK, sentAt)
  if (more.length > 0 || (!entry && !sawAll)) return undefined
  return entry ? receiptOf(entry, BizId) : []

  async function pageOf(page: number, day: string): Promise<{ entries: Entry[]; total: number }> {
    const body = await answerTo(READING, settings, [asked.to, number], () =>
      callAliyun(world, {
        access: settings,
        host: REGIONS[settings.region].host,
        action: 'QuerySendDetails',
        version: '2017-05-25',
        query: {
          PhoneNumber: number,
          SendDate: day,
          PageSize: String(PAGE),
          CurrentPage: String(page),
          ...(BizId !== undefined && { BizId }),
        },
      }),
    )
    const { Code, SmsSendDetailDTOs: list, TotalCount } = body
    if (Code !== 'OK' || !isObject(list)) throw noAnswer()
    return { entries: objectsIn(list.SmsSendDetailDTO), total: Number(TotalCount) || 0 }
  }
}

const sentAt = (entry: Entry) => fromBeijing(textIn(entry, 'SendDate'))

/** The days of Beijing on which a message may count as sent: two near midnight, but none that has not begun. */
function daysOf(at: number, now: number): string[] {
  const times = [at - SLACK, Math.min(at + SLACK, now)]
  return [...new Set(times.map(time => inBeijing(time).slice(0, 10).replaceAll('-', '')))]
}

function receiptOf(entry: Entry, messageId: string | undefined): Receipt[] {
  const state = stateFor(STATES, textIn(entry, 'SendStatus'))
  if (!state) return []
  return [
    {
      ids: messageId === undefined ? {} : { BizId: messageId },
      state,
      ...given({
        attemptId: textIn(entry, 'OutId'),
        to: textIn(entry, 'PhoneNum'),
        code: textIn(entry, 'ErrCode'),
        at: state === 'pending' ? undefined : fromBeijing(textIn(entry, 'ReceiveDate')),
      }),
    },
  ]
}
