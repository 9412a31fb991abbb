import { createReadStream } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { EXIT, Stop, usageError } from '../exit-codes.ts'
import { PASSPHRASE_VARIABLE, readPassphrase } from '../passphrase.ts'
import type { Terminal } from '../terminal.ts'
import { printTables, rowsIn, type Upkeep, upkeep } from '../upkeep.ts'
import { UPKEEP } from '../upkeep-words.ts'
import type { Command } from './command.ts'
import { PASSPHRASE_FILE } from './options.ts'

type Head = Parameters<Parameters<Upkeep['restore']>[2]['fits']>[0]
type Fitting = Parameters<Parameters<Upkeep['restore']>[2]['fits']>[1]

export const command: Command = {
  usage: '<file> [options]',
  description:
    'Puts a backup back into the database that the settings name, SQLite or PostgreSQL, whichever it was made of: all ' +
    'of it or nothing. Then counts and fingerprints of all tables are compared, and newer migrations are run.',
  options: {
    'passphrase-file': PASSPHRASE_FILE,
    'dry-run': {
      type: 'boolean',
      help: 'Read the file to its end and look whether the key fits; write nothing',
    },
    force: {
      type: 'boolean',
      help: 'Delete everything that Countersign has in the database now, and restore',
    },
  },
  positionals: 1,
  notes: () =>
    `The passphrase comes from --passphrase-file, else from ${PASSPHRASE_VARIABLE}, else it is asked for.\n` +
    'Put the secret key in place first, as SECRET_KEY or as secret.key in DATA_DIR: the backup says which one it needs.\n' +
    'Stop the servers of that database before --force.',
  examples: [
    'countersign restore /backups/2026-11-30.countersign --dry-run',
    'DATABASE_URL=postgres://… countersign restore /backups/2026-11-30.countersign',
  ],
  run: async ({ given, positionals: [file], terminal }) => {
    if (file === undefined) throw usageError('Name the file: countersign restore <file>.')
    await access(file, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
      throw usageError(terminal.tell(UPKEEP.unreadable(file, error.code ?? '')))
    })
    const passphrase = await readPassphrase(terminal, given['passphrase-file'] as string | undefined, {
      isNew: false,
    })
    const trial = given['dry-run'] === true
    await upkeep(terminal, async server => {
      let known: Fitting | undefined
      const { head, tables } = await server.restore(process.env, createReadStream(file), {
        passphrase,
        trial,
        force: given.force === true,
        fits(head, fitting) {
          known = fitting
          printAbout(terminal, head)
          requireKey(terminal, head, fitting)
        },
        write: line => terminal.complain(line),
      })
      report(terminal, { head, tables, trial, ...known! })
    })
    return EXIT.ok
  },
}

function printAbout(terminal: Terminal, { database, madeAt, migrations }: Head): void {
  const moment = new Date(madeAt).toISOString()
  terminal.line(terminal.tell(UPKEEP.about(database, moment, migrations.at(-1) ?? '')))
}

/** With another key nothing that is sealed could be read: that is said before anything is written. */
function requireKey(terminal: Terminal, { keyId }: Head, { keyHere, missing }: Fitting): void {
  if (keyHere === keyId && missing.length === 0) return
  if (keyHere === keyId)
    throw new Stop(EXIT.configuration, terminal.tell(UPKEEP.noVaultKey(missing.join(', '))), { missing })
  throw new Stop(
    EXIT.configuration,
    terminal.tell(keyHere === undefined ? UPKEEP.noKey(keyId) : UPKEEP.otherKey(keyId, keyHere)),
    { keyId, keyHere: keyHere ?? null },
  )
}

function report(
  terminal: Terminal,
  about: Awaited<ReturnType<Upkeep['restore']>> & Fitting & { trial: boolean },
): void {
  const { head, tables, trial, place, due } = about
  const { database, madeAt, keyId, migrations } = head
  const rows = rowsIn(tables)
  terminal.value({
    into: place,
    dryRun: trial,
    of: database,
    madeAt,
    keyId,
    migration: migrations.at(-1),
    rows,
    tables,
    migrationsRun: trial ? [] : due,
  })
  printTables(terminal, tables)
  terminal.line(terminal.tell(trial ? UPKEEP.whole : UPKEEP.putBack(place, tables.length, rows)))
  if (!trial && due.length > 0) terminal.line(terminal.tell(UPKEEP.broughtUp(due.length)))
}
