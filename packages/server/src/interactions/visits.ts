import { setTimeout as sleep } from 'node:timers/promises'
import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { ApiError } from '../http/errors.ts'
import type { World } from '../world.ts'
import { type Event, isKnown, type State, step } from './flow.ts'
import type { PageMemory } from './page-memory.ts'
import { interactionStore } from './store.ts'

/** What is kept of one visit. */
export interface Visit {
  state?: State
  /** What the hosted pages must know from one page to the next; the flow never reads it. */
  page: PageMemory
}

/** As it is stored: with the moment at which the authorization request ends, and the visit with it. */
type Stored = Visit & { until?: number }

const MINUTE = 60_000

/** An interaction lives as long as its authorization request. */
const LIFETIME = 60 * MINUTE

/** Most characters that a visit takes in the table, sealed. */
const MOST = 64 * 1024

/**
 * What strangers leave in the table for the whole lifetime. A visit that is larger ends so long after its last
 * change, until the visitor has proved who they are: it is gone ten minutes later, the purge included.
 */
export const STRANGER = { most: 3 * 1024, lifetime: 9 * MINUTE } as const

/** Only other nodes can come between; more means that something writes in a loop. */
const MOST_RETRIES = 40

/** Longest pause before the first retry, in milliseconds; later ones may be longer, so that nodes stop meeting. */
const PAUSE = 2

/** Keeps visits: every change is computed from what was read and written only over exactly that. */
export function createVisits(db: Database, keys: Keys, world: World) {
  const store = interactionStore<Stored>(db, keys)
  const turns = new Map<string, Promise<unknown>>()

  /** Runs work on one visit after the earlier work on it: requests to one node then never meet in the database. */
  async function inTurn<T>(uid: string, work: () => Promise<T>): Promise<T> {
    const mine = (turns.get(uid) ?? Promise.resolve()).then(work)
    const settled = mine.catch(() => undefined)
    turns.set(uid, settled)
    try {
      return await mine
    } finally {
      if (turns.get(uid) === settled) turns.delete(uid)
    }
  }

  const change = (uid: string, compute: (visit: Visit) => Visit) => inTurn(uid, () => tryChange(uid, compute))

  async function tryChange(uid: string, compute: (visit: Visit) => Visit): Promise<Visit> {
    for (let tries = 0; tries < MOST_RETRIES; tries += 1) {
      const now = world.now()
      const { value, version } = (await store.load(uid, now)) ?? { value: { page: {} }, version: 0 }
      const { until = now + LIFETIME, ...visit } = value
      const next = compute(visit)
      if (next === visit) return next
      const sealed = store.seal(uid, { ...next, until })
      if (sealed.length > MOST)
        throw new ApiError('request.invalid_input', {
          status: 413,
          data: { limit: MOST, message: `one sign-in must not keep more than ${MOST} bytes` },
        })
      const isLarge = sealed.length > STRANGER.most && !(next.state && isKnown(next.state))
      const expiresAt = isLarge ? Math.min(until, now + STRANGER.lifetime) : until
      if (await store.save(uid, sealed, version, { now, expiresAt })) return next
      await sleep((PAUSE * (tries + 1) * world.random(1)[0]!) / 255)
    }
    throw new Error('An interaction was changed by too many requests at once')
  }

  return {
    async read(uid: string): Promise<Visit> {
      const { until: _, ...visit } = (await store.load(uid, world.now()))?.value ?? { page: {} }
      return visit
    },
    /** @throws ApiError `session.interaction_not_found` before the first event */
    async state(uid: string): Promise<State> {
      const state = (await store.load(uid, world.now()))?.value.state
      if (!state) throw new ApiError('session.interaction_not_found')
      return state
    },
    /** Applies an event of the flow; throws what the flow throws, and then changes nothing. */
    async apply(uid: string, event: Event): Promise<State> {
      const { state } = await change(uid, visit => ({ ...visit, state: step(visit.state, event) }))
      return state!
    },
    /** Changes what the pages remember. */
    remember: (uid: string, page: Partial<PageMemory>) =>
      change(uid, visit => ({ ...visit, page: { ...visit.page, ...page } })),
    /** Forgets the flow's state; the pages keep their memory, the authorization request lives on. */
    clear: (uid: string) => change(uid, ({ page }) => ({ page })),
    purge: () => store.purge(world.now()),
  }
}

export type Visits = ReturnType<typeof createVisits>
