import { createHash, randomBytes } from 'node:crypto'
import { createBrowser } from '../../packages/cli/src/browser.ts'

/** What a call was answered with. `took` is in milliseconds. */
export interface Answered {
  status: number
  /** The public error code, where the answer is a refusal. */
  code: string | undefined
  body: Record<string, unknown>
  took: number
}

/** The application that a stranger pretends to come from. */
export interface Target {
  endpoint: string
  applicationId: string
  redirectUri: string
}

/** Somebody with a browser and a client address, of whom the server knows nothing. */
export interface Stranger {
  /** Begins a sign-in, as a click in an application does, and starts the interaction. */
  begin(event?: 'SignIn' | 'Register' | 'ForgotPassword'): Promise<void>
  /** Calls the Experience API. */
  call(method: string, path: string, body?: unknown): Promise<Answered>
  /** Ends the interaction, and follows where the server sends the browser. Returns the status of the submit. */
  finish(): Promise<number>
}

/**
 * A stranger at an address. The server under trial trusts its proxy, which here is the drill, so one machine can come
 * from as many addresses as an attacker has.
 *
 * @param address an IPv4 or IPv6 address of the documentation ranges, e.g. `198.51.100.7`
 */
export function createStranger({ endpoint, applicationId, redirectUri }: Target, address: string): Stranger {
  const browser = createBrowser()
  const headers = { 'x-forwarded-for': address, 'logto-app-id': applicationId }

  async function call(method: string, path: string, body?: unknown): Promise<Answered> {
    const start = performance.now()
    const answer = await browser.request(`${endpoint}/api/experience${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const took = performance.now() - start
    const read = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
    return { status: answer.status, code: read.code as string | undefined, body: read, took }
  }

  return {
    async begin(event = 'SignIn') {
      const verifier = randomBytes(32).toString('base64url')
      const query = new URLSearchParams({
        client_id: applicationId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid',
        // A browser that is signed in is asked again, so that every attempt is an interaction of its own.
        prompt: 'login',
        state: randomBytes(8).toString('hex'),
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      })
      const shown = await browser.request(`${endpoint}/oidc/auth?${query}`, { headers })
      await shown.body?.cancel()
      if (shown.status !== 303) throw new Error(`No sign-in begins: ${shown.status}`)
      const { status, body } = await call('PUT', '', { interactionEvent: event })
      if (status !== 204) throw new Error(`No interaction begins: ${status} ${JSON.stringify(body)}`)
    },
    call,
    async finish() {
      const { status, body } = await call('POST', '/submit')
      if (status !== 200) return status
      const onward = await browser.request(String(body.redirectTo), { headers })
      await onward.body?.cancel()
      return status
    },
  }
}

/** The n-th address of an attacker who has many: each in a network of its own. */
export const addressOf = (n: number) => `${11 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}.7`
