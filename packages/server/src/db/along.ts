import type { Database } from './database.ts'

/**
 * Something that is written in the transaction of a change, such as the event that webhooks are told of it. Where there
 * is nothing to write it is undefined, and costs the change nothing.
 */
export type Along<T> = Writing<T> | undefined

interface Writing<T> {
  /** Writes. When it fails, the change has not happened. @param result what the change came to */
  write(tx: Database, result: T): Promise<void>
  /** Hears that all of it is there. */
  written?(): void
}

/**
 * Runs work in a transaction: in the one that is open already, or in one of its own.
 *
 * @example await inTransaction(db, async tx => insert(tx, row))
 */
export const inTransaction = <T>(db: Database, work: (tx: Database) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db) : db.transaction().execute(work)

/**
 * Makes a change and writes what goes along with it, both or neither. A change that finds nothing to change (undefined)
 * takes nothing along. For example:
 *
 *     await changeAlong(db, along, on => on.updateTable('users').set({ name }).returningAll().executeTakeFirst())
 */
export async function changeAlong<T>(
  db: Database,
  along: Along<T>,
  change: (on: Database) => Promise<T | undefined>,
): Promise<T | undefined> {
  if (!along) return change(db)
  const result = await inTransaction(db, async tx => {
    const changed = await change(tx)
    if (changed !== undefined) await along.write(tx, changed)
    return changed
  })
  if (result !== undefined) along.written?.()
  return result
}

/**
 * Writes two things along, in this order.
 *
 * @example const along = both(toldOfUser, alongRegistration(room))
 */
export function both<T>(first: Along<T>, second: Along<T>): Along<T> {
  if (!first || !second) return first ?? second
  return {
    async write(tx, result) {
      await first.write(tx, result)
      await second.write(tx, result)
    },
    written() {
      first.written?.()
      second.written?.()
    },
  }
}
