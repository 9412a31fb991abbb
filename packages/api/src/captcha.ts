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

/** Which check for people is shown, with what its provider must know. */
export const CaptchaSettings = z.discriminatedUnion('provider', [AltchaSettings])
export type CaptchaSettings = z.output<typeof CaptchaSettings>

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

/** What a browser needs to pass the check. */
export const CaptchaChallenge = z.discriminatedUnion('provider', [AltchaChallenge])
export type CaptchaChallenge = z.output<typeof CaptchaChallenge>

/** The check for people as operators set it; ours alone. */
export const captchaRoutes = {
  getCaptcha: defineRoute({
    method: 'get',
    path: '/api/protection/captcha',
    operationId: 'GetCaptcha',
    tag: 'Protection',
    auth: 'management',
    summary: 'Get which check for people is shown',
    answers: { 200: CaptchaSettings },
  }),
  putCaptcha: defineRoute({
    method: 'put',
    path: '/api/protection/captcha',
    operationId: 'PutCaptcha',
    tag: 'Protection',
    auth: 'management',
    summary: 'Set which check for people is shown, and how much work it asks for',
    body: CaptchaSettings,
    answers: { 200: CaptchaSettings },
  }),
}
