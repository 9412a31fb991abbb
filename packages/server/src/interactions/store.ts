import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Database } from '../db/database.ts'

/** A stored value with the version that the next write must name. */
export interface Versioned<T> {
  value: T
  version: number
}

/** The SQL of interactions: state sealed, written only over the version that was read. */
export function interactionStore<T>(db: Database, keys: Keys) {
  const context = (uid: string) => `interaction/${uid}`
  return {
    /** A value as it is stored. */
    seal: (uid: string, value: T): string => seal(keys.seal, JSON.stringify(value), context(uid)),
    async load(uid: string, now: number): Promise<Versioned<T> | undefined> {
      const row = await db
        .selectFrom('interactions')
        .select(['state', 'version'])
        .where('uid', '=', uid)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return row && { value: JSON.parse(open(keys.seal, row.state, context(uid))), version: row.version }
    },
    /** Writes what is sealed over `version` (0: there is none yet); false when somebody else was faster. */
    async save(
      uid: string,
      state: string,
      version: number,
      { now, expiresAt }: { now: number; expiresAt: number },
    ): Promise<boolean> {
      if (version === 0) {
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('interactions')
          .values({ uid, state, version: 1, expires_at: expiresAt })
          .onConflict(conflict =>
            conflict
              .column('uid')
              .doUpdateSet({ state, version: 1, expires_at: expiresAt })
              // One that expired and was not purged yet is none.
              .where('interactions.expires_at', '<=', now),
          )
          .executeTakeFirst()
        return numInsertedOrUpdatedRows === 1n
      }
      const { numUpdatedRows } = await db
        .updateTable('interactions')
        .set({ state, version: version + 1, expires_at: expiresAt })
        .where('uid', '=', uid)
        .where('version', '=', version)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    delete: (uid: string) => db.deleteFrom('interactions').where('uid', '=', uid).execute(),
    purge: (now: number) => db.deleteFrom('interactions').where('expires_at', '<=', now).execute(),
  }
}
