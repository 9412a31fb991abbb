import { setTimeout as sleep } from 'node:timers/promises'
import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { describeError } from '../http/errors.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { isKnown } from './flow.ts'
import { interactionStore } from './store.ts'
import { Conflict, MOST_TRIES, type Read, type Shelf, Visit, type VisitContent } from './visit.ts'

/** As it is stored. */
type Stored = VisitContent & { until?: number }

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

/** Longest pause before the first retry, in milliseconds; later ones may be longer, so that nodes stop meeting. */
const PAUSE = 2

/** Keeps visits: each request's work is computed from what was read, and written only over exactly that. */
export function createVisits(db: Database, keys: Keys, world: World) {
  const store = interactionStore<Stored>(db, keys)
  const turns = new Map<string, Promise<unknown>>()

  async function read(uid: string): Promise<Read> {
    const now = world.now()
    const { value, version } = (await store.load(uid, now)) ?? { value: { page: {} }, version: 0 }
    const { until = now + LIFETIME, ...content } = value
    return { content, version, until }
  }

  async function write(uid: string, content: VisitContent, { version, until }: Read): Promise<boolean> {
    const now = world.now()
    const sealed = store.seal(uid, { ...content, until })
    if (sealed.length > MOST)
      throw new ApiError('request.invalid_input', {
        kind: 'too-large',
        data: { limit: MOST, message: `one sign-in must not keep more than ${MOST} bytes` },
      })
    const isLarge = sealed.length > STRANGER.most && !(content.state && isKnown(content.state))
    const expiresAt = isLarge ? Math.min(until, now + STRANGER.lifetime) : until
    return store.save(uid, sealed, version, { now, expiresAt })
  }

  const chance = (tries: number) => (PAUSE * (tries + 1) * world.random(1)[0]!) / 255

  const shelfOf = (uid: string): Shelf => ({
    read: () => read(uid),
    write: (content, over) => write(uid, content, over),
    pause: duration => sleep(duration),
    chance,
  })

  /** Runs work on one visit after the earlier work on it: requests to one node then never meet in the database. */
  async function inTurn<T>(uid: string, work: () => Promise<T>): Promise<T> {
    const before = turns.get(uid)
    if (before) store.outdate(uid)
    const mine = (before ?? Promise.resolve()).then(work)
    // Whoever waits for `mine` hears of a failure; the next in turn goes on after it.
    const settled = mine.catch(() => undefined)
    turns.set(uid, settled)
    try {
      return await mine
    } finally {
      if (turns.get(uid) === settled) turns.delete(uid)
    }
  }

  /** Works on what is stored now and writes what came of it, a refusal's part included. */
  async function once<T>(uid: string, work: (visit: Visit) => Promise<T> | T): Promise<T> {
    const shelf = shelfOf(uid)
    const visit = new Visit(uid, shelf, await shelf.read())
    try {
      const result = await work(visit)
      await visit.write()
      visit.finish()
      return result
    } catch (error) {
      if (error instanceof Conflict) throw error
      await visit.write().then(
        () => visit.finish(),
        unwritten => {
          visit.finish(unwritten)
          if (unwritten !== error && !(unwritten instanceof ApiError))
            world.log('error', 'a visit could not be written', { error: describeError(unwritten) })
        },
      )
      throw error
    }
  }

  /**
   * One request's work on a visit: read once, folded in memory, written once, and once more before a message leaves.
   * It begins again when another node was faster and nothing has left yet.
   */
  async function transition<T>(uid: string, work: (visit: Visit) => Promise<T> | T): Promise<T> {
    return inTurn(uid, async () => {
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        try {
          return await once(uid, work)
        } catch (error) {
          if (!(error instanceof Conflict)) throw error
          await sleep(chance(tries))
        }
      }
      throw new Error('An interaction was changed by too many requests at once')
    })
  }

  return {
    transition,
    /** A visit's row for the statement that reads its authorization request, so that one brings both. */
    joined: (uid: string) => store.joined(uid, world.now()),
    /** What is stored, for requests that only look. */
    read: async (uid: string): Promise<VisitContent> => (await read(uid)).content,
    purge: () => store.purge(world.now()),
  }
}

export type Visits = ReturnType<typeof createVisits>
