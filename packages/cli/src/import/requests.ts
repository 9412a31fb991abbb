import { setTimeout as delay } from 'node:timers/promises'
import { readCapped } from '@countersign/kit'
import { EXIT, Stop } from '../exit-codes.ts'
import { Unreadable } from './reading.ts'

/** What the import needs of the world; tests bring their own. */
export interface SourceWorld {
  fetch: typeof fetch
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Waits so many milliseconds. */
  sleep(milliseconds: number): Promise<void>
  /** Ends what is under way; its reason is a `Stop`. */
  ended?: AbortSignal
}

/** An answer: its body as JSON, or undefined when it was none. */
export interface SourceAnswer {
  status: number
  headers: Headers
  body: unknown
}

/** Nothing usable came in answer to one question, which may be its fault alone. */
export class NoAnswer extends Stop {
  constructor(message: string) {
    super(EXIT.unanswered, message)
  }
}

/** Requests to one server, tried again where that may help. */
export interface Requests {
  /** @throws Stop when no usable answer comes, or one that leads elsewhere */
  send(path: string, init: RequestInit): Promise<SourceAnswer>
}

/** How often a request is tried, and less often before any was answered; and how long to wait before the second try, in milliseconds; doubled each time. */
const TRIES = 7
const FIRST_TRIES = 3
const FIRST_PAUSE = 500

/** The longest that a server may make us wait before the next try, in milliseconds. */
const LONGEST_PAUSE = 60_000

/** One request may take so long, in milliseconds. */
const PATIENCE = 30_000

/** A hundred users with the most that custom data can be, in bytes, decompressed. */
const LONGEST_BODY = 64 * 1024 * 1024

/** Levels of objects and lists; what goes through them calls itself. */
const DEEPEST = 256

/** The network and the clock, until a signal says that it is enough. */
export const sourceWorld = (ended?: AbortSignal): SourceWorld => ({
  fetch: (...args) => fetch(...args),
  now: Date.now,
  sleep: milliseconds =>
    delay(milliseconds, undefined, { signal: ended }).catch(() => ended?.throwIfAborted()),
  ...(ended && { ended }),
})

/** Sends requests to `from`; too many, faults of the server and broken connections are tried again, ever slower. */
export function createRequests(from: string, { fetch, sleep, now, ended }: SourceWorld): Requests {
  let reached = false

  async function once(path: string, init: RequestInit): Promise<SourceAnswer> {
    const answer = await fetch(`${from}${path}`, {
      ...init,
      // The secret and the token go to that address and to no other.
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(PATIENCE), ...(ended ? [ended] : [])]),
    })
    return { status: answer.status, headers: answer.headers, body: json(await textOf(answer, from)) }
  }

  return {
    async send(path, init) {
      let why = ''
      let attempt = 0
      const tries = () => (reached ? TRIES : FIRST_TRIES)
      while (attempt < tries()) {
        ended?.throwIfAborted()
        attempt += 1
        let pause = FIRST_PAUSE * 2 ** (attempt - 1)
        try {
          const answer = await once(path, init)
          reached = true
          if (answer.status >= 300 && answer.status < 400 && answer.status !== 304)
            throw elsewhere(from, answer.headers.get('location'))
          if (answer.status !== 429 && answer.status < 500) return answer
          why = `status ${answer.status}`
          pause = Math.max(pause, asked(answer.headers.get('retry-after'), now()))
        } catch (error) {
          ended?.throwIfAborted()
          if (error instanceof Stop) throw error
          why = reasonOf(error)
        }
        if (attempt < tries()) await sleep(Math.min(pause, LONGEST_PAUSE))
      }
      throw new NoAnswer(
        `${from} gave no answer to ${init.method ?? 'GET'} ${path.split('?')[0]} in ${attempt} tries (${why}). ${
          reached
            ? 'Run the same command again: it goes on where it stopped.'
            : 'Check --from, and that it runs.'
        }`,
      )
    },
  }
}

/** The body as text, read no further than `LONGEST_BODY`. @throws Stop */
async function textOf(answer: Response, from: string): Promise<string> {
  const { bytes, isWhole } = await readCapped(answer.body as AsyncIterable<Uint8Array> | null, LONGEST_BODY)
  if (!isWhole)
    throw new NoAnswer(
      `${from} sends an answer of more than ${LONGEST_BODY} bytes, which no Management API does.`,
    )
  return bytes.toString('utf8')
}

/**
 * What the answer says; undefined for no JSON, and for what nests deeper than anything of Logto's. In a list such an
 * object stands for itself alone.
 */
function json(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    if (Array.isArray(value)) return value.map(each => (isDeep(each) ? new Unreadable(TOO_DEEP, each) : each))
    return isDeep(value) ? undefined : value
  } catch {
    return undefined
  }
}

const TOO_DEEP = `holds something that nests deeper than ${DEEPEST} levels`

const isDeep = (value: unknown, left = DEEPEST): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (left === 0 || Object.values(value).some(each => isDeep(each, left - 1)))

/** What `Retry-After` asks for, in milliseconds: seconds or a date. */
function asked(value: string | null, now: number): number {
  if (value === null) return 0
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0
}

function elsewhere(from: string, location: string | null): Stop {
  const target = location !== null && URL.canParse(location, from) ? new URL(location, from) : undefined
  const remedy =
    target && target.origin !== from
      ? `Use --from ${target.origin} if that is your Logto.`
      : '--from is the address of its sign-in pages (ENDPOINT), without a path.'
  return new Stop(EXIT.unanswered, `${from} leads elsewhere. ${remedy}`)
}

/** Why there was no answer, in few words. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } }
  if (name === 'TimeoutError') return `no answer within ${PATIENCE / 1000} seconds`
  const words: Record<string, string> = {
    ENOTFOUND: 'no such host',
    ECONNREFUSED: 'nothing listens there',
    UND_ERR_SOCKET: 'the connection was cut',
    ECONNRESET: 'the connection was cut',
  }
  return words[cause?.code ?? ''] ?? cause?.code ?? 'the connection failed'
}
