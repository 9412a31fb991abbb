import type { Database } from '../db/database.ts'
import { remembered } from '../db/memory.ts'
import { settingsStore } from './store.ts'

/** Reads one setting as it stands in the database. For example: `await readSetting(db, 'first-operator-link')`. */
export const readSetting = (db: Database, key: string): Promise<string | undefined> =>
  settingsStore(db).read(key)

/** Those of the named settings that are there; the same object as long as nothing has changed. */
export const rememberedSettings = (db: Database, keys: string[]): Promise<Readonly<Record<string, string>>> =>
  remembered(db, `settings/${keys.join()}`, () => settingsStore(db).readAll(keys))

/** Stores a setting, whether or not it was there. */
export const putSetting = (db: Database, key: string, value: string): Promise<void> =>
  settingsStore(db).put(key, value)

/** Stores a setting unless it is there, and returns the one that is: two nodes that start at once agree. */
export async function settleSetting(db: Database, key: string, value: string): Promise<string> {
  const store = settingsStore(db)
  await store.putIfMissing(key, value)
  const settled = await store.read(key)
  if (settled === undefined) throw new Error(`The setting ${key} was deleted while it was being stored.`)
  return settled
}

/** Changes a setting unless somebody else has; tells whether it did. */
export const replaceSetting = (db: Database, key: string, old: string, value: string): Promise<boolean> =>
  settingsStore(db).replace(key, old, value)

/** Deletes a setting that still has this value; tells whether it did. */
export const deleteSetting = (db: Database, key: string, value: string): Promise<boolean> =>
  settingsStore(db).delete(key, value)

/** A setting that is a JSON object, from memory. For example: `await readDocument(db, 'account-center')`. */
export const readDocument = <T extends object>(db: Database, key: string): Promise<Partial<T>> =>
  remembered(db, key, async () => {
    const value = await settingsStore(db).read(key)
    return value === undefined ? {} : JSON.parse(value)
  })

/**
 * Adds to a JSON object what `compute` makes of its stored members, and returns the whole. Whoever comes meanwhile
 * waits, so that no change is lost. For example:
 *
 *     await changeDocument<AccountCenter>(db, 'account-center', () => ({ enabled: true }))
 *
 * @param along what must come to pass together with the change, or neither of them
 */
export async function changeDocument<T extends object>(
  db: Database,
  key: string,
  compute: (stored: Partial<T>) => Partial<T>,
  along?: (tx: Database, stored: Partial<T>, next: Partial<T>) => Promise<void>,
): Promise<Partial<T>> {
  return db.transaction().execute(async tx => {
    const store = settingsStore(tx)
    const stored: Partial<T> = JSON.parse(await store.lock(key, '{}'))
    const next = { ...stored, ...compute(stored) }
    await along?.(tx, stored, next)
    await store.update(key, JSON.stringify(next))
    return next
  })
}
