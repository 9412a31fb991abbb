import { sql } from 'kysely'
import { built } from '../db/built.ts'
import type { Database } from '../db/database.ts'

/** A code is overtaken by each other one of its binding once at most, and the limits let few of them through. */
const MOST_OVERTAKEN = 100

interface NewCode {
  id: string
  binding: string
  hash: string
  digits: number
  now: number
}

/** The binding's newest code. */
const newestId = (db: Database, binding: string) =>
  db
    .selectFrom('codes')
    .select('id')
    .where('binding', '=', binding)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)

/** Gives the code's moment, or nothing when another code, stored just now, has taken it, as happens on PostgreSQL. */
const tryInsert = built((db, { now, ...row }: NewCode) =>
  db
    .insertInto('codes')
    .values({
      ...row,
      tries: 0,
      created_at: sql<number>`coalesce((select max(created_at) + 1 from codes where binding = ${row.binding} and created_at >= ${now}), ${now})`,
      consumed_at: null,
    })
    .onConflict(conflict => conflict.columns(['binding', 'created_at']).doNothing())
    .returning('created_at'),
)

/** What is given for a code, and what holds of one that it may spend. */
interface Redeeming {
  binding: string
  /** One for each key. */
  hashes: string[]
  digits: number
  at: number
  tries: number
  createdAfter: number
}

const redeem = built((db, { binding, hashes, digits, at, tries, createdAfter }: Redeeming) =>
  db
    .updateTable('codes')
    .set(({ eb, ref }) => ({
      tries: eb('tries', '+', 1),
      consumed_at: eb
        .case()
        .when(eb.or([eb('hash', 'in', hashes), eb('second_hash', 'in', hashes)]))
        .then(eb.cast<number>(eb.val(at), 'bigint'))
        .else(ref('consumed_at'))
        .end(),
      used: eb
        .case()
        .when('hash', 'in', hashes)
        .then(eb.lit(1))
        .when('second_hash', 'in', hashes)
        .then(eb.lit(2))
        .else(ref('used'))
        .end(),
    }))
    .where('id', '=', newestId(db, binding))
    .where('consumed_at', 'is', null)
    .where(eb => eb.or([eb('digits', '=', digits), eb('digits', 'is', null)]))
    .where('tries', '<', tries)
    .where('created_at', '>', createdAfter)
    .returning(['id', 'hash', 'second_hash', 'tries']),
)

/**
 * The SQL of one-time codes.
 *
 * @example const row = await codeStore(db).newest(binding)
 */
export function codeStore(db: Database) {
  return {
    /**
     * Stores a code as the binding's newest, whatever other nodes' clocks say and whatever else is stored at the same
     * time; returns its moment, which no other code of the binding has and which may lie a little after `now`.
     */
    async insert(code: NewCode): Promise<number> {
      for (let tries = 0; tries <= MOST_OVERTAKEN; tries += 1) {
        const [stored] = await tryInsert(db, code)
        if (stored) return stored.created_at
      }
      throw new Error('Other codes for the same recipient kept coming in between')
    },
    /** Deletes the binding's codes that are older than this moment, which is one code's alone. */
    deleteOlder: (binding: string, createdAt: number) =>
      db.deleteFrom('codes').where('binding', '=', binding).where('created_at', '<', createdAt).execute(),
    delete: (id: string) => db.deleteFrom('codes').where('id', '=', id).execute(),
    /** Stores a second code beside the first; false when the first is gone or was used, or there is a second one. */
    async addSecond(id: string, hash: string): Promise<boolean> {
      const stored = await db
        .updateTable('codes')
        .set({ second_hash: hash })
        .where('id', '=', id)
        .where('second_hash', 'is', null)
        .where('consumed_at', 'is', null)
        .returning('id')
        .executeTakeFirst()
      return stored !== undefined
    },
    newest: (binding: string) =>
      db
        .selectFrom('codes')
        .select(['id', 'digits', 'tries', 'created_at', 'consumed_at'])
        .where('id', '=', newestId(db, binding))
        .executeTakeFirst(),
    /**
     * Pays for one look at the binding's newest code, and spends it when its hash, or that of the second code beside it,
     * is the one given. Nothing when it is spent, expired or out of tries, or has another number of digits. One statement, so parallel callers
     * can neither pay with the same try nor spend the same code, and one wait for the disk.
     */
    redeem: async (
      binding: string,
      { hashes, digits }: { hashes: string[]; digits: number },
      at: number,
      { tries, createdAfter }: { tries: number; createdAfter: number },
    ) => (await redeem(db, { binding, hashes, digits, at, tries, createdAfter }))[0],
    purge: (before: number) => db.deleteFrom('codes').where('created_at', '<', before).execute(),
  }
}

export type CodeStore = ReturnType<typeof codeStore>
