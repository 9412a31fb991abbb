import { type AskedReceipt, isObject, type Receipt, type SendWorld, type Values } from '@countersign/kit'
import { callAliyun } from '../aliyun-gateway/call.ts'
import { readingOf } from '../aliyun-gateway/reading.ts'
import { inBeijing } from '../beijing.ts'
import { objectsIn } from '../check/verdict.ts'
import { answerTo, between, noAnswer } from '../receipts/asking.ts'
import { given, saidIn, stateFor, textIn } from '../receipts/pushed.ts'
import { failures } from './failures.ts'
import { REGIONS } from './regions.ts'
import type { settings as table } from './settings.ts'

const READING = readingOf(failures)

const MINUTE = 60_000
/** How far back the cloud looks, a little less than documented, in milliseconds. */
const KEPT = 29 * 24 * 60 * MINUTE
/** Entries of one answer at most, and answers that are read. */
const PAGE = '100'
const PAGES = 3
/**
 * From when to when a mail may have come to its end, around the time at which it was handed over. It is less than the
 * pause after which a visitor may ask for another one, so of two mails each has its own time.
 */
const BEFORE = 30_000
const AFTER = 55_000

const STATES: Readonly<Record<string, Receipt['state']>> = {
  0: 'delivered',
  2: 'failed',
  3: 'failed',
  4: 'failed',
}

type Entry = Readonly<Record<string, unknown>>

/**
 * Asks Direct Mail what became of one mail: `SenderStatisticsDetailByParam`. Its answer names neither the cloud's id nor
 * ours, so a mail is known by sender, recipient and time alone; where none or two fit, nobody can tell. Events say it
 * exactly.
 */
export async function pullStatistics(
  asked: AskedReceipt,
  settings: Values<typeof table>,
  world: SendWorld,
): Promise<Receipt[] | undefined> {
  const now = world.now()
  if (now - asked.sentAt > KEPT) return undefined
  const found: Entry[] = []
  let next = ''
  for (let page = 0; page < PAGES; page++) {
    const body = await answerTo(READING, settings, [asked.to], () =>
      callAliyun(world, {
        access: settings,
        host: REGIONS[settings.region].host,
        action: 'SenderStatisticsDetailByParam',
        version: '2015-11-23',
        query: {
          ToAddress: asked.to,
          StartTime: minuteOf(asked.sentAt - BEFORE),
          // The minute that is running counts as a whole.
          EndTime: minuteOf(Math.min(now, asked.sentAt + AFTER) + MINUTE),
          Length: PAGE,
          ...(next && { NextStart: next }),
        },
      }),
    )
    if (!isObject(body.data) || !Array.isArray(body.data.mailDetail)) throw noAnswer()
    found.push(...objectsIn(body.data.mailDetail))
    next = typeof body.NextStart === 'string' ? body.NextStart : ''
    if (next === '') break
  }
  const same = (entry: Entry, name: string, text: string) =>
    textIn(entry, name)?.toLowerCase() === text.toLowerCase()
  const ours = found.filter(
    entry => same(entry, 'AccountName', settings.accountName) && same(entry, 'ToAddress', asked.to),
  )
  const [entry, ...more] = between(ours, asked.sentAt - BEFORE, asked.sentAt + AFTER, endedAt)
  // A mail that is still on its way stands nowhere, so that one is missing says nothing.
  const state = entry && more.length === 0 ? stateFor(STATES, textIn(entry, 'Status')) : undefined
  if (!entry || !state) return undefined
  return [
    {
      ids: {},
      state,
      ...given({
        to: textIn(entry, 'ToAddress'),
        code: textIn(entry, 'ErrorClassification'),
        detail: saidIn(entry, 'Message'),
        at: endedAt(entry),
      }),
    },
  ]
}

const minuteOf = (at: number) => inBeijing(at).slice(0, 16).replace('T', ' ')

function endedAt(entry: Entry): number | undefined {
  const text = textIn(entry, 'UtcLastUpdateTime')
  return text !== undefined && /^[1-9]\d{0,10}$/.test(text) ? Number(text) * 1000 : undefined
}
