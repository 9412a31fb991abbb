import type { CaptchaChallenge, TencentCaptchaSettings } from '@countersign/api'
import { type Answer, request, signTc3 } from '@countersign/connectors/clouds'
import { isObject, type SendWorld } from '@countersign/kit'
import { z } from 'zod'
import { asked, failed, isPlain, unavailable } from '../asking.ts'
import type { CaptchaProvider, CaptchaRoom, Verdict } from '../provider.ts'

const HOST = 'captcha.tencentcloudapi.com'
const CONTENT_TYPE = 'application/json'

/** Most characters of what a page brings; a ticket has a few hundred. */
const LONGEST = 3000

/** How long a ticket is good, in milliseconds, by the documents of `DescribeCaptchaResult`. */
const LASTS = 5 * 60_000

/** What the callback of the script gets, as JSON; whatever else stands in there is not read. */
const Brought = z.object({ ticket: z.string().min(1).max(2048), randstr: z.string().min(1).max(256) })

/** Codes of what a visitor did, from the official SDK. */
const FAILURES: Readonly<Record<number, Parameters<typeof failed>[0]>> = {
  7: 'malformed',
  8: 'expired',
  9: 'replayed',
  15: 'unsolved',
  21: 'unsolved',
}

const toCheck = 'check CaptchaAppId, AppSecretKey, the key of the account and its permission under Protection'

function broughtIn(token: string): z.output<typeof Brought> | undefined {
  if (!isPlain(token, LONGEST)) return undefined
  try {
    return Brought.safeParse(JSON.parse(token)).data
  } catch {
    return undefined
  }
}

function judged({ body }: Answer, passed: Verdict): Verdict {
  const { Response } = body
  if (!isObject(Response)) return unavailable('fault', 'Tencent Captcha answered something else')
  const { CaptchaCode, Error: error, EvilLevel } = Response
  if (isObject(error))
    return unavailable('settings', `Tencent Captcha refuses to judge; ${toCheck}`, error.Code)
  if (CaptchaCode === 1) return EvilLevel === 100 ? failed('unsolved') : passed
  const failure = FAILURES[Number(CaptchaCode)]
  if (failure) return failed(failure)
  // 16 and 100: an app id or a secret that do not belong together; 26: busy.
  const reason = CaptchaCode === 26 ? 'fault' : 'settings'
  return unavailable(reason, `Tencent Captcha cannot judge; ${toCheck}`, String(CaptchaCode))
}

function describe(
  outside: SendWorld,
  { secretId, secretKey, payload }: { secretId: string; secretKey: string; payload: string },
): Promise<Answer> {
  const timestamp = Math.floor(outside.now() / 1000)
  const { authorization } = signTc3({
    secretId,
    secretKey,
    method: 'POST',
    host: HOST,
    contentType: CONTENT_TYPE,
    timestamp,
    service: 'captcha',
    payload,
  })
  const headers = {
    'content-type': CONTENT_TYPE,
    'x-tc-action': 'DescribeCaptchaResult',
    'x-tc-version': '2019-07-22',
    'x-tc-timestamp': String(timestamp),
    authorization,
  }
  return request(outside, { method: 'POST', url: `https://${HOST}/`, headers, body: payload })
}

/**
 * Tencent Captcha: `DescribeCaptchaResult`, signed with TC3. The token is `{"ticket", "randstr"}` as JSON. Tickets that the
 * script makes up where Tencent cannot be reached (`trerror_…`) are worth nothing.
 *
 * Source: https://cloud.tencent.com/document/product/1110/36926 and the official SDK of 2019-07-22.
 *
 * @example const { verify } = tencent(room, { provider: 'tencent', captchaAppId: '190000001', … })
 */
export function tencent(
  { world }: CaptchaRoom,
  settings: z.output<typeof TencentCaptchaSettings>,
): CaptchaProvider<Extract<CaptchaChallenge, { provider: 'tencent' }>> {
  const { appSecretKey = '', captchaAppId, secretId, secretKey = '' } = settings
  return {
    ask: async () => ({ provider: 'tencent', captchaAppId }),
    async verify(token, { ip }) {
      const brought = broughtIn(token)
      if (!brought) return failed('malformed')
      const { ticket, randstr } = brought
      if (ticket.startsWith('trerror_')) return failed('unsolved')
      if (ip === undefined)
        return unavailable('settings', 'Tencent Captcha wants the address of visitors; set TRUST_PROXY')
      const payload = JSON.stringify({
        CaptchaType: 9,
        Ticket: ticket,
        UserIp: ip,
        Randstr: randstr,
        CaptchaAppId: Number(captchaAppId),
        AppSecretKey: appSecretKey,
      })
      const passed = { result: 'passed', once: ticket, until: world.now() + LASTS } as const
      return asked(
        world,
        HOST,
        outside => describe(outside, { secretId, secretKey, payload }),
        answer => judged(answer, passed),
      )
    },
  }
}
