import type { Database } from '../db/database.ts'

/** What of a budget is reached. */
export type Level = 'soft' | 'hard'

/**
 * A level with its amount: one that was changed since is told anew.
 *
 * @example levelOf(budget, 'soft') // 'soft/400000000'
 */
export const levelOf = (budget: Record<Level, number | null>, level: Level): string =>
  `${level}/${budget[level]}`

/** The SQL of which amounts were reached: `await reachedStore(db).note({ key, level, at, until })`. */
export const reachedStore = (db: Database) => ({
  /** Notes the first time that an amount is reached in a period; undefined when that was before. */
  note: (row: { key: string; level: string; at: number; until: number }) =>
    db
      .insertInto('budgets_reached')
      .values(row)
      .onConflict(conflict => conflict.doNothing())
      .returning('at')
      .executeTakeFirst(),
  async of(keys: readonly string[]): Promise<{ key: string; level: string; at: number }[]> {
    if (keys.length === 0) return []
    return db.selectFrom('budgets_reached').select(['key', 'level', 'at']).where('key', 'in', keys).execute()
  },
  purge: (before: number) => db.deleteFrom('budgets_reached').where('until', '<', before).execute(),
})
