import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'

export type PhraseRow = Schema['custom_phrases']

/** The SQL of an operator's own texts. */
export function phraseStore(db: Database) {
  return {
    list: () => db.selectFrom('custom_phrases').selectAll().orderBy('language_tag').execute(),
    byTag: (tag: string) =>
      db.selectFrom('custom_phrases').selectAll().where('language_tag', '=', tag).executeTakeFirst(),
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
