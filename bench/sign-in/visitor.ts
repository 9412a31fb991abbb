import { createHash, randomBytes } from 'node:crypto'
import type { Pool } from 'undici'

/** Where to sign in. */
export interface Door {
  origin: string
  applicationId: string
  callback: string
}

type Fields = Record<string, string>

interface Answer {
  status: number
  location: string | undefined
  json: Record<string, unknown>
}

/** A browser that goes through one sign-in: its cookies by path, and no redirect followed by itself. */
class Visitor {
  readonly #cookies = new Map<string, { pair: string; path: string }>()
  readonly #pool: Pool
  readonly #door: Door

  constructor(pool: Pool, door: Door) {
    this.#pool = pool
    this.#door = door
  }

  async request(method: 'GET' | 'PUT' | 'POST', address: string, body?: object): Promise<Answer> {
    const { pathname, search } = new URL(address, this.#door.origin)
    const cookie = [...this.#cookies.values()]
      .filter(({ path }) => pathname.startsWith(path))
      .map(({ pair }) => pair)
      .join('; ')
    const form = body instanceof URLSearchParams
    const answer = await this.#pool.request({
      method,
      path: pathname + search,
      headers: {
        ...(cookie && { cookie }),
        ...(body && { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' }),
      },
      ...(body && { body: form ? body.toString() : JSON.stringify(body) }),
    })
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) this.#keep(line)
    const text = await answer.body.text()
    if (answer.statusCode >= 400) throw new Error(`${method} ${pathname}: ${answer.statusCode} ${text}`)
    const isJson = String(answer.headers['content-type']).startsWith('application/json')
    return {
      status: answer.statusCode,
      location: answer.headers.location as string | undefined,
      json: isJson ? JSON.parse(text) : {},
    }
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map(part => part.trim())
    const path = attributes.find(each => /^path=/i.test(each))?.slice(5) ?? '/'
    this.#cookies.set(`${path} ${pair.split('=')[0]}`, { pair, path })
  }

  /** Where an answer leads. */
  async led(address: string): Promise<string> {
    const { location, status } = await this.request('GET', address)
    if (!location) throw new Error(`${address} led nowhere: ${status}`)
    return location
  }
}

/**
 * Signs a user in by code over the Experience API: six requests up to the submission, ten with consent and tokens.
 *
 * @param codeFor waits for the code that goes to a number
 */
export async function signIn(
  pool: Pool,
  door: Door,
  phone: string,
  withTokens: boolean,
  codeFor: (phone: string) => Promise<string>,
): Promise<void> {
  const visitor = new Visitor(pool, door)
  const verifier = randomBytes(32).toString('base64url')
  const query: Fields = {
    client_id: door.applicationId,
    redirect_uri: door.callback,
    response_type: 'code',
    scope: 'openid profile phone offline_access',
    prompt: 'consent',
    state: 'bench',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
  await visitor.led(`/oidc/auth?${new URLSearchParams(query)}`)
  const identifier = { type: 'phone', value: phone }
  const path = '/api/experience/verification/verification-code'
  await visitor.request('PUT', '/api/experience', { interactionEvent: 'SignIn' })
  const sent = codeFor(phone)
  const asked = await visitor.request('POST', path, { identifier, interactionEvent: 'SignIn' })
  const { verificationId } = asked.json
  await visitor.request('POST', `${path}/verify`, { identifier, verificationId, code: await sent })
  await visitor.request('POST', '/api/experience/identification', { verificationId })
  const submitted = await visitor.request('POST', '/api/experience/submit')
  if (!withTokens) return
  const consent = await visitor.led(submitted.json.redirectTo as string)
  const back = await visitor.led(await visitor.led(consent))
  await visitor.request(
    'POST',
    '/oidc/token',
    new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: door.applicationId,
      redirect_uri: door.callback,
      code: new URL(back).searchParams.get('code')!,
      code_verifier: verifier,
    }),
  )
}
