import { pbkdf2 } from 'node:crypto'
import { Agent, request } from 'node:http'
import { promisify } from 'node:util'
import type { AltchaChallenge } from '../../packages/api/src/index.ts'

/** The server that people come to, and the application that they come from. */
export interface Door {
  endpoint: string
  applicationId: string
  redirectUri: string
  /** A proxy stands before the server, which trusts it. */
  isProxied: boolean
}

/** What a call was answered with. */
export interface Answered {
  status: number
  /** The public error code, where the answer is a refusal. */
  code: string | undefined
  /** Seconds until it may be tried again, where a refusal says so. */
  retryAfter: number | undefined
  body: Record<string, unknown>
}

/** Somebody with a browser. */
export interface Visitor {
  /** Begins a sign-in, as a click in an application does, and starts the interaction. */
  begin(): Promise<void>
  /** Asks for a code for a number: its record, or the refusal. */
  askFor(phone: string): Promise<Answered>
  /** Types a code. */
  enter(phone: string, verificationId: unknown, code: string): Promise<Answered>
  /** Gets in by a code that was right: signs in, or registers who is new. */
  finish(verificationId: unknown): Promise<Answered>
  /** Passes the check for people; says how much work that was, in iterations. */
  passCaptcha(): Promise<number>
}

/** Names whose connection a request is to look like; nothing of the server reads it. */
export const FROM = 'x-drill-from'

/** The address of the proxy before the server, where there is one. */
const PROXY = '10.0.0.5'

const agent = new Agent({ keepAlive: true, maxSockets: 16 })

interface Raw {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

function call(address: URL, method: string, headers: Record<string, string>, body?: string): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const asked = request(address, { method, headers, agent }, answer => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', chunk => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Proof of a key that nobody needs here: the sign-ins of the drill end with their codes. */
const CHALLENGE = 'Dnlg0lIM9kvc1y-FRqNIka8znqXeMCSKSgGQDP7XxfU'

const derive = promisify(pbkdf2)

/**
 * Does the work of a check: tries counters until the key has the prefix that is asked for. The key is that of the nonce with
 * the counter behind it, in four bytes. Protocol: https://altcha.org/docs/v2/.
 */
async function solve({ nonce, salt, cost, keyLength, keyPrefix }: AltchaChallenge['parameters']) {
  const password = Buffer.from(`${nonce}00000000`, 'hex')
  for (let counter = 0; ; counter += 1) {
    password.writeUInt32BE(counter, password.length - 4)
    const key = await derive(password, Buffer.from(salt, 'hex'), cost, keyLength, 'sha256')
    const derivedKey = key.toString('hex')
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey }
  }
}

/**
 * Somebody who comes from an address.
 *
 * @param from their address, asked for at each request: bombers change it
 * @param headers that they send besides, such as a forged `X-Forwarded-For`
 */
export function createVisitor(
  { endpoint, applicationId, redirectUri, isProxied }: Door,
  from: () => string,
  headers: () => Record<string, string> = () => ({}),
): Visitor {
  const cookies = new Map<string, string>()

  /** What the server sees of where a request came from: a proxy appends whom it saw. */
  function cameFrom(): Record<string, string> {
    const own = headers()
    if (!isProxied) return { ...own, [FROM]: from() }
    const chain = [own['x-forwarded-for'], from()].filter(Boolean).join(', ')
    return { ...own, [FROM]: PROXY, 'x-forwarded-for': chain }
  }

  async function send(method: string, path: string, body?: unknown): Promise<Raw> {
    const answer = await call(
      new URL(path, endpoint),
      method,
      {
        'logto-app-id': applicationId,
        ...(cookies.size > 0 && { cookie: [...cookies].map(pair => pair.join('=')).join('; ') }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...cameFrom(),
      },
      body === undefined ? undefined : JSON.stringify(body),
    )
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      // The one for the way back has a path of its own.
      if (!name.startsWith('_interaction_resume')) cookies.set(name, value)
    }
    return answer
  }

  async function experience(method: string, path: string, body?: unknown): Promise<Answered> {
    const answer = await send(method, `/api/experience${path}`, body)
    const read = answer.text.startsWith('{') ? (JSON.parse(answer.text) as Record<string, unknown>) : {}
    const wait = Number(answer.headers['retry-after'])
    return {
      status: answer.status,
      code: read.code as string | undefined,
      retryAfter: Number.isNaN(wait) ? undefined : wait,
      body: read,
    }
  }

  return {
    async begin() {
      const query = new URLSearchParams({
        client_id: applicationId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid',
        prompt: 'login',
        state: 'drill',
        code_challenge: CHALLENGE,
        code_challenge_method: 'S256',
      })
      const shown = await send('GET', `/oidc/auth?${query}`)
      if (shown.status !== 303) throw new Error(`No sign-in begins: ${shown.status} ${shown.text}`)
      const { status, body } = await experience('PUT', '', { interactionEvent: 'SignIn' })
      if (status !== 204) throw new Error(`No interaction begins: ${status} ${JSON.stringify(body)}`)
    },
    askFor: value =>
      experience('POST', '/verification/verification-code', {
        identifier: { type: 'phone', value },
        interactionEvent: 'SignIn',
      }),
    enter: (value, verificationId, code) =>
      experience('POST', '/verification/verification-code/verify', {
        identifier: { type: 'phone', value },
        verificationId,
        code,
      }),
    async finish(verificationId) {
      const identify = () => experience('POST', '/identification', { verificationId })
      const known = await identify()
      if (known.code === 'user.user_not_exist') {
        await experience('PUT', '/interaction-event', { interactionEvent: 'Register' })
        const created = await identify()
        if (created.status >= 400) return created
      } else if (known.status >= 400) return known
      return experience('POST', '/submit')
    },
    async passCaptcha() {
      const shown = await experience('GET', '/captcha')
      if (shown.status !== 200) throw new Error(`No check is shown: ${shown.status} ${shown.code}`)
      const { parameters, signature } = shown.body as AltchaChallenge
      const challenge = { parameters, signature }
      const solution = await solve(parameters)
      const captchaToken = Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
      const { status, code } = await experience('POST', '/captcha', { captchaToken })
      if (status !== 204) throw new Error(`The check is not passed: ${status} ${code}`)
      // The tries are counted from 0 on.
      return parameters.cost * (solution.counter + 1)
    },
  }
}
