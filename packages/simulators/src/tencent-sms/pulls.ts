import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { DAY_MS, HOUR_MS } from '../beijing.ts'
import type { World } from '../cloud.ts'
import type { Receipt } from '../receipts/receipt.ts'
import type { ApiRequest } from '../request.ts'
import { APPLICATIONS } from './accounts.ts'
import { readNumber } from './numbers.ts'
import { readParameters } from './parameters.ts'
import { splitNumber } from './receipts.ts'
import { Refusal } from './refusals.ts'

// Names, types and meanings in this file: types of the official SDK, version 2021-01-11.

const LIMIT = 100
const DAYS_KEPT = 7
const RECORDS_LIMIT = 50
const RECORDS_USUAL = 20
const RECORDS_OFFSET = 1000
const RECORDS_HOURS = 72

/** The actions that fetch delivery statuses and send records. */
export function createPulls(world: World) {
  let pulled = new Set<Receipt>()
  const reportedOf = (application: string) =>
    world
      .submitted()
      .filter(({ cloud, outcome, reportedAt }) => cloud === 'tencent-sms' && outcome && reportedAt)
      .filter(receipt => receipt.application === application)

  return {
    /** PullSmsSendStatus: each status once. */
    pullSmsSendStatus(request: ApiRequest) {
      const { SmsSdkAppId, Limit } = readParameters(request, {
        SmsSdkAppId: { type: 'text', required: true },
        Limit: { type: 'number', required: true },
      })
      const application = knownApplication(SmsSdkAppId)
      const limit = checkLimit(Limit)
      const next = reportedOf(application)
        .filter(receipt => !pulled.has(receipt))
        .slice(0, limit)
      for (const receipt of next) pulled.add(receipt)
      return { PullSmsSendStatusSet: next.map(status) }
    },

    /** PullSmsSendStatusByPhoneNumber: the statuses of one number in the last seven days, as often as asked. */
    pullSmsSendStatusByPhoneNumber(request: ApiRequest) {
      const given = readParameters(request, {
        SmsSdkAppId: { type: 'text', required: true },
        PhoneNumber: { type: 'text', required: true },
        BeginTime: { type: 'number', required: true },
        EndTime: { type: 'number' },
        Offset: { type: 'number', required: true },
        Limit: { type: 'number', required: true },
      })
      const application = knownApplication(given.SmsSdkAppId)
      const limit = checkLimit(given.Limit)
      if (given.Offset !== 0) throw new Refusal('InvalidParameterValue.OffsetVerifyFail')
      const begin = Number(given.BeginTime) * 1000
      const end = given.EndTime === undefined ? Number.POSITIVE_INFINITY : Number(given.EndTime) * 1000
      // A day's grace: the seven days are counted by the day and not by the second.
      const isKept = begin >= world.now() - (DAYS_KEPT + 1) * DAY_MS
      if (!isKept) throw new Refusal('InvalidParameterValue.BeginTimeVerifyFail')
      if (end < begin) throw new Refusal('InvalidParameterValue.EndTimeVerifyFail')
      const to = readNumber(String(given.PhoneNumber))?.e164
      if (!to) throw new Refusal('InvalidParameterValue.IncorrectPhoneNumber')
      const found = reportedOf(application).filter(
        receipt => receipt.to === to && receipt.sentAt >= begin && receipt.sentAt <= end,
      )
      return { PullSmsSendStatusSet: found.slice(0, limit).map(status) }
    },

    /** DescribeSendRecordList: what was sent to one number in the last 72 hours, reported or not, newest first. */
    describeSendRecordList(request: ApiRequest) {
      const given = readParameters(request, {
        SmsSdkAppId: { type: 'text', required: true },
        PhoneNumber: { type: 'text', required: true },
        BeginTime: { type: 'number', required: true },
        EndTime: { type: 'number' },
        Offset: { type: 'number' },
        Limit: { type: 'number' },
      })
      const application = knownApplication(given.SmsSdkAppId)
      const limit = checkLimit(given.Limit ?? RECORDS_USUAL, RECORDS_LIMIT)
      const offset = Number(given.Offset ?? 0)
      if (!(offset >= 0 && offset <= RECORDS_OFFSET))
        throw new Refusal('InvalidParameterValue.OffsetVerifyFail')
      const now = world.now()
      const begin = Number(given.BeginTime) * 1000
      const end = given.EndTime === undefined ? now : Number(given.EndTime) * 1000
      if (begin < now - RECORDS_HOURS * HOUR_MS)
        throw new Refusal('InvalidParameterValue.BeginTimeVerifyFail')
      if (end < begin || end > now) throw new Refusal('InvalidParameterValue.EndTimeVerifyFail')
      const to = readNumber(String(given.PhoneNumber))?.e164
      if (!to) throw new Refusal('InvalidParameterValue.IncorrectPhoneNumber')
      const found = world
        .submitted()
        .filter(receipt => receipt.cloud === 'tencent-sms' && receipt.application === application)
        // Times are whole seconds, so the second that is asked for last counts as a whole.
        .filter(({ to: sentTo, sentAt }) => sentTo === to && sentAt >= begin && sentAt < end + 1000)
        .reverse()
      return {
        SendRecordSet: found.slice(offset, offset + limit).map(record),
        TotalCount: Math.min(found.length, RECORDS_OFFSET),
      }
    },

    clear() {
      pulled = new Set()
    },
  }
}

/** The id, if it is one of the account's applications. Throws Refusal. */
export function knownApplication(id: unknown): string {
  const application = APPLICATIONS.find(candidate => candidate.id === id)
  if (!application) throw new Refusal('UnauthorizedOperation.SmsSdkAppIdVerifyFail')
  return application.id
}

function checkLimit(limit: unknown, most = LIMIT): number {
  if (!(Number(limit) >= 1 && Number(limit) <= most)) {
    throw new Refusal('InvalidParameterValue.LimitVerifyFail')
  }
  return Number(limit)
}

function status({ to, outcome, reportedAt = 0, messageId }: Receipt) {
  const { country, subscriber } = splitNumber(to)
  return {
    UserReceiveTime: Math.floor(reportedAt / 1000),
    CountryCode: country,
    SubscriberNumber: subscriber,
    PhoneNumber: to,
    SerialNo: messageId,
    ReportStatus: outcome?.delivered ? 'SUCCESS' : 'FAIL',
    Description: outcome?.code ?? '',
    // Empty until Tencent Cloud activates it on request.
    SessionContext: '',
  }
}

/** SendStatus is 3 while no receipt has come, 2 for delivered and 4 for not delivered. */
function record({ to, outcome, reportedAt, sentAt, messageId, text }: Receipt) {
  const reported = outcome && reportedAt !== undefined
  return {
    PhoneNumber: to,
    SerialNo: messageId,
    SendStatus: reported ? (outcome.delivered ? 2 : 4) : 3,
    RequestCode: 'Ok',
    StatusCode: reported ? outcome.code : '',
    IsoCode: parsePhoneNumberFromString(to)?.country ?? 'DEF',
    // What was filled in is masked.
    Content: text.replace(/\d/g, '*'),
    SendTime: Math.floor(sentAt / 1000),
    UserReceiveTime: reported && outcome.delivered ? Math.floor(reportedAt / 1000) : 0,
  }
}
