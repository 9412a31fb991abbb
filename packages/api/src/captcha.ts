import { z } from 'zod'
import { defineRoute } from './route.ts'

/** How much work the check of ALTCHA asks a browser for, in iterations of PBKDF2 on average. */
export const ALTCHA_EFFORT = { least: 100_000, usual: 2_000_000, most: 20_000_000 } as const

/** Our own check: a browser does some work, and nobody else is asked. */
export const AltchaSettings = z.strictObject({
  provider: z.literal('altcha'),
  effort: z
    .int('must be a whole number')
    .min(ALTCHA_EFFORT.least, `must be ${ALTCHA_EFFORT.least} at least; less is no work at all`)
    .max(ALTCHA_EFFORT.most, `must be ${ALTCHA_EFFORT.most} at most; phones would work for a minute`)
    .default(ALTCHA_EFFORT.usual)
    .describe('Iterations of PBKDF2 on average; a phone does one or two millions a second.'),
})

/** Signs that the ids and keys of clouds are made of; whatever else is a slip of pasting. */
const plain = (most: number) =>
  z
    .string()
    .min(1)
    .max(most, `must have ${most} characters at most`)
    .regex(/^[!-~]+$/, 'must have no spaces and no signs beyond ASCII; copy it again from the provider')

const secret = plain(256)
  .optional()
  .describe('Never given back. Left out, the one that is stored stays, as long as the provider is the same.')

const Fallback = z
  .enum(['altcha', 'refuse'])
  .default('altcha')
  .describe(
    'Where the provider cannot be reached: `altcha` shows our own check instead, which a program may then ask for as well; `refuse` lets nobody on.',
  )

/** Aliyun Captcha 2.0. The access key needs the permission AliyunYundunAFSFullAccess. */
export const AliyunCaptchaSettings = z.strictObject({
  provider: z.literal('aliyun'),
  region: z.enum(['cn', 'sgp']).default('cn').describe('Where the scene was made.'),
  prefix: plain(64).regex(/^[\da-z-]+$/i, 'must be the prefix that the console shows, e.g. 1tb4lg'),
  sceneId: plain(64),
  accessKeyId: plain(128),
  accessKeySecret: secret,
  fallback: Fallback,
})

/** Tencent Captcha. The key of the account needs the permission QcloudCaptchaFullAccess. */
export const TencentCaptchaSettings = z.strictObject({
  provider: z.literal('tencent'),
  captchaAppId: z.string().regex(/^\d{1,15}$/, 'must be the number that the console shows as CaptchaAppId'),
  appSecretKey: secret,
  secretId: plain(128),
  secretKey: secret,
  fallback: Fallback,
})

/** Cloudflare Turnstile. */
export const TurnstileSettings = z.strictObject({
  provider: z.literal('turnstile'),
  siteKey: plain(128),
  secretKey: secret,
  fallback: Fallback,
})

/** hCaptcha. */
export const HcaptchaSettings = z.strictObject({
  provider: z.literal('hcaptcha'),
  siteKey: plain(128),
  secretKey: secret,
  fallback: Fallback,
})

/** Which check for people is shown, with what its provider must know. */
export const CaptchaSettings = z.discriminatedUnion('provider', [
  AltchaSettings,
  AliyunCaptchaSettings,
  TencentCaptchaSettings,
  TurnstileSettings,
  HcaptchaSettings,
])
export type CaptchaSettings = z.output<typeof CaptchaSettings>

/** The same as it is given back and kept in the clear: without secrets. */
export const CaptchaShown = z.discriminatedUnion('provider', [
  AltchaSettings,
  AliyunCaptchaSettings.omit({ accessKeySecret: true }),
  TencentCaptchaSettings.omit({ appSecretKey: true, secretKey: true }),
  TurnstileSettings.omit({ secretKey: true }),
  HcaptchaSettings.omit({ secretKey: true }),
])
export type CaptchaShown = z.output<typeof CaptchaShown>

/** What of each provider's settings is secret. */
export const CAPTCHA_SECRETS = {
  altcha: [],
  aliyun: ['accessKeySecret'],
  tencent: ['appSecretKey', 'secretKey'],
  turnstile: ['secretKey'],
  hcaptcha: ['secretKey'],
} as const satisfies Record<CaptchaSettings['provider'], readonly string[]>

/** What a browser needs to pass the check of ALTCHA: the challenge as its widget and libraries read it. */
export const AltchaChallenge = z.object({
  provider: z.literal('altcha'),
  parameters: z.object({
    algorithm: z.string(),
    cost: z.int(),
    data: z.record(z.string(), z.string()),
    expiresAt: z.int().describe('Seconds since the Unix epoch.'),
    keyLength: z.int(),
    keyPrefix: z.string(),
    keySignature: z.string(),
    nonce: z.string(),
    salt: z.string(),
  }),
  signature: z.string(),
  tries: z.int().describe('No solution takes more tries than that; it is not signed.'),
})

export type AltchaChallenge = z.output<typeof AltchaChallenge>

/** Our own check beside the one of a provider, for whoever cannot load its script; solved, it is sent in its place. */
const fallback = AltchaChallenge.optional()

/** What a browser needs to pass the check. */
export const CaptchaChallenge = z.discriminatedUnion('provider', [
  AltchaChallenge,
  z.object({
    provider: z.literal('aliyun'),
    region: z.enum(['cn', 'sgp']),
    prefix: z.string(),
    sceneId: z.string(),
    fallback,
  }),
  z.object({ provider: z.literal('tencent'), captchaAppId: z.string(), fallback }),
  z.object({
    provider: z.literal('turnstile'),
    siteKey: z.string(),
    action: z.string().describe('For the widget’s `action`.'),
    interaction: z.string().describe('For the widget’s `cData`.'),
    fallback,
  }),
  z.object({ provider: z.literal('hcaptcha'), siteKey: z.string(), fallback }),
])
export type CaptchaChallenge = z.output<typeof CaptchaChallenge>

/** The check of a provider whose script the page loads. */
export type ScriptedChallenge = Exclude<CaptchaChallenge, AltchaChallenge>

/** The check for people as operators set it; ours alone. */
export const captchaRoutes = {
  getCaptcha: defineRoute({
    method: 'get',
    path: '/api/protection/captcha',
    operationId: 'GetCaptcha',
    tag: 'Protection',
    auth: 'management',
    summary: 'Get which check for people is shown',
    answers: { 200: CaptchaShown },
  }),
  putCaptcha: defineRoute({
    method: 'put',
    path: '/api/protection/captcha',
    operationId: 'PutCaptcha',
    tag: 'Protection',
    auth: 'management',
    summary: 'Set which check for people is shown, and what its provider must know',
    body: CaptchaSettings,
    answers: { 200: CaptchaShown },
  }),
}
