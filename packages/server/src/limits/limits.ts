import { newId } from '../crypto/chance.ts'
import { type Keys, mac } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { oneSpelling } from '../identifiers/one-spelling.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { budgetOf, ownBudget, type SentinelPolicy } from './budget.ts'
import { type Attempt, type BlockBegins, createSentinel } from './sentinel.ts'
import { limitStore, TRIED } from './store.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Sends to one recipient within the window, whoever asks, as in Logto. */
const SENDS = { most: 10, window: 10 * MINUTE } as const

/**
 * The same for a test identity: nobody gets these messages, so automatic tests may ask often, but not so often that
 * the sentinel alone stands before a guesser.
 */
const UNSENT = 100

/**
 * Tries within the same window. A send that the provider refuses gives its place back, but has reached the provider;
 * so that nobody can have one number asked for without end, it remains a try.
 */
const TRIES = 20

/** A place taken in a recipient's allowance; given back when nothing was sent. */
export interface Reservation {
  /** @param how `tried`: the provider was asked and refused, which counts as a try all the same */
  release(how?: { tried: boolean }): Promise<void>
}

/** How a send is counted. */
export interface SendOptions {
  /** The message will not leave, for the recipient is a test identity. */
  unsent?: boolean
  /** Milliseconds that must have passed since something was last sent to the recipient, whoever asked for it. */
  pause?: number | undefined
}

/** A send is refused because another went to the same recipient just before. */
export class Paused extends ApiError {
  /** Milliseconds that are left of it. */
  readonly left: number

  constructor(seconds: number) {
    super('request.message_rate_limited', { data: { retryAfter: seconds }, values: { seconds } })
    this.left = seconds * 1000
  }
}

/**
 * Who can try the identifier: everybody, or, by the account API, only who has signed in. Whoever types the id of a user
 * as a name must not block that user there.
 */
export type Pool = 'visitor' | 'account'

/** Limits that hold across nodes: they count rows, not memory. */
export function createLimits(db: Database, keys: Keys, world: World) {
  const store = limitStore(db)
  const sentinel = createSentinel(db, keys, world)
  const recipientKey = (canonical: string) => mac(keys.lookup, 'recipient', canonical)
  // Logto counts what was sent, so each spelling apart; that gives a guesser a whole allowance for each of the many
  // spellings of one e-mail address.
  const identifierKey = (of: Pool, identifier: string) =>
    mac(keys.lookup, 'identifier', of, oneSpelling(identifier))

  /** Whole seconds from `now` until `moment`, one at least. */
  const until = (moment: number, now: number) => Math.max(1, Math.ceil((moment - now) / 1000))

  /** The pause, which is taken with the place of a send; a test identity has none, for nothing is sent to it. */
  async function beginPause(send: { id: string; recipientKey: string; at: number }, pause: number) {
    if (await store.beginPause({ ...send, since: send.at - pause })) return
    throw new Paused(until((await store.lastSend(send.recipientKey)) + pause, send.at))
  }

  return {
    /**
     * Takes a place in the recipient's allowance before a send; parallel requests, also on nodes whose clocks
     * differ, can never take more places than there are. Of tries those that PostgreSQL begins in the same moment may
     * pass the last one together, by less than a send's places.
     *
     * When the places cannot be counted, the send is allowed, as in Logto: somebody waits to be let in, and the code
     * itself must still be stored, so a database that is down sends nothing.
     *
     * @throws ApiError `request.message_rate_limited` (429), which says in how many seconds there is a place again;
     *   `Paused` within the pause after another send
     */
    async reserveSend(
      { canonical }: Recipient,
      { unsent = false, pause = 0 }: SendOptions = {},
    ): Promise<Reservation> {
      const id = newId(world.random)
      const key = recipientKey(canonical)
      const at = world.now()
      const since = at - SENDS.window
      const isPaused = pause > 0 && !unsent
      let place: number | undefined
      let first: number | undefined
      try {
        if (isPaused) await beginPause({ id, recipientKey: key, at }, pause)
        place = await store.takePlace(
          { id, recipientKey: key, at, since },
          unsent ? { places: UNSENT, tries: UNSENT } : { places: SENDS.most, tries: TRIES },
        )
        if (place === undefined) {
          if (isPaused) await store.endPause(id, key)
          first = await store.firstPlace(key, since)
        }
      } catch (error) {
        if (error instanceof Paused) throw error
        world.log('error', 'messages not counted', { error: String((error as Error).stack) })
        return { release: async () => undefined }
      }
      if (place === undefined) {
        const seconds = until((first ?? at) + SENDS.window, at)
        throw new ApiError('request.message_rate_limited', {
          data: { retryAfter: seconds },
          values: { seconds },
        })
      }
      return {
        async release({ tried } = { tried: false }) {
          if (isPaused) await store.endPause(id, key)
          if (!tried) return void (await store.freePlace(id, key, place))
          // One of so many that no two meet.
          const aside = TRIED + (Buffer.from(world.random(4)).readUInt32BE() >>> 2)
          await store.movePlace(id, key, place, aside)
        },
      }
    },
    /** Seconds that are left of the pause after the last send to a recipient; none when it is over. */
    async pauseLeft({ canonical }: Recipient, pause: number): Promise<number> {
      const last = await store.lastSend(recipientKey(canonical))
      return Math.max(0, Math.ceil((last + pause - world.now()) / 1000))
    },
    /** Counts the outcome of a check for an identifier; see `createSentinel`. */
    report(of: Pool, identifier: string, attempt: Attempt, policy: SentinelPolicy, begins?: BlockBegins) {
      const budget = of === 'visitor' ? budgetOf(policy) : ownBudget(policy)
      return sentinel.report(identifierKey(of, identifier), attempt, { policy, budget, begins })
    },
    /** Lifts lock-outs of visitors and gives recipients their whole allowance back, in whatever spelling. */
    async forget(targets: string[]): Promise<void> {
      for (const target of targets) {
        const keysOfTarget = [identifierKey('visitor', target), identifierKey('account', target)]
        await store.forget(recipientKey(oneSpelling(target)), keysOfTarget)
      }
    },
    purge: () => store.purge(world.now() - 2 * HOUR),
  }
}

export type Limits = ReturnType<typeof createLimits>
