import { setTimeout as sleep } from 'node:timers/promises'
import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { describeError } from '../http/errors.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { isKnown } from './flow.ts'
import {
  Conflict,
  type InteractionContent,
  MOST_TRIES,
  OpenInteraction,
  type Read,
  type Shelf,
} from './open-interaction.ts'
import { type InteractionStore, interactionStore, joinedRow } from './store.ts'

/** An interaction as it is stored, with the moment when it ends. */
type Stored = InteractionContent & { until?: number }

const MINUTE = 60_000

/** An interaction lives as long as its authorization request. */
const LIFETIME = 60 * MINUTE

/** Most characters that an interaction takes in the table, sealed. */
const MOST = 64 * 1024

/**
 * How much a stranger may leave in the table for the whole lifetime, in characters. A larger interaction of somebody
 * who has not proved who they are ends nine minutes after its last change, and so is purged within ten.
 */
export const STRANGER = { most: 3 * 1024, lifetime: 9 * MINUTE } as const

/** Longest pause before the first retry, in milliseconds; later ones may be longer, so that nodes stop meeting. */
const PAUSE = 2

/** What the keeping of interactions works with. */
interface Keeping {
  store: InteractionStore<Stored>
  world: World
  /** The work under way on each interaction, of this node. */
  turns: Map<string, Promise<unknown>>
}

/** Work on an open interaction. */
type Work<T> = (interaction: OpenInteraction) => Promise<T> | T

async function readStored({ store, world }: Keeping, uid: string): Promise<Read> {
  const now = world.now()
  const { value, version } = (await store.load(uid, now)) ?? { value: { page: {} }, version: 0 }
  const { until = now + LIFETIME, ...content } = value
  return { content, version, until }
}

/** Writes over exactly what was read; false when another request was faster. @throws ApiError when it is too large */
async function writeOver(
  { store, world }: Keeping,
  uid: string,
  content: InteractionContent,
  { version, until }: Read,
): Promise<boolean> {
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

/** How long to wait before the next try: by chance, so that two nodes that met do not meet again. */
const chance = ({ world }: Keeping, tries: number) => (PAUSE * (tries + 1) * world.random(1)[0]!) / 255

const shelfOf = (keeping: Keeping, uid: string): Shelf => ({
  read: () => readStored(keeping, uid),
  write: (content, over) => writeOver(keeping, uid, content, over),
  pause: duration => sleep(duration),
  chance: tries => chance(keeping, tries),
})

/** Runs work on one interaction after the earlier work on it: requests to one node then never meet in the database. */
async function inTurn<T>({ store, turns }: Keeping, uid: string, work: () => Promise<T>): Promise<T> {
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

/** Works on what is stored now and writes what came of it, a refusal's part included. @throws Conflict */
async function once<T>(keeping: Keeping, uid: string, work: Work<T>): Promise<T> {
  const shelf = shelfOf(keeping, uid)
  const interaction = new OpenInteraction(uid, shelf, await shelf.read())
  try {
    const result = await work(interaction)
    await interaction.write()
    interaction.finish()
    return result
  } catch (error) {
    if (error instanceof Conflict) throw error
    await interaction.write().then(
      () => interaction.finish(),
      unwritten => {
        interaction.finish(unwritten)
        if (unwritten !== error && !(unwritten instanceof ApiError))
          keeping.world.log('error', 'an interaction could not be written', {
            error: describeError(unwritten),
          })
      },
    )
    throw error
  }
}

/** See `createInteractions`. */
async function transition<T>(keeping: Keeping, uid: string, work: Work<T>): Promise<T> {
  return inTurn(keeping, uid, async () => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      try {
        return await once(keeping, uid, work)
      } catch (error) {
        if (!(error instanceof Conflict)) throw error
        await sleep(chance(keeping, tries))
      }
    }
    throw new Error('An interaction was changed by too many requests at once')
  })
}

/**
 * Keeps interactions: each request's work is computed from what was read, and written only over exactly that.
 *
 * @example
 * const interactions = createInteractions(db, keys, world)
 * await interactions.transition(uid, interaction => interaction.apply({ type: 'begin', event: 'SignIn' }))
 */
export function createInteractions(db: Database, keys: Keys, world: World) {
  const store = interactionStore<Stored>(db, keys)
  const keeping: Keeping = { store, world, turns: new Map() }
  return {
    /**
     * One request's work on an interaction: it is read once, folded in memory, written once, and once more before a
     * message leaves. The work begins again when another node was faster and nothing has left yet.
     */
    transition: <T>(uid: string, work: Work<T>): Promise<T> => transition(keeping, uid, work),
    /** An interaction's row for the statement that reads its authorization request, so that one brings both. */
    joined: { row: joinedRow, found: store.found },
    /** What is stored, for requests that only look. */
    read: async (uid: string): Promise<InteractionContent> => (await readStored(keeping, uid)).content,
    purge: () => store.purge(world.now()),
  }
}

export type Interactions = ReturnType<typeof createInteractions>
