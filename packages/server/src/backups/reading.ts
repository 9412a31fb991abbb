import { pipeline } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip } from 'node:zlib'
import { isObject } from '@countersign/kit'
import type { Head } from './backup.ts'
import { BackupError } from './backup-error.ts'
import { type Row, type Shape, type Tally, tallyOf } from './rows.ts'
import { openedBytes } from './sealed-file.ts'

/** No row is longer, in characters; a file must not take more memory than that. */
const LONGEST_LINE = 64 * 1024 * 1024

/** Rows that are handed on at once. */
const AT_ONCE = 200

/** A table of a backup; its rows are read before the next table is. */
export interface ReadTable {
  shape: Shape
  rows: AsyncIterable<Row[]>
  /** What was read, when all rows were. */
  tally(): Tally
}

/** A backup as it is read, once and from its beginning. */
export interface ReadBackup {
  head: Head
  tables: AsyncIterable<ReadTable>
}

/**
 * Opens a backup. What its tables hold is compared with the tallies in it while they are read.
 *
 * @throws BackupError when it is none, the passphrase is another, or the file was cut or changed; also while it is read
 * @example const { head, tables } = await readBackup(createReadStream(file), passphrase)
 */
export async function readBackup(source: AsyncIterable<Uint8Array>, passphrase: string): Promise<ReadBackup> {
  const gunzip = createGunzip()
  // What fails before it ends it, and whoever reads from it hears of that.
  pipeline(openedBytes(source, passphrase), gunzip, () => {})
  const lines = linesIn(gunzip)
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new BackupError('damaged')
    return value
  }
  const head = await next()
  if (!isObject(head) || head.countersign !== 'backup' || !Array.isArray(head.migrations))
    throw new BackupError('damaged')
  return { head: head as unknown as Head, tables: tablesIn(next) }
}

async function* tablesIn(next: () => Promise<unknown>): AsyncGenerator<ReadTable> {
  for (let count = 0; ; count += 1) {
    const begun = await next()
    if (!isObject(begun)) throw new BackupError('damaged')
    if (begun.tables === count) return
    if (!Array.isArray(begun.columns)) throw new BackupError('damaged')
    const shape = { name: String(begun.table), columns: begun.columns as string[] }
    const tally = tallyOf(shape.name)
    yield { shape, rows: rowsIn(next, tally), tally: tally.result }
  }
}

async function* rowsIn(
  next: () => Promise<unknown>,
  tally: ReturnType<typeof tallyOf>,
): AsyncGenerator<Row[]> {
  let rows: Row[] = []
  for (;;) {
    const found = await next()
    if (!Array.isArray(found)) {
      if (rows.length > 0) yield rows
      requireSame(tally.result(), found)
      return
    }
    tally.add(found)
    rows.push(found)
    if (rows.length === AT_ONCE) {
      yield rows
      rows = []
    }
  }
}

/** @throws BackupError `damaged` when a table does not hold what the backup says */
function requireSame(found: Tally, said: unknown): void {
  if (!isObject(said) || found.rows !== said.rows || found.fingerprint !== said.fingerprint)
    throw new BackupError('damaged', found.table)
}

async function* linesIn(source: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new StringDecoder('utf8')
  let waiting = ''
  try {
    for await (const bytes of source) {
      const lines = (waiting + decoder.write(Buffer.from(bytes))).split('\n')
      waiting = lines.pop()!
      if (waiting.length > LONGEST_LINE) throw new BackupError('damaged')
      for (const line of lines) yield JSON.parse(line)
    }
  } catch (error) {
    // Packed text that cannot be unpacked, or is no JSON.
    const { code } = error as { code?: unknown }
    const isUnreadable = error instanceof SyntaxError || (typeof code === 'string' && code.startsWith('Z_'))
    throw isUnreadable ? new BackupError('damaged', '', { cause: error }) : error
  }
}
