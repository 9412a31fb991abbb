import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { makeBackup, type Outcome } from './backups/backup.ts'
import { BackupError } from './backups/backup-error.ts'
import { readBackup } from './backups/reading.ts'
import { checkBackup, migrationsOf, putBack } from './backups/restore.ts'
import { type Config, readConfig } from './config.ts'
import { keyIdOf, loadSecret, OWN } from './crypto/keys.ts'
import { placeOf } from './db/address.ts'
import { isOpenElsewhere, sessionsBeside } from './db/at-work.ts'
import { type Database, openDatabase } from './db/database.ts'
import { migrations } from './db/migrations.ts'
import { bringUpToDate, doneMigrations } from './db/up-to-date.ts'
import { realFetch } from './outside.ts'
import { fileOf, hasSecret, ownSecret } from './own-secret.ts'
import { setUsernameCase } from './users/username-case.ts'
import { jsonLog, realWorld } from './world.ts'

export type { Outcome } from './backups/backup.ts'
export { BackupError, type BackupProblem } from './backups/backup-error.ts'
export type { Tally } from './backups/rows.ts'
export { secretsOf } from './config.ts'
export { misreadSettings } from './misread-settings.ts'
export { StartError } from './start-error.ts'
export { startFailure } from './start-failure.ts'

type Environment = Record<string, string | undefined>

/** The installation that the environment describes, its tables left as they are. */
export interface Installation {
  config: Config
  db: Database
  /** Of SQLite; undefined for PostgreSQL. */
  file: string | undefined
  /** Where it is, for people; without a password. */
  place: string
  /** The migrations that were run; none where there are no tables of ours, so no installation. */
  done: string[]
  close(): Promise<void>
}

/**
 * Opens the installation that `env` describes as it is, so without bringing its tables up to date. A file of SQLite that is
 * not there is made only when something is written.
 *
 * @param create false: where there is no file of SQLite yet, a database in memory stands for it
 * @param write takes lines of the log
 * @throws StartError naming every bad setting, or why the database cannot be opened
 * @example const here = await openAsItIs(process.env, { create: false, write: console.error })
 */
export async function openAsItIs(
  env: Environment,
  { create, write }: { create: boolean; write(line: string): void },
): Promise<Installation> {
  const config = readConfig(env)
  const file = config.databaseUrl ? undefined : fileOf(config)
  const missing = file !== undefined && !existsSync(file)
  const url = missing && !create ? 'sqlite::memory:' : config.databaseUrl
  const log = jsonLog(write, Date.now, 'warn')
  const db = await openDatabase(url, config.dataDir, { log, patient: true, asItIs: true })
  return {
    config,
    db,
    file,
    place: placeOf(config.databaseUrl, resolve(fileOf(config))),
    done: missing ? [] : await doneMigrations(db),
    close: () => db.destroy(),
  }
}

/**
 * Backs an installation up while its servers run.
 *
 * @param write takes the bytes of the backup
 * @throws StartError where its key is not here; BackupError
 */
export async function backUp(
  { db, config, file }: Installation,
  passphrase: string,
  write: (bytes: Buffer) => Promise<unknown>,
): Promise<Outcome> {
  const { now, random } = realWorld(realFetch, () => {}, 'silent')
  const keyId = keyIdOf(await ownSecret(config, db, { trial: true, random }))
  return makeBackup({ db, file, keyId, vaultKeys: idsOf(config), passphrase, now, random }, write)
}

/** The ids of the keys that VAULT_KEYS has beside that of the secret. */
const idsOf = ({ vaultKeys }: Config): string[] =>
  vaultKeys.filter(each => each !== OWN).map(each => keyIdOf(Buffer.from(each, 'hex')))

/** What is known of a backup before it is put back. */
export interface Fitting {
  /** Where it is to be put, for people; without a password. */
  place: string
  /** Names the key that is in the settings or in the folder of the data; undefined where there is none. */
  keyHere: string | undefined
  /** The ids of keys that it needs in VAULT_KEYS and that are not there. */
  missing: string[]
  /** The migrations that will be run after it was put back. */
  due: string[]
}

/**
 * Puts a backup back into the installation that `env` describes, or only reads it to its end (`trial`). What stands there
 * is deleted by `force` alone, and not while a server of ours has the database open.
 *
 * @param fits is told what is known before anything is written; when it throws, nothing is
 * @throws BackupError, StartError
 * @example await restore(process.env, createReadStream(file), { passphrase, force: false, trial: true, fits, write })
 */
export async function restore(
  env: Environment,
  source: AsyncIterable<Uint8Array>,
  options: {
    passphrase: string
    force: boolean
    trial: boolean
    fits(head: Outcome['head'], fitting: Fitting): void
    write(line: string): void
  },
): Promise<Outcome> {
  const { passphrase, force, trial, fits, write } = options
  const config = readConfig(env)
  const backup = await readBackup(source, passphrase)
  const known = migrationsOf(backup.head)
  const { random } = realWorld(realFetch, write, 'warn')
  fits(backup.head, {
    place: placeOf(config.databaseUrl, resolve(fileOf(config))),
    keyHere: hasSecret(config) ? keyIdOf(loadSecret(config.secretKey, config.dataDir, random)) : undefined,
    missing: (backup.head.vaultKeys ?? []).filter(id => !idsOf(config).includes(id)),
    due: Object.keys(migrations).filter(name => !Object.hasOwn(known, name)),
  })
  if (trial) return checkBackup(backup)
  const file = config.databaseUrl ? undefined : fileOf(config)
  // Asked before this process has the file open too.
  if (force && file !== undefined && isOpenElsewhere(file)) throw new BackupError('running', file)
  const here = await openAsItIs(env, { create: true, write })
  try {
    const others = force && file === undefined ? await sessionsBeside(here.db) : []
    if (others.length > 0) throw new BackupError('running', others.join(', '))
    return await putBack({ db: here.db, backup, force, setUsernameCase })
  } finally {
    await here.close()
  }
}

/** The migrations that an installation has not run yet, in their order. */
export const dueMigrations = ({ done }: Pick<Installation, 'done'>): string[] =>
  Object.keys(migrations).filter(name => !done.includes(name))

/** Runs what is due, all of it or nothing; of several at once one does, and the others wait for it. */
export const migrate = ({ db }: Pick<Installation, 'db'>): Promise<void> => bringUpToDate(db)
