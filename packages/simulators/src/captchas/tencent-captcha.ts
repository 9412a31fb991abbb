import { randomUUID } from 'node:crypto'
import type { ApiRequest } from '../request.ts'
import { Refusal } from '../tencent-sms/refusals.ts'
import { authenticate, missing } from '../tencent-sms/tc3.ts'
import type { Tokens } from './tokens.ts'

/** The one application that there is. */
export const CAPTCHA_APP = { id: 190000001, secret: 'simulated-app-secret' } as const

const REQUIRED = ['CaptchaType', 'Ticket', 'UserIp', 'Randstr', 'CaptchaAppId', 'AppSecretKey']

/** Codes of `DescribeCaptchaResult`. Source: the official SDK of 2019-07-22. */
const MESSAGES: Readonly<Record<number, string>> = {
  1: 'OK',
  7: 'captcha no match',
  8: 'verify timeout',
  9: 'Sequence repeat',
  15: 'verify ticket fail',
  16: 'captcha appid illegal',
  21: 'diff',
  100: 'appid-secretkey-ticket mismatch',
}

type Fields = Record<string, unknown>

function fieldsOf(request: ApiRequest): Fields {
  try {
    return JSON.parse(Buffer.from(request.body).toString('utf8')) as Fields
  } catch {
    throw new Refusal('InvalidRequest')
  }
}

function judged(fields: Fields, tokens: Tokens): Fields {
  for (const name of REQUIRED) if (fields[name] === undefined || fields[name] === '') throw missing(name)
  if (typeof fields.CaptchaAppId !== 'number') throw new Refusal('InvalidParameter')
  const code = codeOf(fields, tokens)
  const evil = code === 101
  const CaptchaCode = evil ? 1 : code
  return {
    CaptchaCode,
    CaptchaMsg: MESSAGES[CaptchaCode] ?? '',
    EvilLevel: evil ? 100 : 0,
    GetCaptchaTime: 0,
    SubmitCaptchaTime: 1767225600,
  }
}

/** 101 is this stand-in's own: passed, and malicious as the invisible mode has it. */
function codeOf({ CaptchaAppId, AppSecretKey, Ticket }: Fields, tokens: Tokens): number {
  if (CaptchaAppId !== CAPTCHA_APP.id) return 16
  if (AppSecretKey !== CAPTCHA_APP.secret) return 100
  const meant = tokens.use(String(Ticket))
  // An emergency ticket is told as 21 by the SDK.
  if (!meant) return String(Ticket).startsWith('trerror_') ? 21 : 15
  return meant.isUsed ? 9 : Number(meant.code ?? 1)
}

/** Tencent Captcha's `DescribeCaptchaResult`, 2019-07-22. Permissions are not looked at. */
export function tencentCaptcha(
  request: ApiRequest,
  { now, tokens }: { now: () => number; tokens: Tokens },
): Response {
  const RequestId = randomUUID()
  try {
    if (request.headers.get('x-tc-version') !== '2019-07-22') throw new Refusal('NoSuchVersion')
    if (request.headers.get('x-tc-action') !== 'DescribeCaptchaResult') throw new Refusal('InvalidAction')
    authenticate(request, now())
    return Response.json({ Response: { ...judged(fieldsOf(request), tokens), RequestId } })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code: Code, message: Message } = error
    return Response.json({ Response: { Error: { Code, Message }, RequestId } })
  }
}
