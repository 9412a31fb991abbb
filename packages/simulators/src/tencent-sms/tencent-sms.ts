import { randomUUID } from 'node:crypto'
import type { Answer, Cloud, World } from '../cloud.ts'
import type { ApiRequest } from '../request.ts'
import type { SecretKey } from './accounts.ts'
import { reportConversion } from './conversions.ts'
import { createFrequency } from './frequency.ts'
import { describePhoneNumberInfo } from './number-info.ts'
import { readMembers, readSendSms } from './parameters.ts'
import { createPulls } from './pulls.ts'
import { receiptPushes } from './receipts.ts'
import { isRequestLevel, Refusal } from './refusals.ts'
import { describeSmsSignList, describeSmsTemplateList } from './reviews.ts'
import { failedStatus, type SendStatus, sendSms } from './send-sms.ts'
import { createStatistics } from './statistics.ts'
import { authenticate, missing } from './tc3.ts'
import { ACTIONS_WITHOUT_REGION, DENIED_CODE, REGIONS, WRONG_REGION_CODE } from './unverified.ts'

const VERSION = '2021-01-11'

/** The one action a key may call that was given the least permission. */
const SEND_ACTION = 'SendSms'

/** The members of an answer besides RequestId. */
type Fields = Record<string, unknown>

/** Tencent Cloud SMS, version 2021-01-11. Every answer has HTTP status 200. */
export function createTencentSms(world: World): Cloud {
  const frequency = createFrequency(world.now)
  const statistics = createStatistics(world.now)
  const pulls = createPulls(world)
  const actions: Record<string, (request: ApiRequest, account: string) => Fields> = {
    SendSms(request, account) {
      const parameters = readSendSms(request)
      const SendStatusSet = sendSms({ parameters, account, world, frequency })
      statistics.count(parameters.SmsSdkAppId, SendStatusSet)
      return { SendStatusSet }
    },
    DescribeSmsSignList: describeSmsSignList,
    DescribeSmsTemplateList: describeSmsTemplateList,
    DescribePhoneNumberInfo: describePhoneNumberInfo,
    PullSmsSendStatus: pulls.pullSmsSendStatus,
    PullSmsSendStatusByPhoneNumber: pulls.pullSmsSendStatusByPhoneNumber,
    DescribeSendRecordList: pulls.describeSendRecordList,
    SendStatusStatistics: statistics.sendStatusStatistics,
    ReportConversion: (request, account) => reportConversion(request, account, world),
  }

  function act(request: ApiRequest): Fields {
    if (request.tooLarge) throw new Refusal('RequestSizeLimitExceeded')
    if (request.method !== 'GET' && request.method !== 'POST') throw new Refusal('UnsupportedProtocol')
    const action = request.headers.get('x-tc-action') ?? ''
    const version = request.headers.get('x-tc-version') ?? ''
    if (!action) throw missing('Action')
    if (!version) throw missing('Version')
    if (version !== VERSION) throw new Refusal('NoSuchVersion')
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (!run) throw new Refusal('InvalidAction')
    const key = authenticate(request, world.now())
    refuseDenied(key, action)
    checkRegion(request, action)
    return run(request, key.account ?? key.id)
  }

  return {
    id: 'tencent-sms',
    actions: Object.keys(actions),
    throttleCode: 'RequestLimitExceeded',
    wrongTypeBody: JSON.stringify({ Response: { SendStatusSet: 'Ok', RequestId: 7 } }),
    pushes: receiptPushes,
    answer: request => write(request, () => act(request)),
    answerWith: (request, code) => write(request, () => forced(request, code)),
    reset() {
      frequency.clear()
      statistics.clear()
      pulls.clear()
    },
  }
}

function refuseDenied(key: SecretKey, action: string): void {
  const limited = key.state === 'send-only' && action !== SEND_ACTION
  if (key.state === 'denied' || limited) throw new Refusal(DENIED_CODE)
}

function checkRegion(request: ApiRequest, action: string): void {
  const region = request.headers.get('x-tc-region') ?? ''
  if (!region && ACTIONS_WITHOUT_REGION.includes(action)) return
  if (!region) throw missing('Region')
  if (!REGIONS.includes(region)) throw new Refusal(WRONG_REGION_CODE)
}

function write(request: ApiRequest, run: () => Fields): Answer {
  const RequestId = randomUUID()
  const answer = (response: object, code: string): Answer => ({
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify({ Response: { ...response, RequestId } }),
    action: request.headers.get('x-tc-action') ?? '',
    keyId: /Credential=([^/,\s]*)/.exec(request.headers.get('authorization') ?? '')?.[1] ?? '',
    code,
  })
  try {
    const fields = run()
    const statuses = (fields.SendStatusSet ?? []) as SendStatus[]
    return answer(fields, statuses.find(({ Code }) => Code !== 'Ok')?.Code ?? 'Ok')
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return answer({ Error: { Code: error.code, Message: error.message } }, error.code)
  }
}

/** The given code in its layer: with each number that can be read when sending, else for the request as a whole. */
function forced(request: ApiRequest, code: string): Fields {
  const refusal = new Refusal(code)
  const action = request.headers.get('x-tc-action') ?? SEND_ACTION
  if (isRequestLevel(code) || action !== SEND_ACTION) throw refusal
  return { SendStatusSet: numbersOf(request).map(number => failedStatus(number, refusal, '')) }
}

function numbersOf(request: ApiRequest): string[] {
  try {
    const numbers = readMembers(request).PhoneNumberSet
    if (Array.isArray(numbers) && numbers.every(number => typeof number === 'string')) return numbers
  } catch {
    // A body that cannot be read names no numbers.
  }
  return ['']
}
