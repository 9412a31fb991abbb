import { DAY_MS, HOUR_MS, parseBeijingTime } from '../beijing.ts'
import type { ApiRequest } from '../request.ts'
import { readParameters } from './parameters.ts'
import { knownApplication } from './pulls.ts'
import { Refusal } from './refusals.ts'
import type { SendStatus } from './send-sms.ts'

/** How long submissions are counted. */
const KEPT_MS = 31 * DAY_MS

interface Submitted {
  at: number
  application: string
  fee: number
  accepted: boolean
}

/** Counts submissions for SendStatusStatistics. */
export function createStatistics(now: () => number) {
  let submitted: Submitted[] = []
  return {
    count(application: string, statuses: SendStatus[]) {
      submitted = submitted.filter(({ at }) => at > now() - KEPT_MS)
      for (const { Code, Fee } of statuses) {
        submitted.push({ at: now(), application, fee: Fee, accepted: Code === 'Ok' })
      }
    },

    /** SendStatusStatistics: submissions in a span of hours of UTC+8. Source: types of the official SDK. */
    sendStatusStatistics(request: ApiRequest) {
      const given = readParameters(request, {
        BeginTime: { type: 'text', required: true },
        EndTime: { type: 'text', required: true },
        SmsSdkAppId: { type: 'text', required: true },
        Limit: { type: 'number', required: true },
        Offset: { type: 'number', required: true },
      })
      const application = knownApplication(given.SmsSdkAppId)
      const begin = readHour(given.BeginTime)
      const end = readHour(given.EndTime)
      if (Number.isNaN(begin)) throw new Refusal('InvalidParameterValue.BeginTimeVerifyFail')
      if (!(end >= begin)) throw new Refusal('InvalidParameterValue.EndTimeVerifyFail')
      if (given.Limit !== 0) throw new Refusal('InvalidParameterValue.LimitVerifyFail')
      if (given.Offset !== 0) throw new Refusal('InvalidParameterValue.OffsetVerifyFail')
      const found = submitted.filter(
        entry => entry.application === application && entry.at >= begin && entry.at < end + HOUR_MS,
      )
      return {
        SendStatusStatistics: {
          FeeCount: found.reduce((sum, { fee }) => sum + fee, 0),
          RequestCount: found.length,
          RequestSuccessCount: found.filter(({ accepted }) => accepted).length,
        },
      }
    },

    clear() {
      submitted = []
    },
  }
}

/** `2026010203` as a moment; NaN when it is none. */
function readHour(text: unknown): number {
  return parseBeijingTime(String(text).replace(/^(\d{4})(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3 $4:00'))
}
