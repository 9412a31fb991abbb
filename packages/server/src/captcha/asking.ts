import { type Answer, request } from '@countersign/connectors/clouds'
import { SendError, type SendWorld } from '@countersign/kit'
import type { World } from '../world.ts'
import type { Verdict } from './provider.ts'

/** How long a provider may take, in milliseconds. A visitor waits for it before anything else begins. */
const DEADLINE = 2_000

/** What may stand in the log of a code that a provider sent. */
const CODE = /^[\w.-]{1,64}$/

/** That nobody can pass now; `code` is the provider's. */
export function unavailable(
  reason: 'settings' | 'unreachable' | 'fault',
  remedy: string,
  code?: unknown,
): Verdict {
  return {
    result: 'unavailable',
    reason,
    remedy,
    ...(typeof code === 'string' && CODE.test(code) && { code }),
  }
}

/**
 * That a visitor has to try again. What a provider calls it is not told: somebody would learn by it what to change.
 *
 * @example return failed('expired')
 */
export const failed = (reason: 'malformed' | 'expired' | 'replayed' | 'elsewhere' | 'unsolved'): Verdict => ({
  result: 'failed',
  reason,
})

/**
 * Asks a provider and has its answer judged. Silence, a broken answer, a web page and an error of the provider's own are
 * `unavailable`; never a pass.
 *
 * @param host for the operator, who may have to open a way to it
 * @example return asked(world, 'api.hcaptcha.com', outside => request(outside, …), judged)
 */
export async function asked(
  { fetch, now, random }: World,
  host: string,
  ask: (outside: SendWorld) => Promise<Answer>,
  judged: (answer: Answer) => Verdict,
): Promise<Verdict> {
  try {
    const answer = await ask({ fetch, now, random, deadline: DEADLINE })
    if (answer.status < 500) return judged(answer)
    return unavailable('fault', `${host} has a fault of its own; it may pass`, String(answer.status))
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    if (error.failure === 'provider_fault')
      return unavailable('fault', `${host} answered no JSON; look whether a proxy answers in its place`)
    return unavailable(
      'unreachable',
      `${host} did not answer within two seconds; let this server reach it`,
      error.code,
    )
  }
}

/** A text that a provider's script may have handed over: printable ASCII of at most so many characters. */
export const isPlain = (token: string, most: number): boolean =>
  token.length <= most && /^[ -~]+$/.test(token)

/**
 * Posts a form to a `siteverify`, as Turnstile and hCaptcha have it.
 *
 * @example await siteVerify(outside, 'https://api.hcaptcha.com/siteverify', { secret, response: token })
 */
export function siteVerify(
  outside: SendWorld,
  url: string,
  {
    remoteip,
    ...fields
  }: { secret: string; response: string; sitekey?: string; remoteip: string | undefined },
): Promise<Answer> {
  const body = new URLSearchParams({ ...fields, ...(remoteip !== undefined && { remoteip }) })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return request(outside, { method: 'POST', url, headers, body: body.toString() })
}

/** The codes of a `siteverify` that was not passed. */
export function errorCodes({ body }: Answer): string[] {
  const codes = body['error-codes']
  return Array.isArray(codes) ? codes.filter(code => typeof code === 'string') : []
}
