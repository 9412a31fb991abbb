import { pipeline } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { Database } from '../db/database.ts'
import { type Shape, type Tally, tallyOf } from './rows.ts'
import { sealedBytes } from './sealed-file.ts'
import { atOneMoment } from './snapshot.ts'
import { type Ask, doneIn, foldsUsernames, type Kind, rowsOf, shapesIn } from './store.ts'

/** The first line of a backup: what it is of. */
export interface Head {
  countersign: 'backup'
  /** Milliseconds since 1970. */
  madeAt: number
  /** The kind of database it was made of. */
  database: Kind
  /** The migrations that had been run there, so the tables of which version it holds. */
  migrations: string[]
  /** Names the secret key with which things in it are sealed. */
  keyId: string
  /** Names the further keys that may have sealed something in it; backups of before do not say. */
  vaultKeys?: string[]
  /** Whether usernames were unique without regard to case. */
  foldsUsernames: boolean
}

/** What a backup, or a restore, has done. */
export interface Outcome {
  head: Head
  tables: Tally[]
}

/**
 * Makes a backup of a database that a server may be writing to: the state of one moment, as lines of JSON, packed and
 * encrypted. After the head stands each table: a line that names it and its columns, one for each row, one with the
 * tally; at the end a line with the number of tables.
 *
 * @param file of SQLite; undefined for PostgreSQL
 * @param write takes the bytes of the backup, in order, and resolves when it can take more
 * @example const { tables } = await makeBackup({ db, file, keyId, passphrase, now, random }, bytes => handle.writeFile(bytes))
 */
export async function makeBackup(
  about: {
    db: Database
    file: string | undefined
    keyId: string
    vaultKeys?: string[]
    passphrase: string
    now(): number
    random(size: number): Uint8Array
    /** How hard it is to try passphrases; for tests. */
    cost?: number
  },
  write: (bytes: Buffer) => Promise<unknown>,
): Promise<Outcome> {
  const { db, file, keyId, vaultKeys = [], now, ...sealing } = about
  return atOneMoment(db, file, async (kind, ask) => {
    const head: Head = {
      countersign: 'backup',
      madeAt: now(),
      database: kind,
      migrations: await doneIn(kind, ask),
      keyId,
      vaultKeys,
      foldsUsernames: await foldsUsernames(kind, ask),
    }
    const tables: Tally[] = []
    const text = linesOf(kind, ask, head, tables)
    for await (const bytes of sealedBytes(packed(text), sealing)) await write(bytes)
    return { head, tables }
  })
}

async function* linesOf(kind: Kind, ask: Ask, head: Head, tables: Tally[]): AsyncGenerator<string> {
  yield line(head)
  for (const shape of await shapesIn(kind, ask)) {
    yield line({ table: shape.name, columns: shape.columns })
    yield* linesOfTable(kind, ask, shape, tables)
  }
  yield line({ tables: tables.length })
}

async function* linesOfTable(kind: Kind, ask: Ask, shape: Shape, tables: Tally[]): AsyncGenerator<string> {
  const tally = tallyOf(shape.name)
  for await (const rows of rowsOf(kind, ask, shape)) {
    for (const row of rows) tally.add(row)
    yield rows.map(line).join('')
  }
  tables.push(tally.result())
  yield line(tally.result())
}

const line = (value: unknown) => `${JSON.stringify(value)}\n`

function packed(text: AsyncIterable<string>): AsyncIterable<Uint8Array> {
  const gzip = createGzip()
  // What fails before it ends it, and whoever reads from it hears of that.
  pipeline(text, gzip, () => {})
  return gzip
}
