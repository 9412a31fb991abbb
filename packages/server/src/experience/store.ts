import type { SignInExperience } from '@countersign/api'
import type { Database } from '../db/database.ts'

const KEY = 'sign-in-experience'

/** The SQL of the sign-in experience: one row of the settings, as JSON. */
export function experienceStore(db: Database) {
  return {
    async read(): Promise<Partial<SignInExperience>> {
      const row = await db.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirst()
      return row ? JSON.parse(row.value) : {}
    },
    async write(change: Partial<SignInExperience>): Promise<void> {
      await db.transaction().execute(async tx => {
        const row = await tx.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirst()
        const value = JSON.stringify({ ...(row && JSON.parse(row.value)), ...change })
        await tx
          .insertInto('settings')
          .values({ key: KEY, value })
          .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
          .execute()
      })
    },
  }
}
