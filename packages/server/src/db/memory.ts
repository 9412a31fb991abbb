import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Kysely,
  type KyselyPlugin,
  type OperationNode,
  type PluginTransformQueryArgs,
  type RootOperationNode,
  TableNode,
} from 'kysely'
import { currentRequest, type Request } from './patience.ts'
import type { Schema } from './schema.ts'

/**
 * The tables that seldom change and whose rows are remembered. Triggers of the database (`version-triggers.ts`) give
 * `memory_version` a new value in every transaction that writes to one of them.
 */
export const REMEMBERED_TABLES = [
  'settings',
  'applications',
  'application_secrets',
  'connections',
  'connection_health',
  'custom_phrases',
  'email_templates',
  'resources',
  'hooks',
  'fraud_findings',
] as const satisfies (keyof Schema)[]

/** Most that is remembered, in characters of JSON; what was used longest ago goes first. */
const MOST = 16_000_000

/** A request goes by the version that it read first for so many milliseconds: as long as a request may take. */
const CARRIED_FOR = 5_000

interface Entry {
  version: string
  value: unknown
  size: number
}

/** The version, and what was read, that one request goes by. */
interface Carried {
  version?: Promise<string | undefined>
  /** The keys that this request looked for and did not find. */
  missing: Set<string>
  /** Everything that it has read once, by table and key. */
  once: Map<string, Promise<unknown>>
}

const remembersOnly = new Set<string>(REMEMBERED_TABLES)

/** The tables that requests have written to: of those nothing that they read earlier counts any more. */
const written = new WeakMap<Request, Set<string>>()

/** A request that wrote to a remembered table asks for the version each time from then on. */
const wroteRemembered = (request: Request) =>
  REMEMBERED_TABLES.some(table => written.get(request)?.has(table))

/** Set while something is loaded to be remembered. */
const loading = new AsyncLocalStorage<string>()

const memories = new WeakMap<Kysely<Schema>, Memory>()

/** Things of one database as they were at some version, bounded by their size. */
class Memory {
  readonly #db: Kysely<Schema>
  readonly #entries = new Map<string, Entry>()
  readonly #requests = new WeakMap<Request, Carried>()
  #size = 0

  constructor(db: Kysely<Schema>) {
    this.#db = db
  }

  async recall<T>(key: string, load: () => Promise<T>): Promise<T> {
    const carried = this.#carried()
    // Before anything is loaded: what is written meanwhile has a newer version, and then this is not taken again.
    const version = await this.#versionFor(carried)
    const entry = this.#entries.get(key)
    if (entry && entry.version === version) {
      this.#entries.delete(key)
      this.#entries.set(key, entry)
      return entry.value as T
    }
    if (carried?.missing.has(key)) return undefined as T
    const value = freeze(await loading.run(key, load))
    if (value === undefined) carried?.missing.add(key)
    else if (version !== undefined) this.#keep(key, { version, value, size: JSON.stringify(value).length })
    return value
  }

  /** Everything that the current request has read; undefined outside of one, and when it may be out of date. */
  #carried(): Carried | undefined {
    const request = currentRequest()
    if (!request || wroteRemembered(request)) return undefined
    return this.#of(request)
  }

  #of(request: Request): Carried | undefined {
    if (performance.now() - request.began > CARRIED_FOR) return undefined
    let carried = this.#requests.get(request)
    if (!carried) {
      carried = { missing: new Set(), once: new Map() }
      this.#requests.set(request, carried)
    }
    return carried
  }

  #versionFor(carried: Carried | undefined): Promise<string | undefined> {
    if (carried?.version) return carried.version
    const reading = this.#readVersion()
    if (carried) {
      carried.version = reading
      // Whoever asks next may find the database answering again.
      reading.catch(() => delete carried.version)
    }
    return reading
  }

  carry(version: string | null): void {
    const carried = this.#carried()
    if (carried && version !== null) carried.version ??= Promise.resolve(version)
  }

  once<T>(tables: readonly string[], key: string, read: () => Promise<T>): Promise<T> {
    const request = currentRequest()
    const outdated = request && tables.some(table => written.get(request)?.has(table))
    const carried = request && !outdated ? this.#of(request) : undefined
    if (!carried) return read()
    const name = `${tables}/${key}`
    const known = carried.once.get(name) as Promise<T> | undefined
    if (known) return known
    const reading = read()
    carried.once.set(name, reading)
    // The caller hears of a failure; whoever asks next reads anew.
    reading.catch(() => carried.once.delete(name))
    return reading
  }

  bring(tables: readonly string[], key: string, value: unknown): void {
    const request = currentRequest()
    if (!request || tables.some(table => written.get(request)?.has(table))) return
    this.#of(request)?.once.set(`${tables}/${key}`, Promise.resolve(value))
  }

  async #readVersion(): Promise<string | undefined> {
    const row = await this.#db.selectFrom('memory_version').select('version').executeTakeFirst()
    return row?.version
  }

  #keep(key: string, entry: Entry): void {
    this.#drop(key)
    if (entry.size > MOST) return
    this.#entries.set(key, entry)
    this.#size += entry.size
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= MOST) break
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    this.#size -= this.#entries.get(key)?.size ?? 0
    this.#entries.delete(key)
  }
}

/** Several requests share what is remembered, so that none of them may change it. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) freeze(member)
  }
  return value
}

/** Lets a database remember; to be called once, before anybody reads from it. */
export function giveMemory(db: Kysely<Schema>): void {
  memories.set(db, new Memory(db))
}

/**
 * Something that seldom changes, such as the settings: loaded once, and again after somebody has written to one of
 * `REMEMBERED_TABLES`, on whichever node. The version is read once for each request, so no answer is older than a
 * write that had ended when its request began, and a request sees what it wrote itself. For example:
 *
 *     const all = await remembered(db, 'connections', () => db.selectFrom('connections').selectAll().execute())
 *
 * @param key names the thing among all that is remembered of this database
 * @param load reads from `REMEMBERED_TABLES` only, outside of a transaction; what it returns is frozen. Nothing
 *   (undefined) is not remembered beyond the request, so that strangers who ask for what is not there fill no memory.
 */
export function remembered<T>(db: Kysely<Schema>, key: string, load: () => Promise<T>): Promise<T> {
  const memory = memories.get(db)
  return memory ? memory.recall(key, load) : load()
}

/**
 * The version as a column of another statement: what `carryVersion` wants. The first statement of a request can so bring
 * it along, before anything that is remembered was asked for.
 */
export const versionColumn = (db: Kysely<Schema>) =>
  db.selectFrom('memory_version').select('version').as('memory_version')

/** Lets the current request go by a version that one of its statements has brought along. */
export const carryVersion = (db: Kysely<Schema>, version: string | null): void =>
  memories.get(db)?.carry(version)

/**
 * Something that changes often, read once by a request however often it asks, until it writes to one of those tables. For
 * what decides nothing by itself: whoever writes because of it does so on a condition.
 *
 * @param tables that `read` reads from
 * @param key names the thing among those of its tables
 * @param read is shared by those who ask, so what it returns is not to be changed
 * @example const user = await onceInRequest(db, ['users'], `id/${id}`, () => byId(db, id))
 */
export function onceInRequest<T>(
  db: Kysely<Schema>,
  tables: readonly (keyof Schema)[],
  key: string,
  read: () => Promise<T>,
): Promise<T> {
  return memories.get(db)?.once(tables, key, read) ?? read()
}

/**
 * Lets the current request go by what one of its statements has brought along, as if it had been read with
 * `onceInRequest` by the same tables and key.
 */
export const bringAlong = (
  db: Kysely<Schema>,
  tables: readonly (keyof Schema)[],
  key: string,
  value: unknown,
): void => memories.get(db)?.bring(tables, key, value)

/** Notices which tables a request writes to, and refuses to remember what comes from tables that tell nobody. */
export const memoryPlugin: KyselyPlugin = {
  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    if (node.kind === 'SelectQueryNode') {
      const key = loading.getStore()
      const other =
        key && tablesOf(node.from?.froms ?? [], node.joins ?? []).find(name => !remembersOnly.has(name))
      if (other) throw new Error(`"${key}" cannot be remembered: nobody tells when ${other} changes`)
    } else noticeWrites(node)
    return node
  },
  transformResult: async ({ result }) => result,
}

function writtenBy(node: RootOperationNode): string[] {
  if (node.kind === 'InsertQueryNode') return tablesOf(node.into ? [node.into] : [])
  if (node.kind === 'UpdateQueryNode') return tablesOf(node.table ? [node.table] : [])
  if (node.kind === 'DeleteQueryNode') return tablesOf(node.from.froms)
  return []
}

/** Notices which tables the current request writes to. */
export function noticeWrites(node: RootOperationNode): void {
  const request = currentRequest()
  if (!request) return
  const known = written.get(request) ?? new Set()
  for (const table of writtenBy(node)) known.add(table)
  written.set(request, known)
}

function tablesOf(
  nodes: readonly OperationNode[],
  joins: readonly { table: OperationNode }[] = [],
): string[] {
  return [...nodes, ...joins.map(({ table }) => table)].map(node => {
    const inner = node.kind === 'AliasNode' ? (node as unknown as { node: OperationNode }).node : node
    return TableNode.is(inner) ? inner.table.identifier.name : inner.kind
  })
}
