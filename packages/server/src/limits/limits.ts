import { newId } from '../crypto/chance.ts'
import { type Keys, mac } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { ApiError } from '../http/errors.ts'
import { oneSpelling } from '../identifiers/one-spelling.ts'
import type { World } from '../world.ts'
import { limitStore } from './store.ts'

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

/** Where places that were given back after a try begin; they take none of those for sends. */
const TRIED = 1000

/** A place taken in a recipient's allowance; given back when nothing was sent. */
export interface Reservation {
  /** @param how `tried`: the provider was asked and refused, which counts as a try all the same */
  release(how?: { tried: boolean }): Promise<void>
}

export interface SentinelPolicy {
  /** Failures within an hour before a block. */
  maxAttempts?: number
  /** Minutes. */
  lockoutDuration?: number
}

/** Whose identifier it is: an end user who tries the name of an operator must not lock that operator out. */
export type Pool = 'visitor' | 'operator'

/** Limits that hold across nodes: they count rows, not memory. */
export function createLimits(db: Database, keys: Keys, world: World) {
  const store = limitStore(db)
  const recipientKey = (recipient: string) => mac(keys.lookup, 'recipient', oneSpelling(recipient))
  // Logto counts what was sent, so each spelling apart; that gives a guesser a whole allowance for each of the many
  // spellings of one e-mail address.
  const identifierKey = (of: Pool, identifier: string) =>
    mac(keys.lookup, 'identifier', of, oneSpelling(identifier))

  return {
    /**
     * Takes a place in the recipient's allowance before a send; parallel requests, also on nodes whose clocks
     * differ, can never take more places than there are. Of tries those that PostgreSQL begins in the same moment may
     * pass the last one together, by less than a send's places.
     *
     * When the places cannot be counted, the send is allowed, as in Logto: somebody waits to be let in, and the code
     * itself must still be stored, so a database that is down sends nothing.
     *
     * @param options `unsent`: the message will not leave, for the recipient is a test identity
     * @throws ApiError `request.message_rate_limited` (429)
     */
    async reserveSend(recipient: string, { unsent = false } = {}): Promise<Reservation> {
      const id = newId(world.random)
      const key = recipientKey(recipient)
      const at = world.now()
      let place: number | undefined
      try {
        place = await store.takePlace(
          { id, recipientKey: key, at, since: at - SENDS.window },
          unsent ? { places: UNSENT, tries: UNSENT } : { places: SENDS.most, tries: TRIES },
        )
      } catch (error) {
        world.log('error', 'messages not counted', { error: String((error as Error).stack) })
        return { release: async () => undefined }
      }
      if (place === undefined)
        throw new ApiError('request.message_rate_limited', { values: { seconds: SENDS.window / 1000 } })
      return {
        async release({ tried } = { tried: false }) {
          if (!tried) return void (await store.freePlace(id, key, place))
          // One of so many that no two meet.
          const aside = TRIED + (Buffer.from(world.random(4)).readUInt32BE() >>> 2)
          await store.movePlace(id, key, place, aside)
        },
      }
    },
    /**
     * Counts the outcome of a check of a password or code for an identifier, and refuses when the identifier
     * is or becomes blocked, right or wrong. An attempt that is refused for that is no failure that counts.
     *
     * @throws ApiError `session.verification_blocked_too_many_attempts`
     */
    async report(of: Pool, identifier: string, succeeded: boolean, policy: SentinelPolicy): Promise<void> {
      const key = identifierKey(of, identifier)
      const now = world.now()
      let until = await store.blockedUntil(key)
      if (until <= now) {
        const id = newId(world.random)
        // Counted after it is written: of parallel guesses none can slip by.
        if (!succeeded) await store.addFailure(id, key, now)
        // Right answers too: the policy may be stricter by now than when the failures were.
        if ((await store.failuresSince(key, now - HOUR)) >= (policy.maxAttempts ?? 100)) {
          until = now + (policy.lockoutDuration ?? 60) * MINUTE
          await store.block(key, until)
          if (!succeeded) await store.deleteFailure(id)
        }
      }
      if (until > now)
        throw new ApiError('session.verification_blocked_too_many_attempts', {
          values: { seconds: Math.ceil((until - now) / 1000) },
        })
    },
    /** Lifts lock-outs of visitors and gives recipients their whole allowance back, in whatever spelling. */
    async forget(targets: string[]): Promise<void> {
      for (const target of targets) await store.forget(recipientKey(target), identifierKey('visitor', target))
    },
    purge: () => store.purge(world.now() - 2 * HOUR),
  }
}

export type Limits = ReturnType<typeof createLimits>
