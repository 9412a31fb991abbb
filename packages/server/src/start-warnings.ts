import { statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Config, isLoopback } from './config.ts'
import { clockOf } from './db/clock.ts'
import { type Database, isSqlite } from './db/database.ts'
import { watchClock } from './http/cloud-clock.ts'
import type { World } from './world.ts'

/** Something that will hurt, although the server starts: what it is, and what to do. */
export interface StartWarning {
  code: 'plain_endpoint' | 'local_endpoint' | 'network_file_system' | 'readable_secret' | 'clock_off'
  text: string
}

/**
 * Milliseconds by which clocks may differ. Clouds refuse what was signed a quarter of an hour ago, but codes of one node
 * are already checked by another one's clock.
 */
export const CLOCKS_DIFFER = 60_000

/** What statfs(2) of Linux calls file systems of other machines, on which locks and shared memory do not hold. */
const NETWORK_FILE_SYSTEMS: Record<number, string> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB',
  16914839: '9P',
  12805120: 'Ceph',
}

/**
 * The name of a file system of another machine on which a folder lies; undefined for one of this machine.
 *
 * @example await networkFileSystem('/mnt/share') // 'NFS'
 */
export async function networkFileSystem(folder: string): Promise<string | undefined> {
  const { type } = await statfs(folder)
  // Node gives it with a sign on some machines.
  return NETWORK_FILE_SYSTEMS[type >>> 0]
}

/** Whether others than its owner may do anything to a file; false where it is not there: `isReadableByOthers('secret.key')`. */
export const isReadableByOthers = (file: string): boolean =>
  ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0

/** A world that says in its log, once, when the clock of a cloud differs from ours: `watchClocks(realWorld(…))`. */
export const watchClocks = (world: World): World => ({
  ...world,
  fetch: watchClock(world, {
    most: CLOCKS_DIFFER,
    tell: (off, host) => world.log('warn', clockText(host, off)),
  }),
})

/** What is wrong with the public address while messages go out for real. */
function warnOfAddress({ clouds, endpoint }: Config): StartWarning[] {
  const { protocol, hostname } = new URL(endpoint)
  if (clouds !== 'real' || protocol === 'https:') return []
  return isLoopback(hostname)
    ? [
        {
          code: 'local_endpoint',
          text: `ENDPOINT is ${endpoint}, which only this machine reaches: set it to the address that visitors see, such as https://sign-in.example.com.`,
        },
      ]
    : [
        {
          code: 'plain_endpoint',
          text: `ENDPOINT is ${endpoint}: codes, passwords and sessions can be read on the way. Put a proxy with TLS before the server, and set ENDPOINT to its https address.`,
        },
      ]
}

/** What is wrong with the folder of the data. */
async function warnOfFiles({ dataDir, secretKey }: Config, db: Database): Promise<StartWarning[]> {
  const found: StartWarning[] = []
  const system = isSqlite(db) ? await networkFileSystem(dataDir) : undefined
  if (system !== undefined)
    found.push({
      code: 'network_file_system',
      text: `${resolve(dataDir)} is on a network file system (${system}), on which SQLite loses data: set DATA_DIR to a folder of this machine, or use PostgreSQL (DATABASE_URL).`,
    })
  const file = join(dataDir, 'secret.key')
  if (secretKey === '' && isReadableByOthers(file))
    found.push({
      code: 'readable_secret',
      text: `Others than its owner may read ${resolve(file)}, which opens all that is sealed in the database: chmod 600 it, or hand the key over in SECRET_KEY.`,
    })
  return found
}

/** Whether this machine and the database agree on the time. */
async function warnOfClock(db: Database, now: () => number): Promise<StartWarning[]> {
  const off = await clockOf(db, now)
  if (off === undefined || Math.abs(off) <= CLOCKS_DIFFER) return []
  return [{ code: 'clock_off', text: clockText('the database', off) }]
}

/**
 * The words for two clocks that differ.
 *
 * @param off milliseconds by which the other one is ahead
 * @example clockText('the database', 90_000)
 */
export const clockText = (other: string, off: number): string =>
  `The clock of this machine is ${Math.round(Math.abs(off) / 1000)} seconds ${off > 0 ? 'behind' : 'ahead of'} that of ${other}: codes and tokens end too early or too late, and clouds refuse what is signed. Let both follow NTP.`

/**
 * Says what will hurt of an installation that starts, each with its remedy; nothing where all is well. Nothing of it keeps
 * the server from starting. What shows only when visitors come (`unknown-addresses.ts`) is said then.
 *
 * @param now the clock of this machine
 * @example for (const { text } of await startWarnings(config, db, Date.now)) console.error(`Warning: ${text}`)
 */
export async function startWarnings(
  config: Config,
  db: Database,
  now: () => number,
): Promise<StartWarning[]> {
  return [
    ...warnOfAddress(config),
    ...(config.databaseUrl === 'sqlite::memory:' ? [] : await warnOfFiles(config, db)),
    ...(await warnOfClock(db, now)),
  ]
}
