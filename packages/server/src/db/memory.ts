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
  'custom_phrases',
  'email_templates',
  'resources',
  'hooks',
] as const satisfies (keyof Schema)[]

/** Most that is remembered, in characters of JSON; what was used longest ago goes first. */
const MOST = 16_000_000

/** How long a request goes by the version that it read first, in milliseconds: so long as a request may take. */
const CARRIED_FOR = 5_000

interface Entry {
  version: string
  value: unknown
  size: number
}

/** What one request knows of the version. */
interface Carried {
  version: Promise<string | undefined>
  /** What this request looked for and did not find. */
  missing: Set<string>
}

const remembersOnly = new Set<string>(REMEMBERED_TABLES)

/** Requests that wrote to a remembered table: they ask for the version each time from then on. */
const writers = new WeakSet<Request>()

/** Set while something is loaded to be remembered. */
const loading = new AsyncLocalStorage<string>()

const memories = new WeakMap<Kysely<Schema>, Memory>()

/** Things of one database as they were at some version, bounded by their size. */
class Memory {
  readonly #db: Kysely<Schema>
  readonly #entries = new Map<string, Entry>()
  readonly #carried = new WeakMap<Request, Carried>()
  #size = 0

  constructor(db: Kysely<Schema>) {
    this.#db = db
  }

  async recall<T>(key: string, load: () => Promise<T>): Promise<T> {
    const carried = this.#carry()
    // Before anything is loaded: what is written meanwhile has a newer version, and then this is not taken again.
    const version = await carried.version
    const entry = this.#entries.get(key)
    if (entry && entry.version === version) {
      this.#entries.delete(key)
      this.#entries.set(key, entry)
      return entry.value as T
    }
    if (carried.missing.has(key)) return undefined as T
    const value = freeze(await loading.run(key, load))
    if (value === undefined) carried.missing.add(key)
    else if (version !== undefined) this.#keep(key, { version, value, size: JSON.stringify(value).length })
    return value
  }

  /** The version that the current request goes by; outside of one it is read anew. */
  #carry(): Carried {
    const request = currentRequest()
    if (!request || writers.has(request) || performance.now() - request.began > CARRIED_FOR)
      return { version: this.#readVersion(), missing: new Set() }
    let carried = this.#carried.get(request)
    if (!carried) {
      carried = { version: this.#readVersion(), missing: new Set() }
      this.#carried.set(request, carried)
      // Whoever asks next may find the database answering again.
      carried.version.catch(() => this.#carried.delete(request))
    }
    return carried
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

/** Notices who writes to remembered tables, and refuses to remember what comes from others. */
export const memoryPlugin: KyselyPlugin = {
  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    if (node.kind === 'SelectQueryNode') {
      const key = loading.getStore()
      const other =
        key && tablesOf(node.from?.froms ?? [], node.joins ?? []).find(name => !remembersOnly.has(name))
      if (other) throw new Error(`"${key}" cannot be remembered: nobody tells when ${other} changes`)
    } else {
      const request = currentRequest()
      if (request && writesToRemembered(node)) writers.add(request)
    }
    return node
  },
  transformResult: async ({ result }) => result,
}

function writesToRemembered(node: RootOperationNode): boolean {
  if (node.kind === 'InsertQueryNode') return tablesOf(node.into ? [node.into] : []).some(isRemembered)
  if (node.kind === 'UpdateQueryNode') return tablesOf(node.table ? [node.table] : []).some(isRemembered)
  if (node.kind === 'DeleteQueryNode') return tablesOf(node.from.froms).some(isRemembered)
  return false
}

const isRemembered = (name: string) => remembersOnly.has(name)

function tablesOf(
  nodes: readonly OperationNode[],
  joins: readonly { table: OperationNode }[] = [],
): string[] {
  return [...nodes, ...joins.map(({ table }) => table)].map(node => {
    const inner = node.kind === 'AliasNode' ? (node as unknown as { node: OperationNode }).node : node
    return TableNode.is(inner) ? inner.table.identifier.name : inner.kind
  })
}
