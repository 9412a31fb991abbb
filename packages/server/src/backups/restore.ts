import type { Database } from '../db/database.ts'
import { migrations } from '../db/migrations.ts'
import { patiently } from '../db/patience.ts'
import { bringUpToDate } from '../db/up-to-date.ts'
import type { Head, Outcome } from './backup.ts'
import { BackupError } from './backup-error.ts'
import type { ReadBackup } from './reading.ts'
import { type Tally, tallyOf } from './rows.ts'
import {
  askerOf,
  dropOurs,
  holdsRows,
  insertRows,
  kindOf,
  rowsOf,
  shapesIn,
  withoutTriggers,
} from './store.ts'

/**
 * Reads a backup to its end without putting it anywhere, so it is known to be whole.
 *
 * @throws BackupError when it is not
 */
export async function checkBackup({ head, tables }: ReadBackup): Promise<Outcome> {
  const tallies: Tally[] = []
  for await (const { rows, tally } of tables) {
    for await (const _ of rows);
    tallies.push(tally())
  }
  return { head, tables: tallies }
}

/**
 * Puts a backup back, all of it or nothing, into either kind of database: the tables as they were at its version, its rows,
 * a comparison of what stands there with what was backed up, and then the migrations that have come since.
 *
 * @param about `force` deletes what stands in the database; `setUsernameCase` makes usernames unique as they were
 * @throws BackupError when the database is not empty, or the backup cannot be read to its end
 * @example const { tables } = await putBack({ db, backup: await readBackup(source, passphrase), force: false, setUsernameCase })
 */
export async function putBack(about: {
  db: Database
  backup: ReadBackup
  force: boolean
  setUsernameCase(tx: Database, caseSensitive: boolean): Promise<void>
}): Promise<Outcome> {
  const { db, backup, force, setUsernameCase } = about
  const { head } = backup
  const wanted = migrationsOf(head)
  return patiently(() =>
    db.transaction().execute(async tx => {
      if (!force && (await holdsRows(kindOf(db), askerOf(tx)))) throw new BackupError('occupied')
      await dropOurs(tx)
      await bringUpToDate(tx, wanted)
      const switchOn = await withoutTriggers(tx)
      const tables = await load(tx, backup)
      await compare(tx, tables)
      await switchOn()
      if (head.foldsUsernames) await setUsernameCase(tx, false)
      await bringUpToDate(tx)
      return { head, tables }
    }),
  )
}

/** @throws BackupError `newer` for a migration that only a later version knows */
export function migrationsOf({ migrations: names }: Head): typeof migrations {
  const unknown = names.find(name => !Object.hasOwn(migrations, name))
  if (unknown !== undefined) throw new BackupError('newer', unknown)
  return Object.fromEntries(names.map(name => [name, migrations[name]!]))
}

async function load(tx: Database, { tables }: ReadBackup): Promise<Tally[]> {
  const kind = kindOf(tx)
  const ask = askerOf(tx)
  const there = new Map((await shapesIn(kind, ask)).map(shape => [shape.name, shape.columns.join()]))
  const tallies: Tally[] = []
  for await (const { shape, rows, tally } of tables) {
    // It was made by the same migrations, so another shape is no backup of ours.
    if (there.get(shape.name) !== shape.columns.join()) throw new BackupError('damaged', shape.name)
    for await (const some of rows) await insert(shape.name, () => insertRows(kind, ask, shape, some))
    tallies.push(tally())
  }
  return tallies
}

/** PostgreSQL keeps no text with the character NUL, and says so of the statement only. */
async function insert(table: string, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    const { code } = error as { code?: unknown }
    throw code === '22021' || code === '22P05' ? new BackupError('value', table, { cause: error }) : error
  }
}

/** @throws BackupError `differs` when what stands in the tables is not what was read */
async function compare(tx: Database, tables: readonly Tally[]): Promise<void> {
  const kind = kindOf(tx)
  const ask = askerOf(tx)
  const read = new Map(tables.map(each => [each.table, each]))
  for (const shape of await shapesIn(kind, ask)) {
    const tally = tallyOf(shape.name)
    for await (const rows of rowsOf(kind, ask, shape)) for (const row of rows) tally.add(row)
    const { rows, fingerprint } = tally.result()
    const wanted = read.get(shape.name)
    if (rows !== (wanted?.rows ?? 0) || (wanted && fingerprint !== wanted.fingerprint))
      throw new BackupError('differs', shape.name)
  }
}
