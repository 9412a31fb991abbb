import { AsyncLocalStorage } from 'node:async_hooks'
import type { AuditLog } from '@countersign/api'
import { newId } from '../crypto/chance.ts'
import type { Database } from '../db/database.ts'
import { writingTogether } from '../db/together.ts'
import { bodyOf, describeError } from '../http/errors.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { fit } from './fit.ts'
import { type AuditFilter, type AuditRow, auditStore } from './store.ts'
import { strike } from './strike.ts'
import { withUserAgent } from './user-agent.ts'

export type { AuditFilter, UserIds } from './store.ts'

/** From where something was done, and what has been learned about it on the way. */
export interface Scene {
  ip?: string | undefined
  userAgent?: string | undefined
  userId?: string | undefined
  applicationId?: string | undefined
  operatorId?: string | undefined
  /** Beside the id, since operators are removed one day and what they did is kept. */
  operatorName?: string | undefined
  interactionId?: string | undefined
  /** The test identity that was made, changed or deleted. */
  testIdentity?: { id?: string; type: 'phone' | 'email'; value: string } | undefined
  /** The operator to whom something was done. */
  operator?: { id: string; name: string } | undefined
  /** Whose failures it was that an attempt was refused for: the client's own, or everybody's passwords or codes. */
  blockedBy?: 'client' | 'passwords' | 'codes' | undefined
  /** Why a check for people was not taken, in one word. */
  captchaRefused?: string | undefined
  /** The secret with which an application showed who it is, by its name. */
  applicationSecret?: { name: string } | undefined
}

/** What is written down beside the scene; secrets, codes and recipients may be in it, they are struck out here. */
export interface Facts extends Scene {
  /** Why it did not work out. */
  error?: unknown
  [member: string]: unknown
}

const DAY = 24 * 60 * 60_000

/** About what an entry takes besides its payload while it waits to be written, in bytes. */
const ENTRY_BYTES = 200

/** Counting more than this takes long, and nobody turns so many pages. */
const MOST_COUNTED = 10_000

/** An error as the log tells it: its public code and sentence. Its data may name somebody. */
function tell(error: unknown): unknown {
  if (!(error instanceof ApiError)) {
    const { error: name, error_description: description } = error as Record<string, unknown>
    return typeof name === 'string'
      ? { code: `oidc.${name}`, message: String(description ?? name) }
      : 'failed'
  }
  const { code, message } = bodyOf(error)
  return { code, message }
}

/** What somebody names as an id may be anything, bytes that no database takes among it; what is no id is nobody's. */
const idOf = (given: string | undefined) =>
  given !== undefined && /^[\w-]{1,128}$/.test(given) ? given : null

const wire = (row: AuditRow): AuditLog => ({
  tenantId: 'default',
  id: row.id,
  key: row.key,
  payload: withUserAgent(JSON.parse(row.payload)),
  createdAt: row.created_at,
})

/** Who did what, from where, and what came of it. */
export function createAudit(db: Database, world: World, keepDays: number) {
  const store = auditStore(db)
  const entries = writingTogether<AuditRow>({
    insert: store.insert,
    sizeOf: row => ENTRY_BYTES + row.payload.length,
    // What was done is done; that it could not be written down must not undo it.
    lost: (count, reason) =>
      world.log('error', 'audit entries lost', { error: `${count}: ${describeError(reason)}` }),
  })
  const scenes = new AsyncLocalStorage<Scene>()
  const pending = new Set<Promise<void>>()

  function write(key: string, createdAt: number, { error, ...facts }: Facts): void {
    const payload = {
      key,
      result: error === undefined ? 'Success' : 'Error',
      ...(strike(facts) as object),
      ...(error !== undefined && { error: tell(error) }),
    }
    entries.add({
      id: newId(world.random),
      key,
      payload: JSON.stringify(fit(payload)),
      user_id: idOf(facts.userId),
      application_id: idOf(facts.applicationId),
      failed: error === undefined ? 0 : 1,
      operator_id: idOf(facts.operatorId),
      operator_concerned_id: idOf(facts.operator?.id),
      created_at: createdAt,
    })
  }

  /** Writes what was recorded so far, as far as the database is there. */
  async function settled(): Promise<void> {
    await Promise.all(pending)
    await entries.flush()
  }

  return {
    /** Runs what one request brings; entries made meanwhile carry the scene. */
    during: <T>(scene: Scene, run: () => T): T => scenes.run({ ...scene }, run),
    /** What is known by now of the request that is under way. */
    scene: (): Readonly<Scene> => scenes.getStore() ?? {},
    /** Adds to the scene what has been learned. */
    note(scene: Scene): void {
      Object.assign(scenes.getStore() ?? {}, scene)
    },
    /**
     * Writes an entry down, within a fifth of a second and while the request goes on. Facts may still be on their way.
     */
    record(key: string, facts: Facts | Promise<Facts> = {}): void {
      const scene = { ...scenes.getStore() }
      const createdAt = world.now()
      const writing = (async () => write(key, createdAt, { ...scene, ...(await facts) }))().catch(cause =>
        world.log('error', 'audit entries lost', { code: key, error: `1: ${describeError(cause)}` }),
      )
      pending.add(writing)
      void writing.finally(() => pending.delete(writing))
    },
    settled,
    /** How many entries wait to be written. */
    waiting: entries.waiting,
    /** Writes what was recorded, for the last time. */
    async close(): Promise<void> {
      await Promise.all(pending)
      await entries.close()
    },
    /** Entries, newest first. `cap`: count no further than anybody looks. */
    async list(filter: AuditFilter, { size, offset, cap }: { size: number; offset: number; cap: boolean }) {
      await settled()
      const rows = await store.list(filter, size, offset)
      const count = await store.count(filter, cap ? MOST_COUNTED + 1 : undefined)
      const capped = cap && count > MOST_COUNTED
      // One more than was to be counted: that is the number by which Logto's clients know that there are more.
      return { logs: rows.map(wire), total: count, capped }
    },
    /** @throws ApiError `entity.not_exists_with_id` */
    async get(id: string): Promise<AuditLog> {
      await settled()
      const row = await store.byId(id)
      if (!row) throw new ApiError('entity.not_exists_with_id')
      return wire(row)
    },
    purge: () => store.purge(world.now() - keepDays * DAY),
  }
}

export type Audit = ReturnType<typeof createAudit>
