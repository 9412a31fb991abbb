import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBrowser } from '../../packages/cli/src/browser.ts'
import { addressOf } from '../strangers/stranger.ts'

/** What the traffic of one phase met. */
export interface Tally {
  answers: number
  /** Answers 503 that say when to come again. */
  unavailable: number
  /** Any other fault: another 5xx, a 503 that says nothing, no answer at all. */
  faults: string[]
  /** Refusals for which the database's absence is no excuse. */
  refusals: string[]
  /** Sign-ins that came through. */
  signIns: number
  /** Codes that were sent and acknowledged, and did not work. */
  codesLost: number
  /** Visits begun anew, as nobody knows what became of a step whose answer was 503. */
  begunAnew: number
  /** The longest that anybody waited for an answer, in milliseconds. */
  slowest: number
  /** The longest that an answer took which asks the database nothing: so long stood the event loop. */
  longestPause: number
}

const newTally = (): Tally => ({
  answers: 0,
  unavailable: 0,
  faults: [],
  refusals: [],
  signIns: 0,
  codesLost: 0,
  begunAnew: 0,
  slowest: 0,
  longestPause: 0,
})

/** Visitors who sign in by code, one after another, until they are stopped. */
export interface Traffic {
  /** What was met since the last call; counts anew from now on. */
  take(): Tally
  /** Waits for the next sign-in that comes through; returns the milliseconds until then. */
  nextSignIn(): Promise<number>
  /** The numbers of those whose registration was acknowledged. */
  registered: readonly string[]
  stop(): Promise<void>
}

/** Where the traffic goes. */
export interface Goal {
  endpoint: string
  inboxUrl: string
  applicationId: string
  redirectUri: string
}

/** Milliseconds after a 503: less than it asks for, as a drill is no user. */
const AGAIN_AFTER = 200

class Stopped extends Error {}

/** A step whose outcome nobody can know ended in a refusal. */
class Unclear extends Error {}

/**
 * Lets visitors in, so many at once. Each asks for a page, has a code sent to a number that nobody else has, reads it
 * in the inbox, registers with it and goes back to the application. What is answered 503 is asked again.
 */
export function startTraffic(goal: Goal, width: number): Traffic {
  let tally = newTally()
  let stopped = false
  let visitors = 0
  let arrived: (() => void)[] = []
  const registered: string[] = []
  // Each run has numbers of its own, as it may meet a database of an earlier one.
  const first = randomBytes(2).readUInt16BE() * 1000

  function count(status: number, took: number, what: string, retryAfter: string | null): void {
    tally.answers += 1
    tally.slowest = Math.max(tally.slowest, took)
    if (status === 503 && Number(retryAfter) > 0) tally.unavailable += 1
    else if (status >= 500)
      tally.faults.push(`${what}: ${status}${status === 503 ? ' without Retry-After' : ''}`)
  }

  /** One step of a visit, again and again while the server is unavailable. */
  async function step(what: string, send: () => Promise<Response>) {
    for (let again = false; ; again = true) {
      if (stopped) throw new Stopped()
      const start = performance.now()
      try {
        const answer = await send()
        const text = await answer.text()
        count(answer.status, performance.now() - start, what, answer.headers.get('retry-after'))
        const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
        if (answer.status < 400) return { again, body }
        if (answer.status < 500) {
          if (again) throw new Unclear(what)
          return { again, body, refusal: `${what}: ${answer.status} ${body.code}` }
        }
      } catch (error) {
        if (error instanceof Unclear) throw error
        tally.faults.push(`${what}: ${(error as Error).cause ?? error}`)
      }
      await sleep(AGAIN_AFTER)
    }
  }

  async function visit(n: number): Promise<void> {
    const browser = createBrowser()
    const headers = {
      'x-forwarded-for': addressOf(n),
      'logto-app-id': goal.applicationId,
      'content-type': 'application/json',
    }
    const identifier = { type: 'phone', value: `86138${String(first + n).padStart(8, '0')}` }
    let unsure = false
    const call = async (method: string, path: string, body?: unknown) => {
      const result = await step(`${method} ${path || '/'}`, () =>
        browser.request(`${goal.endpoint}/api/experience${path}`, {
          method,
          headers,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      )
      unsure ||= result.again
      return result
    }
    const must = async (...call_: Parameters<typeof call>) => {
      const { body, refusal } = await call(...call_)
      if (!refusal) return body
      // What an earlier step left half done is refused here.
      if (unsure) throw new Unclear(refusal)
      tally.refusals.push(refusal)
      throw new Stopped()
    }
    const query = new URLSearchParams({
      client_id: goal.applicationId,
      redirect_uri: goal.redirectUri,
      response_type: 'code',
      scope: 'openid',
      state: String(n),
      code_challenge: createHash('sha256').update('of a drill').digest('base64url'),
      code_challenge_method: 'S256',
    })
    await step('GET /oidc/auth', () => browser.request(`${goal.endpoint}/oidc/auth?${query}`, { headers }))
    await must('PUT', '', { interactionEvent: 'Register' })
    const sent = await must('POST', '/verification/verification-code', {
      identifier,
      interactionEvent: 'Register',
    })
    const inbox = await fetch(
      new URL(`/control/messages?${new URLSearchParams({ to: `+${identifier.value}` })}`, goal.inboxUrl),
    )
    const [message] = (await inbox.json()) as { code?: string }[]
    const { verificationId } = sent
    const checked = await call('POST', '/verification/verification-code/verify', {
      identifier,
      verificationId,
      code: message?.code,
    })
    if (checked.refusal) {
      tally.codesLost += 1
      tally.refusals.push(checked.refusal)
      return
    }
    await must('POST', '/identification', { verificationId })
    const { redirectTo } = await must('POST', '/submit')
    registered.push(identifier.value)
    await step('GET /oidc/auth/…', () => browser.request(String(redirectTo), { headers }))
    tally.signIns += 1
    for (const tell of arrived.splice(0)) tell()
  }

  async function visitAndVisit(): Promise<void> {
    while (!stopped) {
      try {
        await visit(visitors++)
      } catch (error) {
        if (error instanceof Unclear) tally.begunAnew += 1
        else if (!(error instanceof Stopped)) {
          tally.faults.push(String((error as Error).cause ?? error))
          await sleep(AGAIN_AFTER)
        }
      }
    }
  }

  /** Asks for what needs no database: whoever waits for it waits for the event loop. */
  async function watch(): Promise<void> {
    while (!stopped) {
      const start = performance.now()
      await fetch(`${goal.endpoint}/api/status`).catch(() => undefined)
      tally.longestPause = Math.max(tally.longestPause, performance.now() - start)
      await sleep(25)
    }
  }

  const all = Promise.all([watch(), ...Array.from({ length: width }, visitAndVisit)])
  return {
    registered,
    take() {
      const taken = tally
      tally = newTally()
      return taken
    },
    async nextSignIn() {
      const start = performance.now()
      await Promise.race([new Promise<void>(resolve => arrived.push(resolve)), sleep(15_000)])
      return performance.now() - start
    },
    async stop() {
      stopped = true
      arrived = []
      await all
    },
  }
}
