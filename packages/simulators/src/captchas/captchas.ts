import type { ApiRequest } from '../request.ts'
import { createAliyunCaptcha } from './aliyun-captcha.ts'
import { siteVerify } from './site-verify.ts'
import { tencentCaptcha } from './tencent-captcha.ts'
import { createTokens } from './tokens.ts'

const ALIYUN = ['captcha.cn-shanghai.aliyuncs.com', 'captcha.ap-southeast-1.aliyuncs.com']
const TENCENT = 'captcha.tencentcloudapi.com'
const SITE_VERIFY: Readonly<Record<string, 'turnstile' | 'hcaptcha'>> = {
  'challenges.cloudflare.com': 'turnstile',
  'api.hcaptcha.com': 'hcaptcha',
}

/** True for the hosts that judge what checks for people were passed. */
export const judgesCaptchas = (hostname: string): boolean =>
  ALIYUN.includes(hostname) || hostname === TENCENT || Object.hasOwn(SITE_VERIFY, hostname)

/**
 * The servers behind Aliyun Captcha 2.0, Tencent Captcha, Turnstile and hCaptcha. Widgets there are none; a token says by
 * itself what is to be answered (`tokens.ts`), and is taken once.
 */
export function createCaptchas(now: () => number) {
  const tokens = createTokens()
  const aliyun = createAliyunCaptcha({ now, tokens })
  return {
    answer(request: ApiRequest): Response {
      const site = SITE_VERIFY[request.hostname]
      if (site) return siteVerify(request, site, tokens)
      if (request.hostname === TENCENT) return tencentCaptcha(request, { now, tokens })
      const { status, contentType, body } = aliyun.answer(request)
      return new Response(body, { status, headers: { 'content-type': contentType } })
    },
    clear: tokens.clear,
  }
}
