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

/** One run of traffic: what its visitors share. */
class Run {
  readonly goal: Goal
  tally = newTally()
  stopped = false
  /** Visitors who have come so far. */
  visitors = 0
  /** Told of the next sign-in. */
  arrived: (() => void)[] = []
  readonly registered: string[] = []
  /** Each run has numbers of its own, as it may meet a database of an earlier one. */
  readonly first = randomBytes(2).readUInt16BE() * 1000

  constructor(goal: Goal) {
    this.goal = goal
  }

  #count(status: number, took: number, what: string, retryAfter: string | null): void {
    this.tally.answers += 1
    this.tally.slowest = Math.max(this.tally.slowest, took)
    if (status === 503 && Number(retryAfter) > 0) this.tally.unavailable += 1
    else if (status >= 500)
      this.tally.faults.push(`${what}: ${status}${status === 503 ? ' without Retry-After' : ''}`)
  }

  /** One step of a visit, again and again while the server is unavailable. */
  async step(what: string, send: () => Promise<Response>) {
    for (let again = false; ; again = true) {
      if (this.stopped) throw new Stopped()
      const start = performance.now()
      try {
        const answer = await send()
        const text = await answer.text()
        this.#count(answer.status, performance.now() - start, what, answer.headers.get('retry-after'))
        const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
        if (answer.status < 400) return { again, body }
        if (answer.status < 500) {
          if (again) throw new Unclear(what)
          return { again, body, refusal: `${what}: ${answer.status} ${body.code}` }
        }
      } catch (error) {
        if (error instanceof Unclear) throw error
        this.tally.faults.push(`${what}: ${(error as Error).cause ?? error}`)
      }
      await sleep(AGAIN_AFTER)
    }
  }
}

/** Visitors look for their code so often, after so many milliseconds each: the provider may be slow, or the machine. */
const LOOKS = 30
const LOOK_EVERY = 100

/** The code that a number was sent last, as soon as it is there; undefined when it does not come. */
async function codeFor({ inboxUrl }: Goal, number: string): Promise<string | undefined> {
  const query = new URLSearchParams({ to: `+${number}` })
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const inbox = await fetch(new URL(`/control/messages?${query}`, inboxUrl))
    const [message] = (await inbox.json()) as { code?: string }[]
    if (message?.code !== undefined) return message.code
    await sleep(LOOK_EVERY)
  }
}

/** Where an application sends the visitor with this number. */
const authorizationOf = ({ endpoint, applicationId, redirectUri }: Goal, n: number) =>
  `${endpoint}/oidc/auth?${new URLSearchParams({
    client_id: applicationId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid',
    state: String(n),
    code_challenge: createHash('sha256').update('of a drill').digest('base64url'),
    code_challenge_method: 'S256',
  })}`

/** One visitor registers by a code with a number that nobody else has. */
async function visit(run: Run, n: number): Promise<void> {
  const { goal } = run
  const browser = createBrowser()
  const headers = {
    'x-forwarded-for': addressOf(n),
    'logto-app-id': goal.applicationId,
    'content-type': 'application/json',
  }
  const identifier = { type: 'phone', value: `86138${String(run.first + n).padStart(8, '0')}` }
  let unsure = false
  const call = async (method: string, path: string, body?: unknown) => {
    const result = await run.step(`${method} ${path || '/'}`, () =>
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
    run.tally.refusals.push(refusal)
    throw new Stopped()
  }
  await run.step('GET /oidc/auth', () => browser.request(authorizationOf(goal, n), { headers }))
  await must('PUT', '', { interactionEvent: 'Register' })
  const { verificationId } = await must('POST', '/verification/verification-code', {
    identifier,
    interactionEvent: 'Register',
  })
  const code = await codeFor(goal, identifier.value)
  const checked = await call('POST', '/verification/verification-code/verify', {
    identifier,
    verificationId,
    code,
  })
  if (checked.refusal) {
    run.tally.codesLost += 1
    run.tally.refusals.push(checked.refusal)
    return
  }
  await must('POST', '/identification', { verificationId })
  const { redirectTo } = await must('POST', '/submit')
  run.registered.push(identifier.value)
  await run.step('GET /oidc/auth/…', () => browser.request(String(redirectTo), { headers }))
  run.tally.signIns += 1
  for (const tell of run.arrived.splice(0)) tell()
}

/** Lets one visitor in after another. */
async function visitAndVisit(run: Run): Promise<void> {
  while (!run.stopped) {
    try {
      await visit(run, run.visitors++)
    } catch (error) {
      if (error instanceof Unclear) run.tally.begunAnew += 1
      else if (!(error instanceof Stopped)) {
        run.tally.faults.push(String((error as Error).cause ?? error))
        await sleep(AGAIN_AFTER)
      }
    }
  }
}

/** Asks for what needs no database: whoever waits for it waits for the event loop. */
async function watch(run: Run): Promise<void> {
  while (!run.stopped) {
    const start = performance.now()
    await fetch(`${run.goal.endpoint}/api/status`).catch(() => undefined)
    run.tally.longestPause = Math.max(run.tally.longestPause, performance.now() - start)
    await sleep(25)
  }
}

/**
 * Lets visitors in, so many at once. Each asks for a page, has a code sent to a number that nobody else has, reads it
 * in the inbox, registers with it and goes back to the application. What is answered 503 is asked again.
 */
export function startTraffic(goal: Goal, width: number): Traffic {
  const run = new Run(goal)
  const all = Promise.all([watch(run), ...Array.from({ length: width }, () => visitAndVisit(run))])
  return {
    registered: run.registered,
    take() {
      const taken = run.tally
      run.tally = newTally()
      return taken
    },
    async nextSignIn() {
      const start = performance.now()
      await Promise.race([new Promise<void>(resolve => run.arrived.push(resolve)), sleep(15_000)])
      return performance.now() - start
    },
    async stop() {
      run.stopped = true
      run.arrived = []
      await all
    },
  }
}
