import type { AskedReceipt, Receipt, SendWorld, Values } from '@countersign/kit'
import { objectsIn } from '../check/verdict.ts'
import { readRecipient, tencentNumber } from '../phone.ts'
import { answerTo, between, noAnswer } from '../receipts/asking.ts'
import { given, saidIn, stateFor, textIn } from '../receipts/pushed.ts'
import { callTencent } from './call.ts'
import { READING } from './reading.ts'
import { stateOf } from './report-status.ts'
import type { settings as table } from './settings.ts'

type Settings = Values<typeof table>
type Entry = Readonly<Record<string, unknown>>

const HOUR = 3_600_000
/** How far back each action looks, a little less than documented: by the time of the answer it is later. */
const STATUS_KEPT = 7 * 24 * HOUR - HOUR
const RECORDS_KEPT = 72 * HOUR - HOUR
/** Entries of one answer: the most that each action gives. */
const MOST_STATUSES = 100
const MOST_RECORDS = 50
/** How far the cloud's clock and ours may be apart, and how late a message may count as sent, in milliseconds. */
const SLACK = 30_000

const seconds = (at: number) => Math.floor(at / 1000)

/**
 * Asks Tencent Cloud what became of one message: by its serial number, or, where the answer to the send never came and so
 * nobody knows that number, by recipient and time.
 */
export async function pullStatus(
  asked: AskedReceipt,
  settings: Settings,
  world: SendWorld,
): Promise<Receipt[] | undefined> {
  const number = tencentNumber(readRecipient(asked.to, { bare: false }))
  const { SerialNo } = asked.ids
  const question = { asked, number, settings, world }
  return SerialNo === undefined ? recordsNear(question) : statusesOf(SerialNo, question)
}

interface Question {
  asked: AskedReceipt
  number: string
  settings: Settings
  world: SendWorld
}

/** The members of the list that an action answers. */
async function listOf(
  { asked, number, settings, world }: Question,
  action: string,
  list: string,
  parameters: Record<string, unknown>,
): Promise<Entry[]> {
  const about = { SmsSdkAppId: settings.sdkAppId, PhoneNumber: number }
  const body = await answerTo(READING, settings, [asked.to, number], () =>
    callTencent(world, settings, action, { ...about, ...parameters }),
  )
  if (!Array.isArray(body[list])) throw noAnswer()
  return objectsIn(body[list])
}

/** `PullSmsSendStatusByPhoneNumber`: what carriers have reported, and nothing before that. */
async function statusesOf(serialNo: string, question: Question): Promise<Receipt[] | undefined> {
  const { asked, world } = question
  if (world.now() - asked.sentAt > STATUS_KEPT) return undefined
  const found = await listOf(question, 'PullSmsSendStatusByPhoneNumber', 'PullSmsSendStatusSet', {
    BeginTime: seconds(asked.sentAt - SLACK),
    Offset: 0,
    Limit: MOST_STATUSES,
  })
  return found
    .filter(entry => textIn(entry, 'SerialNo') === serialNo)
    .map(entry => ({
      ids: { SerialNo: serialNo },
      state: stateOf(textIn(entry, 'ReportStatus') ?? ''),
      ...given({
        attemptId: textIn(entry, 'SessionContext'),
        to: textIn(entry, 'PhoneNumber'),
        code: textIn(entry, 'Description'),
        detail: saidIn(entry, 'SubError', 'SubErrorDesc'),
        at: timeIn(entry, 'UserReceiveTime'),
      }),
    }))
}

/** Submitted in vain, delivered, on its way, not delivered. */
const STATES: Readonly<Record<string, Receipt['state']>> = {
  1: 'failed',
  2: 'delivered',
  3: 'pending',
  4: 'failed',
}

/** `DescribeSendRecordList`: whatever was sent to a number, with the time at which the cloud took it. */
async function recordsNear(question: Question): Promise<Receipt[] | undefined> {
  const { asked, world } = question
  if (world.now() - asked.sentAt > RECORDS_KEPT) return undefined
  const end = asked.sentAt + SLACK
  const found = await listOf(question, 'DescribeSendRecordList', 'SendRecordSet', {
    BeginTime: seconds(asked.sentAt - SLACK),
    // An end that the cloud's clock has not reached is refused; without one it ends now.
    ...(end + SLACK < world.now() && { EndTime: seconds(end) }),
    Limit: MOST_RECORDS,
  })
  const from = asked.sentAt - SLACK - 1000
  const [entry, ...more] = between(found, from, end, each => timeIn(each, 'SendTime'))
  if (!entry) return found.length < MOST_RECORDS ? [] : undefined
  const state = stateFor(STATES, textIn(entry, 'SendStatus'))
  if (!state || more.length > 0) return undefined
  const serialNo = textIn(entry, 'SerialNo')
  return [
    {
      ids: serialNo === undefined ? {} : { SerialNo: serialNo },
      state,
      ...given({
        to: textIn(entry, 'PhoneNumber'),
        code: textIn(entry, 'StatusCode') ?? (state === 'failed' ? textIn(entry, 'RequestCode') : undefined),
        detail: saidIn(entry, 'SubErrorDesc', 'SubError'),
        at: timeIn(entry, 'UserReceiveTime'),
      }),
    },
  ]
}

/** A time in seconds since 1970, in milliseconds; zero stands for none. */
function timeIn(entry: Entry, name: string): number | undefined {
  const text = textIn(entry, name)
  return text !== undefined && /^[1-9]\d{0,10}$/.test(text) ? Number(text) * 1000 : undefined
}
