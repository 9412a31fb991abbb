import type { Database } from '../db/database.ts'

const FIRST_OPERATOR_LINK = 'first-operator-link'

/** The SQL of operators and their sessions. */
export function operatorStore(db: Database) {
  return {
    async any(): Promise<boolean> {
      return (await db.selectFrom('operators').select('id').limit(1).executeTakeFirst()) !== undefined
    },
    byName: (nameKey: string) =>
      db.selectFrom('operators').selectAll().where('name_key', '=', nameKey).executeTakeFirst(),
    async setLink(hash: string): Promise<void> {
      await db
        .insertInto('settings')
        .values({ key: FIRST_OPERATOR_LINK, value: hash })
        .onConflict(conflict => conflict.column('key').doUpdateSet({ value: hash }))
        .execute()
    },
    /** Spends the one-time link and stores the first operator together, or does neither. */
    insertFirst: (
      linkHash: string,
      operator: { id: string; name: string; name_key: string; password_hash: string; created_at: number },
    ): Promise<boolean> =>
      db.transaction().execute(async tx => {
        const { numDeletedRows } = await tx
          .deleteFrom('settings')
          .where('key', '=', FIRST_OPERATOR_LINK)
          .where('value', '=', linkHash)
          .executeTakeFirst()
        if (numDeletedRows !== 1n) return false
        await tx.insertInto('operators').values(operator).execute()
        return true
      }),
    addSession: (idHash: string, operatorId: string, expiresAt: number) =>
      db
        .insertInto('operator_sessions')
        .values({ id_hash: idHash, operator_id: operatorId, expires_at: expiresAt })
        .execute(),
    bySession: (idHash: string, now: number) =>
      db
        .selectFrom('operator_sessions')
        .innerJoin('operators', 'operators.id', 'operator_sessions.operator_id')
        .select(['operators.id', 'operators.name'])
        .where('operator_sessions.id_hash', '=', idHash)
        .where('operator_sessions.expires_at', '>', now)
        .executeTakeFirst(),
    deleteSession: (idHash: string) =>
      db.deleteFrom('operator_sessions').where('id_hash', '=', idHash).execute(),
    purge: (now: number) => db.deleteFrom('operator_sessions').where('expires_at', '<', now).execute(),
  }
}
