import { DAY_MS } from '../beijing.ts'
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

/** The two actions that fetch delivery statuses. */
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

function checkLimit(limit: unknown): number {
  if (!(Number(limit) >= 1 && Number(limit) <= LIMIT)) {
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
