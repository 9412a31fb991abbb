import type { ExpressionBuilder } from 'kysely'
import type { Database } from '../db/database.ts'
import { remembered } from '../db/memory.ts'
import type { Schema } from '../db/schema.ts'

export type HookRow = Schema['hooks']
export type DeliveryRow = Schema['hook_deliveries']

/** The log entries that are asked for; bounds in milliseconds, both inclusive. */
export interface LogFilter {
  event: string | undefined
  from: number | undefined
  to: number | undefined
}

/** The SQL of webhooks. */
export function hookStore(db: Database) {
  return {
    insert: (row: HookRow) => db.insertInto('hooks').values(row).execute(),
    byId: (id: string) => db.selectFrom('hooks').selectAll().where('id', '=', id).executeTakeFirst(),
    list: () =>
      db.selectFrom('hooks').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').execute(),
    /** The enabled ones, with just what says which events they want. */
    wishes: () =>
      remembered(db, 'hook-wishes', () =>
        db.selectFrom('hooks').select(['id', 'event', 'events']).where('enabled', '=', 1).execute(),
      ),
    update: (id: string, change: Partial<HookRow>) =>
      db.updateTable('hooks').set(change).where('id', '=', id).returningAll().executeTakeFirst(),
    async delete(id: string): Promise<boolean> {
      const { numDeletedRows } = await db.deleteFrom('hooks').where('id', '=', id).executeTakeFirst()
      return numDeletedRows > 0n
    },
  }
}

/** Deliveries to one webhook: those of one event, or those that were put off until now, of other events than those. */
export type Kind = { hookId: string } & ({ event: string } | { putOffUntil: number; except: string[] })

/** Those of a kind that nobody has tried yet. */
const untried = (kind: Kind) => (eb: ExpressionBuilder<Schema, 'hook_deliveries'>) =>
  eb.and([
    eb('hook_id', '=', kind.hookId),
    eb('state', '=', 'waiting'),
    eb('tries', '=', 0),
    ...('event' in kind
      ? [eb('event', '=', kind.event)]
      : [
          eb('event', 'not in', kind.except),
          eb('due_at', '<=', kind.putOffUntil),
          eb('due_at', '>', eb.ref('created_at')),
        ]),
  ])

/** The SQL of the outbox: what is to be delivered. */
export function deliveryStore(db: Database) {
  return {
    insert: (rows: DeliveryRow[]) => db.insertInto('hook_deliveries').values(rows).execute(),
    /** The delivery that has been due longest, of another webhook than those, with how its webhook is set. */
    due: (now: number, except: string[]) =>
      db
        .selectFrom('hook_deliveries')
        .leftJoin('hooks', 'hooks.id', 'hook_deliveries.hook_id')
        .selectAll('hook_deliveries')
        .select(['hooks.config as hook_config', 'hooks.enabled as hook_enabled'])
        .where('hook_deliveries.state', '=', 'waiting')
        .where('hook_deliveries.due_at', '<=', now)
        .$if(except.length > 0, query => query.where('hook_deliveries.hook_id', 'not in', except))
        .orderBy('hook_deliveries.due_at')
        .orderBy('hook_deliveries.id')
        .limit(1)
        .executeTakeFirst(),
    /**
     * Takes a delivery for one try; undefined when somebody was faster. `until` is when the try counts as lost. The
     * number of tries decides, which only ever grows: no clock of another node can take the same try twice.
     */
    claim: (id: string, tries: number, until: number) =>
      db
        .updateTable('hook_deliveries')
        .set({ tries: tries + 1, due_at: until })
        .where('id', '=', id)
        .where('tries', '=', tries)
        .where('state', '=', 'waiting')
        .returningAll()
        .executeTakeFirst(),
    /** Puts off a delivery that nobody has taken. */
    putOff: ({ id, tries }: Pick<DeliveryRow, 'id' | 'tries'>, until: number) =>
      db
        .updateTable('hook_deliveries')
        .set({ due_at: until })
        .where('id', '=', id)
        .where('tries', '=', tries)
        .where('state', '=', 'waiting')
        .execute(),
    /** Puts off all deliveries of an event to a webhook that were never tried. */
    putAllOff: (hookId: string, event: string, until: number) =>
      db
        .updateTable('hook_deliveries')
        .set({ due_at: until })
        .where(untried({ hookId, event }))
        .where('due_at', '<', until)
        .execute(),
    /** Others of a kind that were never tried, oldest first. */
    untried: (kind: Kind, but: string, limit: number) =>
      db
        .selectFrom('hook_deliveries')
        .selectAll()
        .where(untried(kind))
        .where('id', '!=', but)
        .orderBy('created_at')
        .orderBy('id')
        .limit(limit)
        .execute(),
    /** The ids of the same, without those of another list. */
    async moreUntried(kind: Kind, but: readonly string[], limit: number): Promise<string[]> {
      const rows = await db
        .selectFrom('hook_deliveries')
        .select('id')
        .where(untried(kind))
        .where('id', 'not in', but)
        .orderBy('created_at')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id)
    },
    /** Writes down that these, which were never tried, are told by another delivery. */
    settleUntried: (kind: Kind, ids: readonly string[], now: number) =>
      db
        .updateTable('hook_deliveries')
        .set({ state: 'delivered', settled_at: now })
        .where(untried(kind))
        .where('id', 'in', ids)
        .execute(),
    /** Others of an event to a webhook that have not ended, newest first. */
    unsettled: (hookId: string, event: string, but: string, limit: number) =>
      db
        .selectFrom('hook_deliveries')
        .selectAll()
        .where('hook_id', '=', hookId)
        .where('event', '=', event)
        .where('state', '=', 'waiting')
        .where('id', '!=', but)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    /** Writes down what became of a try, unless it was given up for lost and taken by somebody else. */
    async conclude({ id, tries }: DeliveryRow, change: Partial<DeliveryRow>): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('hook_deliveries')
        .set(change)
        .where('id', '=', id)
        .where('tries', '=', tries)
        .where('state', '=', 'waiting')
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
  }
}

/**
 * How many deliveries are due; stops at `most`.
 *
 * @example await countDue(db, world.now(), 10_000)
 */
export async function countDue(db: Database, now: number, most: number): Promise<number> {
  const due = db
    .selectFrom('hook_deliveries')
    .select('id')
    .where('state', '=', 'waiting')
    .where('due_at', '<=', now)
    .limit(most)
  const { count } = await db
    .selectFrom(due.as('due'))
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The SQL of the log: what was delivered, or failed. */
export function deliveryLog(db: Database) {
  const settled = (hookId: string, { event, from, to }: LogFilter) =>
    db
      .selectFrom('hook_deliveries')
      .where('hook_id', '=', hookId)
      .where('settled_at', 'is not', null)
      .$if(event !== undefined, query => query.where('event', '=', event!))
      .$if(from !== undefined, query => query.where('settled_at', '>=', from!))
      .$if(to !== undefined, query => query.where('settled_at', '<=', to!))
  return {
    /** One that is settled. */
    byId: (id: string) =>
      db
        .selectFrom('hook_deliveries')
        .selectAll()
        .where('id', '=', id)
        .where('settled_at', 'is not', null)
        .executeTakeFirst(),
    log: (hookId: string, filter: LogFilter, limit: number, offset: number) =>
      settled(hookId, filter)
        .selectAll()
        .orderBy('settled_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute(),
    /** Counts them, no further than `most`. */
    async count(hookId: string, filter: LogFilter, most: number | undefined): Promise<number> {
      const { count } = await db
        .selectFrom(
          settled(hookId, filter)
            .select('id')
            .$if(most !== undefined, query => query.limit(most!))
            .as('found'),
        )
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    /** Settled and delivered ones of each webhook since a moment. */
    async statistics(hookIds: string[], since: number) {
      if (hookIds.length === 0) return []
      const rows = await db
        .selectFrom('hook_deliveries')
        .select(({ fn }) => ['hook_id', 'state', fn.countAll<number>().as('count')])
        .where('hook_id', 'in', hookIds)
        .where('settled_at', '>=', since)
        .groupBy(['hook_id', 'state'])
        .execute()
      return rows.map(row => ({ ...row, count: Number(row.count) }))
    },
    purge: (before: number) => db.deleteFrom('hook_deliveries').where('settled_at', '<', before).execute(),
  }
}

export type HookStore = ReturnType<typeof hookStore>
export type DeliveryStore = ReturnType<typeof deliveryStore>
/** A delivery that is due, with how its webhook is set. */
export type DueRow = NonNullable<Awaited<ReturnType<DeliveryStore['due']>>>
export type DeliveryLog = ReturnType<typeof deliveryLog>
