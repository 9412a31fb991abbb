import type { AccountCenter } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { remembered } from '../db/memory.ts'

const KEY = 'account-center'

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

/** The SQL of accounts: users' proofs, and the settings, which are one row as JSON. */
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

    readSettings: (): Promise<Partial<AccountCenter>> =>
      remembered(db, KEY, async () => {
        const row = await db.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirst()
        return row ? JSON.parse(row.value) : {}
      }),
    /** Adds members to the settings. Whoever comes meanwhile waits, so that no change is lost. */
    async changeSettings(change: Partial<AccountCenter>): Promise<Partial<AccountCenter>> {
      return db.transaction().execute(async tx => {
        // Writing the row as it is takes its lock, on both databases, whether or not it was there.
        const { value } = await tx
          .insertInto('settings')
          .values({ key: KEY, value: '{}' })
          .onConflict(conflict =>
            conflict.column('key').doUpdateSet(({ ref }) => ({ value: ref('settings.value') })),
          )
          .returning('value')
          .executeTakeFirstOrThrow()
        const next = { ...JSON.parse(value), ...change }
        await tx
          .updateTable('settings')
          .set({ value: JSON.stringify(next) })
          .where('key', '=', KEY)
          .execute()
        return next
      })
    },
  }
}
