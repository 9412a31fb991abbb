import type { CaptchaChallenge, HcaptchaSettings } from '@countersign/api'
import type { z } from 'zod'
import { asked, errorCodes, failed, isPlain, siteVerify, unavailable } from '../asking.ts'
import type { CaptchaProvider, CaptchaRoom } from '../provider.ts'

const HOST = 'api.hcaptcha.com'

/** Most characters of a token; real ones have one or two thousand. */
const LONGEST = 6000

/** How long a token is good, in milliseconds; about two minutes by hCaptcha's documents. */
const LASTS = 120_000

/** Codes that a visitor's token can cause; all others are for the operator. */
const FAILURES: Readonly<Record<string, Parameters<typeof failed>[0]>> = {
  'expired-input-response': 'expired',
  'already-seen-response': 'replayed',
  'missing-input-response': 'malformed',
  'invalid-input-response': 'unsolved',
}

/**
 * hCaptcha. It takes tokens of the site key alone that was set. It is unreliable from mainland China.
 *
 * Source: https://docs.hcaptcha.com/ (Verify the User Response Server Side), from memory.
 *
 * @example const { verify } = hcaptcha(room, { provider: 'hcaptcha', siteKey, secretKey, fallback: 'altcha' })
 */
export function hcaptcha(
  { world }: CaptchaRoom,
  { siteKey, secretKey = '' }: z.output<typeof HcaptchaSettings>,
): CaptchaProvider<Extract<CaptchaChallenge, { provider: 'hcaptcha' }>> {
  return {
    ask: async () => ({ provider: 'hcaptcha', siteKey }),
    async verify(token, { ip }) {
      if (!isPlain(token, LONGEST)) return failed('malformed')
      const form = { secret: secretKey, response: token, sitekey: siteKey, remoteip: ip }
      return asked(
        world,
        HOST,
        outside => siteVerify(outside, `https://${HOST}/siteverify`, form),
        answer => {
          if (answer.body.success === true)
            return { result: 'passed', once: token, until: world.now() + LASTS }
          const [code] = errorCodes(answer)
          const failure = FAILURES[code ?? '']
          return failure
            ? failed(failure)
            : unavailable(
                'settings',
                'hCaptcha refuses to judge; check site key and secret under Protection',
                code,
              )
        },
      )
    },
  }
}
