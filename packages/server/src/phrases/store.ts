import type { Database } from '../db/database.ts'
import { remembered } from '../db/memory.ts'
import type { Schema } from '../db/schema.ts'

export type PhraseRow = Schema['custom_phrases']

/** The SQL of an operator's own texts. */
export function phraseStore(db: Database) {
  const list = (): Promise<readonly PhraseRow[]> =>
    remembered(db, 'custom-phrases', () =>
      db.selectFrom('custom_phrases').selectAll().orderBy('language_tag').execute(),
    )
  return {
    list,
    byTag: async (tag: string) => (await list()).find(row => row.language_tag === tag),
    /** Writes the texts of a language; the id stays. */
    put: (row: PhraseRow) =>
      db
        .insertInto('custom_phrases')
        .values(row)
        .onConflict(conflict => conflict.column('language_tag').doUpdateSet({ translation: row.translation }))
        .returningAll()
        .executeTakeFirstOrThrow(),
    async delete(tag: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('custom_phrases')
        .where('language_tag', '=', tag)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
  }
}
