import { randomUUID } from 'node:crypto'
import type { Answer, Cloud, World } from '../cloud.ts'
import type { ApiRequest } from '../request.ts'
import { createFrequency } from './frequency.ts'
import { readMembers, readSendSms } from './parameters.ts'
import { isRequestLevel, Refusal } from './refusals.ts'
import { failedStatus, type SendStatus, sendSms } from './send-sms.ts'
import { authenticate, missing } from './tc3.ts'
import { REGIONS, WRONG_REGION_CODE } from './unverified.ts'

const VERSION = '2021-01-11'
const ACTIONS = ['SendSms']

/** Tencent Cloud SMS: version 2021-01-11, action SendSms. Every answer has HTTP status 200. */
export function createTencentSms(world: World): Cloud {
  const frequency = createFrequency(world.now)
  const act = (request: ApiRequest): SendStatus[] => {
    if (request.tooLarge) throw new Refusal('RequestSizeLimitExceeded')
    if (request.method !== 'GET' && request.method !== 'POST') throw new Refusal('UnsupportedProtocol')
    const action = request.headers.get('x-tc-action') ?? ''
    const version = request.headers.get('x-tc-version') ?? ''
    if (!action) throw missing('Action')
    if (!version) throw missing('Version')
    if (version !== VERSION) throw new Refusal('NoSuchVersion')
    if (!ACTIONS.includes(action)) throw new Refusal('InvalidAction')
    const key = authenticate(request, world.now())
    if (key.state === 'denied') throw new Refusal('UnauthorizedOperation')
    const region = request.headers.get('x-tc-region') ?? ''
    if (!region) throw missing('Region')
    if (!REGIONS.includes(region)) throw new Refusal(WRONG_REGION_CODE)
    return sendSms(readSendSms(request), world, frequency)
  }
  return {
    id: 'tencent-sms',
    throttleCode: 'RequestLimitExceeded',
    wrongTypeBody: JSON.stringify({ Response: { SendStatusSet: 'Ok', RequestId: 7 } }),
    answer: request => write(request, () => act(request)),
    answerWith: (request, code) => write(request, () => forced(request, code)),
    reset: frequency.clear,
  }
}

function write(request: ApiRequest, run: () => SendStatus[]): Answer {
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
    const SendStatusSet = run()
    const failed = SendStatusSet.find(({ Code }) => Code !== 'Ok')
    return answer({ SendStatusSet }, failed?.Code ?? 'Ok')
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return answer({ Error: { Code: error.code, Message: error.message } }, error.code)
  }
}

/** The given code in its layer: thrown for the request as a whole, else with each number that can be read. */
function forced(request: ApiRequest, code: string): SendStatus[] {
  const refusal = new Refusal(code)
  if (isRequestLevel(code)) throw refusal
  return numbersOf(request).map(number => failedStatus(number, refusal, ''))
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
