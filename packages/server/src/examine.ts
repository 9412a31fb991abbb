import { statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type CheckItem, readCapped } from '@countersign/kit'
import { sql } from 'kysely'
import { isLoopback } from './config.ts'
import { parseConfig, tidied } from './connections/configuration.ts'
import { createConnections } from './connections/connections.ts'
import { createRegistry } from './connections/registry.ts'
import { deriveKeys, type Keys } from './crypto/keys.ts'
import { clockOf } from './db/clock.ts'
import { isSqlite } from './db/database.ts'
import { realFetch } from './outside.ts'
import { ownSecret } from './own-secret.ts'
import { loadPlugins } from './plugins/loader.ts'
import { StartError } from './start-error.ts'
import { CLOCKS_DIFFER, isReadableByOthers, networkFileSystem } from './start-warnings.ts'
import { dueMigrations, type Installation } from './upkeep.ts'
import { findOldForms } from './users/one-form.ts'
import { realWorld, type World } from './world.ts'

/** How something stands; `unknown`: nobody could be asked. */
export type State = 'fine' | 'warning' | 'wrong' | 'unknown'

/** One thing that was looked at. */
export interface Finding {
  /** What was found, and about what: `clock.off`. The command line has the words for it. */
  code: string
  state: State
  /** What stands in the words. */
  values: Record<string, string | number>
}

/** What a provider says of a connection; none of it was changed or sent. */
export interface ExaminedConnection {
  id: string
  name: string
  connector: string
  items: readonly CheckItem[]
  /** Why the provider could not be asked. */
  failed?: string
}

/** Milliseconds by which clocks may differ: codes and tokens have seconds to spare, and not a minute. */
const CLOCK = { warning: 5_000, wrong: CLOCKS_DIFFER }

/** Bytes that are left on the disk. */
const DISK = { warning: 1024 ** 3, wrong: 100 * 1024 ** 2 }

/** How long an answer of one's own server, or of a provider, may take, in milliseconds. */
const PATIENCE = 8_000

/** Bytes of its answer that are read. */
const MOST = 10_000

const finding = (code: string, state: State, values: Finding['values'] = {}): Finding => ({
  code,
  state,
  values,
})

/**
 * Looks at a whole installation and changes nothing: settings, database, clock, key, disk, addresses, nodes, and whether
 * providers accept the settings of the connections.
 *
 * @param ask false: neither the own server nor a provider is asked
 * @example const { findings, connections } = await examine(here, { ask: true, write: console.error })
 */
export async function examine(
  here: Installation,
  { ask, write }: { ask: boolean; write(line: string): void },
) {
  const world = realWorld(realFetch, write, 'silent')
  const keys = await keysOf(here, world)
  const due = dueMigrations(here)
  const findings = [
    finding('database.reached', 'fine', { place: here.place }),
    due.length === 0
      ? finding('migrations.done', 'fine')
      : finding('migrations.due', 'warning', { count: due.length }),
    keys instanceof Error
      ? finding('key.wrong', 'wrong', { reason: keys.message })
      : finding('key.fits', 'fine'),
    ...lookAtSecretFile(here),
    ...(isSqlite(here.db) ? await lookAtDisk(here) : await lookAtServer(here, world)),
    ...lookAtAddresses(here),
    ...(ask ? [await lookAtReach(here, world)] : []),
  ]
  // Tables of an earlier version would be read wrongly.
  const isReadable = due.length === 0
  return {
    findings,
    connections: isReadable && ask && !(keys instanceof Error) ? await askProviders(here, keys, world) : [],
    users: isReadable ? await findOldForms(here.db, { write: false }) : undefined,
  }
}

async function keysOf({ config, db }: Installation, { random }: World): Promise<Keys | Error> {
  try {
    return deriveKeys(await ownSecret(config, db, { trial: true, random }), config.vaultKeys)
  } catch (error) {
    // A database that has gone away says nothing of the key.
    if (!(error instanceof StartError)) throw error
    return error
  }
}

function lookAtSecretFile({ config }: Installation): Finding[] {
  if (config.secretKey !== '') return []
  const file = resolve(config.dataDir, 'secret.key')
  return isReadableByOthers(file) ? [finding('key.readable', 'warning', { file })] : []
}

async function lookAtDisk({ config }: Installation): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(config.dataDir)
  const free = bavail * bsize
  const state = free < DISK.wrong ? 'wrong' : free < DISK.warning ? 'warning' : 'fine'
  const found = [
    finding(state === 'fine' ? 'disk.enough' : 'disk.low', state, {
      free: Math.floor(free / 1024 ** 2),
      folder: resolve(config.dataDir),
    }),
  ]
  if (await networkFileSystem(config.dataDir))
    found.push(finding('disk.network', 'wrong', { file: resolve(join(config.dataDir, 'countersign.db')) }))
  return found
}

/** The clock of PostgreSQL, and which versions are connected to it. */
async function lookAtServer({ db }: Installation, { now }: World): Promise<Finding[]> {
  const off = Math.abs((await clockOf(db, now)) ?? 0)
  const state = off > CLOCK.wrong ? 'wrong' : off > CLOCK.warning ? 'warning' : 'fine'
  const { rows: names } = await sql<{ name: string }>`
    select distinct application_name as name from pg_stat_activity
    where datname = current_database() and application_name like 'countersign%' order by 1`.execute(db)
  const versions = names.map(({ name }) => name.replace(/^countersign ?/, '') || '?')
  return [
    finding(state === 'fine' ? 'clock.agrees' : 'clock.off', state, { seconds: Math.round(off / 1000) }),
    versions.length > 1
      ? finding('nodes.differ', 'warning', { versions: versions.join(', ') })
      : finding('nodes.alike', 'fine'),
  ]
}

function lookAtAddresses({ config }: Installation): Finding[] {
  if (config.clouds === 'simulated') return [finding('clouds.simulated', 'fine')]
  const found: Finding[] = []
  for (const [setting, address] of [
    ['ENDPOINT', config.endpoint],
    ['ADMIN_ENDPOINT', config.adminEndpoint],
  ] as const) {
    const { protocol, hostname } = new URL(address)
    const isHere = isLoopback(hostname) || hostname === 'localhost'
    // The console may well be used on this machine alone.
    if (isHere && setting === 'ENDPOINT')
      found.push(finding('address.local', 'warning', { setting, address }))
    else if (protocol === 'http:' && !isHere)
      found.push(finding('address.plain', 'wrong', { setting, address }))
    else found.push(finding('address.fine', 'fine', { setting, address }))
  }
  // The server itself speaks no TLS: so a proxy stands before it, from which every request seems to come.
  if (config.endpoint.startsWith('https:'))
    found.push(
      config.trustProxy === 0 ? finding('proxy.untrusted', 'wrong') : finding('proxy.trusted', 'fine'),
    )
  return found
}

async function lookAtReach({ config }: Installation, { fetch }: World): Promise<Finding> {
  const address = config.endpoint
  try {
    const answer = await fetch(`${address}/api/health/ready`, {
      method: 'GET',
      headers: {},
      signal: AbortSignal.timeout(PATIENCE),
    })
    await readCapped(answer.body, MOST)
    return answer.status === 200
      ? finding('server.ready', 'fine', { address })
      : finding('server.unready', 'warning', { address, status: answer.status })
  } catch (error) {
    return unreached(address, reasonOf(error))
  }
}

/** Codes of certificates that visitors do not trust either. */
const BAD_FOR_ALL = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID']

/**
 * Why nobody was reached at an address: somebody answers whose certificate is not trusted, DNS does not know the host, or
 * nobody answers.
 *
 * @param reason the code of the error, as Node has it
 * @example unreached('https://sign-in.example.com', 'ENOTFOUND') // { code: 'server.nameless', … }
 */
export function unreached(address: string, reason: string): Finding {
  if (/CERT|LEAF_SIGNATURE/.test(reason))
    return finding('server.untrusted', BAD_FOR_ALL.includes(reason) ? 'wrong' : 'unknown', {
      address,
      reason,
    })
  const isNameless = reason === 'ENOTFOUND'
  return finding(isNameless ? 'server.nameless' : 'server.silent', 'unknown', { address, reason })
}

function reasonOf(error: unknown): string {
  const { code, message } = ((error as Error).cause ?? error) as { code?: string; message: string }
  return code ?? message
}

/** Asks each provider whether it accepts what is saved, where it can be asked; nothing is sent. */
async function askProviders(
  { config, db }: Installation,
  keys: Keys,
  world: World,
): Promise<ExaminedConnection[]> {
  if (config.clouds === 'simulated') return []
  const plugins = config.connectorsDir ? await loadPlugins(config.connectorsDir, world.log) : []
  const connections = createConnections(db, keys, world, createRegistry(plugins, world.log))
  const { fetch, now, random } = world
  return Promise.all(
    (await connections.list()).map(async ({ id, name, connector, enabled }) => {
      const about = { id, name: name ?? connector.name.en, connector: connector.id }
      if (!enabled || !connector.check) return { ...about, items: [] }
      try {
        const { config: saved } = await connections.get(id)
        const settings = parseConfig(connector, tidied(connector, saved))
        return {
          ...about,
          items: await connector.check(settings, { fetch, now, random, deadline: PATIENCE }),
        }
      } catch (error) {
        return { ...about, items: [], failed: reasonOf(error) }
      }
    }),
  )
}

export type Examined = Awaited<ReturnType<typeof examine>>
