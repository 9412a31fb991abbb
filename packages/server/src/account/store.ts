import type { Database } from '../db/database.ts'

/** A proof as it is stored. */
export interface StoredVerification {
  id: string
  userId: string
  kind: 'password' | 'email' | 'phone'
  /** Which template the code went out with; null for a password. */
  usageType: string | null
  /** Sealed: where the code went; null for a password. */
  recipient: string | null
  verified: boolean
  expiresAt: number
}

/**
 * The SQL of users' proofs that they are who they are.
 *
 * @example await accountStore(db).markVerified(id)
 */
export function accountStore(db: Database) {
  return {
    async insert(record: StoredVerification): Promise<void> {
      await db
        .insertInto('account_verifications')
        .values({
          id: record.id,
          user_id: record.userId,
          kind: record.kind,
          usage_type: record.usageType,
          recipient: record.recipient,
          verified: record.verified ? 1 : 0,
          expires_at: record.expiresAt,
        })
        .execute()
    },
    async byId(id: string, now: number): Promise<StoredVerification | undefined> {
      const row = await db
        .selectFrom('account_verifications')
        .selectAll()
        .where('id', '=', id)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return (
        row && {
          id: row.id,
          userId: row.user_id,
          kind: row.kind as StoredVerification['kind'],
          usageType: row.usage_type,
          recipient: row.recipient,
          verified: row.verified === 1,
          expiresAt: row.expires_at,
        }
      )
    },
    markVerified: (id: string) =>
      db.updateTable('account_verifications').set({ verified: 1 }).where('id', '=', id).execute(),
    delete: (id: string) => db.deleteFrom('account_verifications').where('id', '=', id).execute(),
    deleteUnverified: (userId: string, kind: StoredVerification['kind']) =>
      db
        .deleteFrom('account_verifications')
        .where('user_id', '=', userId)
        .where('kind', '=', kind)
        .where('verified', '=', 0)
        .execute(),
    purge: (now: number) => db.deleteFrom('account_verifications').where('expires_at', '<=', now).execute(),
  }
}

export type AccountStore = ReturnType<typeof accountStore>
