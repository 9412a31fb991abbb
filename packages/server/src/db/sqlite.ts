import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Dialect, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { prepareDatabaseFile } from './private-files.ts'
import { SqliteDriver } from './sqlite-driver.ts'
import { addFunctions } from './sqlite-functions.ts'

/** The driver itself keeps queries and transactions apart, so Kysely need not let them in one by one. */
class Adapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }

  /** Kysely says no, as it is on one connection. Here all new migrations hold together, or none does. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** A database in memory with all tables and no rows, as the first one of this process was made. */
let inMemory: Uint8Array | undefined

/** Kysely over the runtime's own SQLite. One connection, so writers never meet each other. */
export interface SqliteDialect extends Dialect {
  /** Every further database in memory begins with what stands in this one now. */
  keepAsBeginning(): void
}

/** @param file its path, or `:memory:` */
export function sqliteDialect(file: string, { patient = false } = {}): SqliteDialect {
  if (file !== ':memory:') {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    prepareDatabaseFile(file)
  }
  const db = new DatabaseSync(file)
  if (file === ':memory:' && inMemory) db.deserialize(inMemory)
  // Nobody is served yet, so SQLite itself may wait for another process; the driver no longer lets it.
  db.exec('pragma busy_timeout = 5000')
  // WAL survives a killed process; `full` survives a lost power supply too. A code that was sent must be usable.
  db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  // What a statement may have to undo is kept in memory, and not in a file that is made and deleted for each commit. The
  // pages that requests touch stay in memory (KiB), and are copied from the log to the file less often (pages of 4 KiB).
  db.exec('pragma temp_store = memory; pragma cache_size = -8192; pragma wal_autocheckpoint = 4000')
  addFunctions(db)
  return {
    keepAsBeginning: () => {
      inMemory ??= db.serialize()
    },
    createAdapter: () => new Adapter(),
    createDriver: () => new SqliteDriver(db, patient),
    createIntrospector: kysely => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}
