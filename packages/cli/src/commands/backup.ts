import { existsSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { EXIT, Stop, usageError } from '../exit-codes.ts'
import { PASSPHRASE_VARIABLE, readPassphrase } from '../passphrase.ts'
import type { Terminal } from '../terminal.ts'
import { printTables, rowsIn, withInstallation } from '../upkeep.ts'
import { UPKEEP } from '../upkeep-words.ts'
import type { Command } from './command.ts'
import { PASSPHRASE_FILE } from './options.ts'

export const command: Command = {
  usage: '<file> [options]',
  description:
    'Writes the whole database, as it is at one moment, into a file that is encrypted with a passphrase. The servers ' +
    'may run meanwhile and are not held up. It can be restored into SQLite and PostgreSQL alike.',
  options: { 'passphrase-file': PASSPHRASE_FILE },
  positionals: 1,
  notes: () =>
    `The passphrase comes from --passphrase-file, else from ${PASSPHRASE_VARIABLE}, else it is asked for.\n` +
    'The secret key is not in the backup: keep it elsewhere. Run it where the server runs, with the same settings\n' +
    'from the environment: DATABASE_URL, DATA_DIR, SECRET_KEY.',
  examples: [
    'countersign backup /backups/2026-11-30.countersign',
    'countersign backup /backups/today.countersign --passphrase-file /run/secrets/backup --json',
  ],
  run: async ({ given, positionals: [file], terminal }) => {
    if (file === undefined) throw usageError('Name the file: countersign backup <file>.')
    if (existsSync(file)) throw usageError(terminal.tell(UPKEEP.exists(file)))
    const passphrase = await readPassphrase(terminal, given['passphrase-file'] as string | undefined, {
      isNew: true,
    })
    await withInstallation(terminal, async (server, here) => {
      let bytes = 0
      const { head, tables } = await intoFile(terminal, file, handle =>
        server.backUp(here, passphrase, async part => {
          bytes += part.length
          await handle.writeFile(part)
        }),
      )
      const { madeAt, keyId, migrations } = head
      const rows = rowsIn(tables)
      terminal.value({
        file,
        bytes,
        from: here.place,
        madeAt,
        keyId,
        migration: migrations.at(-1),
        rows,
        tables,
      })
      printTables(terminal, tables)
      const size = `${Math.ceil(bytes / 1024)} KiB`
      terminal.line(terminal.tell(UPKEEP.backedUp(here.place, file, tables.length, rows, size)))
      terminal.line(terminal.tell(UPKEEP.needsKey(keyId)))
    })
    return EXIT.ok
  },
}

/** Writes beside the file and names it only when all of it is on the disk, so that no half of a backup looks like one. */
async function intoFile<T>(
  terminal: Terminal,
  file: string,
  write: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  const part = `${file}.${process.pid}.part`
  const unwritable = (error: NodeJS.ErrnoException) => {
    throw new Stop(EXIT.usage, terminal.tell(UPKEEP.unwritable(part, error.code ?? '')))
  }
  const handle = await open(part, 'wx', 0o600).catch(unwritable)
  try {
    const result = await write(handle)
    await handle.sync()
    await rename(part, file)
    return result
  } catch (error) {
    await rm(part, { force: true })
    if ((error as NodeJS.ErrnoException).syscall === 'write') unwritable(error as NodeJS.ErrnoException)
    throw error
  } finally {
    await handle.close()
  }
}
