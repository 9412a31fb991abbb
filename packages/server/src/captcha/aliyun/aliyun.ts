import type { AliyunCaptchaSettings, CaptchaChallenge } from '@countersign/api'
import { type Answer, callAliyun } from '@countersign/connectors/clouds'
import { isObject } from '@countersign/kit'
import type { z } from 'zod'
import { asked, failed, isPlain, unavailable } from '../asking.ts'
import type { CaptchaProvider, CaptchaRoom, Verdict } from '../provider.ts'

/** A scene is known in its own region only; the host that the official SDK asks by default knows none. */
const HOSTS = { cn: 'captcha.cn-shanghai.aliyuncs.com', sgp: 'captcha.ap-southeast-1.aliyuncs.com' } as const

/** Most characters of a parameter; real ones have one to three thousand. */
const LONGEST = 6000

/** How long a parameter is good, in milliseconds: as long as the record of its widget, about twenty minutes. */
const LASTS = 20 * 60_000

/** Codes of what a visitor did. From public code; F002 and F003 are not verified. */
const FAILURES: Readonly<Record<string, Parameters<typeof failed>[0]>> = {
  F002: 'malformed',
  F003: 'malformed',
  F008: 'replayed',
  F014: 'expired',
  F019: 'expired',
}

const toCheck =
  'check access key, its permission AliyunYundunAFSFullAccess, scene and region under Protection'

function judged({ body }: Answer, passed: Verdict): Verdict {
  const { Code, Result } = body
  if (!isObject(Result) || typeof Result.VerifyResult !== 'boolean')
    return unavailable('settings', `Aliyun refuses to judge; ${toCheck}`, Code)
  const { VerifyResult, VerifyCode } = Result
  // A scene that is being tried lets everybody pass. That this is its code is not verified.
  if (VerifyCode === 'T005')
    return unavailable(
      'settings',
      'The scene is in test mode; end that in the console of Captcha',
      VerifyCode,
    )
  if (VerifyCode === 'F005')
    return unavailable('settings', `Aliyun knows no such scene; ${toCheck}`, VerifyCode)
  if (VerifyResult && VerifyCode === 'T001') return passed
  return failed(FAILURES[String(VerifyCode)] ?? 'unsolved')
}

/**
 * Aliyun Captcha 2.0: `VerifyIntelligentCaptcha`, signed with ACS3. What the widget hands over goes on unchanged. The vendor
 * advises to let everybody pass while its servers fail; here nobody passes.
 *
 * Source: https://help.aliyun.com/en/captcha/ and the official SDK of 2023-03-05.
 *
 * @example const { verify } = aliyun(room, { provider: 'aliyun', region: 'cn', prefix, sceneId, … })
 */
export function aliyun(
  { world }: CaptchaRoom,
  settings: z.output<typeof AliyunCaptchaSettings>,
): CaptchaProvider<Extract<CaptchaChallenge, { provider: 'aliyun' }>> {
  const { accessKeyId, accessKeySecret = '', prefix, region, sceneId } = settings
  const host = HOSTS[region]
  return {
    ask: async () => ({ provider: 'aliyun', region, prefix, sceneId }),
    async verify(token) {
      if (!isPlain(token, LONGEST)) return failed('malformed')
      const call = {
        access: { accessKeyId, accessKeySecret },
        host,
        action: 'VerifyIntelligentCaptcha',
        version: '2023-03-05',
        form: { CaptchaVerifyParam: token, SceneId: sceneId },
      }
      const passed = { result: 'passed', once: token, until: world.now() + LASTS } as const
      return asked(
        world,
        host,
        outside => callAliyun(outside, call),
        answer => judged(answer, passed),
      )
    },
  }
}
