import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Config, ConfigError } from './config.ts'
import { deriveKeys, loadSecret } from './crypto/keys.ts'
import type { Database } from './db/database.ts'
import { isInUse, keysFit, settleSecret } from './imports/imports.ts'

/** Where the database of an installation on SQLite is. */
export const fileOf = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'countersign.db')

/** True where a secret is in the settings or in the folder of the data, so that none has to be made. */
export const hasSecret = ({ secretKey, dataDir }: Config): boolean =>
  secretKey !== '' || existsSync(join(dataDir, 'secret.key'))

/**
 * The secret of the installation. One is made only for a database that no server has run on: with another than its own,
 * a server could read nothing of what is sealed there.
 *
 * @param trial leaves no trace: where there is no secret, one that nobody keeps stands for it
 * @throws ConfigError when it is missing, or not that of the server that has run on the database
 * @example const keys = deriveKeys(await ownSecret(config, db, { trial: false, random: world.random }))
 */
export async function ownSecret(
  config: Config,
  db: Database,
  { trial, random }: { trial: boolean; random(size: number): Uint8Array },
): Promise<Buffer> {
  const given = hasSecret(config)
  if (!given && (await isInUse(db)))
    throw new ConfigError(
      `There is no secret.key in ${resolve(config.dataDir)}, but a server has run on this database. Set SECRET_KEY or DATA_DIR as that server has it.`,
    )
  const secret =
    given || !trial ? loadSecret(config.secretKey, config.dataDir, random) : Buffer.from(random(32))
  const keys = deriveKeys(secret, config.vaultKeys)
  if ((await keysFit(db, keys)) && (trial || (await settleSecret(db, keys)))) return secret
  throw new ConfigError(
    'SECRET_KEY, or secret.key in DATA_DIR, is not the key of the server that has run on this database, or VAULT_KEYS lacks one. Set them as that server has them.',
  )
}
