import type { SignInExperience } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { remembered } from '../db/memory.ts'

const KEY = 'sign-in-experience'

/** The SQL of the sign-in experience: one row of the settings, as JSON. */
export function experienceStore(db: Database) {
  return {
    read: (): Promise<Partial<SignInExperience>> =>
      remembered(db, KEY, async () => {
        const row = await db.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirst()
        return row ? JSON.parse(row.value) : {}
      }),
    /**
     * Adds what `compute` makes of the stored members. Whoever comes meanwhile waits, so that no change is lost.
     *
     * @param along what must come to pass together with the change, or neither of them
     */
    async change(
      compute: (stored: Partial<SignInExperience>) => Partial<SignInExperience>,
      along: (
        tx: Database,
        stored: Partial<SignInExperience>,
        next: Partial<SignInExperience>,
      ) => Promise<void>,
    ): Promise<Partial<SignInExperience>> {
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
        const stored: Partial<SignInExperience> = JSON.parse(value)
        const next = { ...stored, ...compute(stored) }
        await along(tx, stored, next)
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
