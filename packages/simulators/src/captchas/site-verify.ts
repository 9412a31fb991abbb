import { type ApiRequest, isForm } from '../request.ts'
import type { Tokens } from './tokens.ts'

const PATHS = { turnstile: '/turnstile/v0/siteverify', hcaptcha: '/siteverify' } as const

/** The one widget that there is. */
export const SITE_KEY = 'simulated-site'
export const SITE_SECRET = 'simulated-secret-ok'

const refuse = (status: number, ...codes: string[]) =>
  Response.json({ success: false, 'error-codes': codes, messages: [] }, { status })

/** The form of a request, or for Turnstile its JSON; hCaptcha takes forms only. */
function fieldsOf(request: ApiRequest, site: keyof typeof PATHS): Map<string, string> | undefined {
  const text = Buffer.from(request.body).toString('utf8')
  if (isForm(request)) return new Map(new URLSearchParams(text))
  if (site === 'hcaptcha') return undefined
  try {
    return new Map(Object.entries(JSON.parse(text) as Record<string, string>))
  } catch {
    return undefined
  }
}

/**
 * `siteverify` of Turnstile and hCaptcha. Sources: Cloudflare's documents (server-side validation); hCaptcha's from memory.
 * That refusals have status 200 is not verified for hCaptcha.
 */
export function siteVerify(request: ApiRequest, site: keyof typeof PATHS, tokens: Tokens): Response {
  const fields = fieldsOf(request, site)
  if (request.method !== 'POST' || request.path !== PATHS[site] || !fields) return refuse(400, 'bad-request')
  const [secret, response, sitekey] = ['secret', 'response', 'sitekey'].map(name => fields.get(name) ?? '')
  if (!secret) return refuse(200, 'missing-input-secret')
  if (secret !== SITE_SECRET) return refuse(200, 'invalid-input-secret')
  if (!response) return refuse(200, 'missing-input-response')
  if (site === 'hcaptcha' && sitekey && sitekey !== SITE_KEY) return refuse(200, 'sitekey-secret-mismatch')
  const meant = tokens.use(response)
  if (!meant) return refuse(200, 'invalid-input-response')
  if (meant.isUsed)
    return refuse(200, site === 'turnstile' ? 'timeout-or-duplicate' : 'already-seen-response')
  if (meant.code) return refuse(200, meant.code)
  const { hostname, action, cdata } = meant
  const answer = {
    success: true,
    challenge_ts: '2026-01-01T00:00:00.000Z',
    hostname,
    'error-codes': [],
    ...(site === 'turnstile' && { action, cdata, metadata: { interactive: false } }),
  }
  return Response.json(answer)
}
