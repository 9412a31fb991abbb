import type { CaptchaChallenge, TurnstileSettings } from '@countersign/api'
import type { z } from 'zod'
import { mac } from '../../crypto/keys.ts'
import { asked, errorCodes, failed, isPlain, siteVerify, unavailable } from '../asking.ts'
import type { CaptchaProvider, CaptchaRoom, Checked } from '../provider.ts'

const HOST = 'challenges.cloudflare.com'

/** By Cloudflare's documents: the most characters of a token, and how long one is good, in milliseconds. */
const LONGEST = 2048
const LASTS = 300_000

/** Codes that a visitor's token can cause; all others are for the operator. */
const FAILURES: Readonly<Record<string, Parameters<typeof failed>[0]>> = {
  'timeout-or-duplicate': 'expired',
  'missing-input-response': 'malformed',
  'invalid-input-response': 'unsolved',
}

/**
 * Cloudflare Turnstile. A token counts only for this host, this purpose and the interaction whose page showed the widget. It
 * is unreliable from mainland China.
 *
 * Source: https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
 *
 * @example const { verify } = turnstile(room, { provider: 'turnstile', siteKey, secretKey, fallback: 'altcha' })
 */
export function turnstile(
  { keys, world }: CaptchaRoom,
  { siteKey, secretKey = '' }: z.output<typeof TurnstileSettings>,
): CaptchaProvider<Extract<CaptchaChallenge, { provider: 'turnstile' }>> {
  const interactionOf = ({ interaction }: Pick<Checked, 'interaction'>) =>
    mac(keys.captcha, 'interaction', interaction)
  return {
    ask: async checked => ({
      provider: 'turnstile',
      siteKey,
      action: checked.action,
      interaction: interactionOf(checked),
    }),
    async verify(token, checked) {
      if (!isPlain(token, LONGEST)) return failed('malformed')
      const url = `https://${HOST}/turnstile/v0/siteverify`
      const form = { secret: secretKey, response: token, remoteip: checked.ip }
      return asked(
        world,
        HOST,
        outside => siteVerify(outside, url, form),
        answer => {
          const { success, hostname, action, cdata } = answer.body
          if (success !== true) {
            const [code] = errorCodes(answer)
            const failure = FAILURES[code ?? '']
            return failure
              ? failed(failure)
              : unavailable(
                  code === 'internal-error' ? 'fault' : 'settings',
                  'Turnstile refuses to judge; check the secret key of the widget under Protection',
                  code,
                )
          }
          const isHere = hostname === checked.hostname && action === checked.action
          if (!isHere || cdata !== interactionOf(checked)) return failed('elsewhere')
          return { result: 'passed', once: token, until: world.now() + LASTS }
        },
      )
    },
  }
}
