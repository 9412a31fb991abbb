import type { ScriptedChallenge } from '@countersign/api'

/** What a widget may load of whom, by the directive of the policy. */
export type WidgetSources = Partial<
  Record<'script' | 'style' | 'img' | 'font' | 'connect' | 'frame' | 'worker', readonly string[]>
>

const HCAPTCHA = ['https://hcaptcha.com', 'https://*.hcaptcha.com']
const INLINE = "'unsafe-inline'"

/**
 * The hosts of each provider's widget. Turnstile's and hCaptcha's are documented by them. Those of Aliyun and Tencent are
 * what pages in public allow or were seen to load; neither documents a policy, and both write styles into the page.
 */
const SOURCES: Readonly<Record<ScriptedChallenge['provider'], WidgetSources>> = {
  turnstile: {
    script: ['https://challenges.cloudflare.com'],
    frame: ['https://challenges.cloudflare.com'],
  },
  hcaptcha: { script: HCAPTCHA, style: HCAPTCHA, connect: HCAPTCHA, frame: HCAPTCHA },
  tencent: {
    script: [
      'https://turing.captcha.qcloud.com',
      'https://turing.captcha.gtimg.com',
      'https://cloudcache.tencentcs.com',
    ],
    style: [INLINE],
    img: ['https://*.captcha.gtimg.com', 'https://*.captcha.qcloud.com'],
    connect: ['https://turing.captcha.qcloud.com'],
    frame: ['https://turing.captcha.qcloud.com', 'https://turing.captcha.gtimg.com'],
  },
  aliyun: {
    script: ['https://o.alicdn.com', 'https://g.alicdn.com', 'https://x.alicdn.com'],
    style: [INLINE, 'https://o.alicdn.com', 'https://g.alicdn.com'],
    img: ['https://static-captcha.aliyuncs.com', 'https://*.alicdn.com'],
    font: ['https://*.alicdn.com'],
    connect: [
      'https://*.captcha-open.aliyuncs.com',
      'https://cloudauth-device.aliyuncs.com',
      'https://cloudauth-device-dualstack.cn-shanghai.aliyuncs.com',
      'https://cloudauth-device-dualstack.ap-southeast-1.aliyuncs.com',
      'https://cn-shanghai.device.saf.aliyuncs.com',
      'https://ap-southeast-1.device.saf.aliyuncs.com',
    ],
    worker: ['blob:'],
  },
}

/** What a page with the check of a provider may load; nothing where the check is our own. */
export const widgetSources = (
  provider: 'altcha' | ScriptedChallenge['provider'] | undefined,
): WidgetSources => (provider === undefined || provider === 'altcha' ? {} : SOURCES[provider])
