import { isObject } from '@countersign/kit'
import { type Keys, mac } from '../crypto/keys.ts'
import { open } from '../crypto/seal.ts'
import type { Database } from '../db/database.ts'
import { deleteSetting, readSetting, replaceSetting, settleSetting } from '../settings/settings.ts'
import type { World } from '../world.ts'
import { importStore } from './store.ts'

/** The state of an object since it was imported. */
export type Since = 'never-imported' | 'untouched' | 'changed'

/** A value as text, the members of its objects in one order; what is undefined is left out. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, member) =>
      isObject(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    ) ?? 'null'
  )
}

/** What every server seals at its first start, under its own name (oidc/in-force.ts). */
const SEALED_AT_START = 'oidc.signing-keys'

/** Where the database keeps the id of the secret with which it was begun. */
const SECRET_ID = 'secret-key.id'

/** True when a server has run on this database, so that things are sealed with its key. */
export const isInUse = async (db: Database): Promise<boolean> =>
  (await readSetting(db, SEALED_AT_START)) !== undefined

/** True when these are the keys of the server that has run on this database; also when none has. */
export async function keysFit(db: Database, keys: Keys): Promise<boolean> {
  // A key of VAULT_KEYS opens what is sealed under any secret, but by another one no session or recipient is found.
  const id = await readSetting(db, SECRET_ID)
  if (id !== undefined && id !== keys.id) return false
  const sealed = await readSetting(db, SEALED_AT_START)
  if (sealed === undefined) return true
  try {
    open(keys.seal, sealed, SEALED_AT_START)
    return true
  } catch {
    return false // another key, or altered
  }
}

/**
 * Has the database know its secret from now on. Of two servers that begin it at once with secrets of their own, one is
 * told that its secret is another: false.
 *
 * @param keys those that fit
 */
export const settleSecret = async (db: Database, { id }: Keys): Promise<boolean> =>
  ((await readSetting(db, SECRET_ID)) ?? (await settleSetting(db, SECRET_ID, id))) === id

/**
 * Remembers in which state objects were imported, as keyed hashes: so a later import can tell what has been changed
 * or deleted here since, and leaves that alone.
 */
export function createImports(db: Database, keys: Keys) {
  const store = importStore(db)
  const fingerprint = (kind: string, id: string, state: unknown) =>
    mac(keys.lookup, 'import', kind, id, canonical(state))
  return {
    /** @param state how the object is now; undefined when there is none */
    async since(kind: string, id: string, state: unknown): Promise<Since> {
      const recorded = await store.fingerprint(kind, id)
      if (recorded === undefined) return 'never-imported'
      return state !== undefined && recorded === fingerprint(kind, id, state) ? 'untouched' : 'changed'
    },
    /** Remembers the state that an import gave an object, or found it in when it was the same already. */
    record: (kind: string, id: string, state: unknown): Promise<void> =>
      store.put(kind, id, fingerprint(kind, id, state)),
  }
}

export type Imports = ReturnType<typeof createImports>

/** The one import that may run on a database has its mark here. */
const RUNNING = 'imports.running'

/** A mark that nobody has renewed for so long, in milliseconds, is that of an import that was killed. */
export const CLAIM_LASTS = 60_000

/** The right to import, which is nobody else's until it is given back. */
export interface Claim {
  /** Keeps it for another `CLAIM_LASTS`. @returns false when another import has taken it meanwhile */
  renew(): Promise<boolean>
  release(): Promise<void>
}

/**
 * Claims the right to import: two imports at once would each take for a change of the operator's what the other wrote.
 *
 * @returns undefined when another import has it
 * @example const claim = await claimImport(db, world)
 */
export async function claimImport(
  db: Database,
  { now, random }: Pick<World, 'now' | 'random'>,
): Promise<Claim | undefined> {
  const id = Buffer.from(random(9)).toString('base64url')
  const mark = () => `${id}/${now() + CLAIM_LASTS}`
  const until = (text: string) => Number(text.split('/')[1])
  let mine = mark()
  const found = await settleSetting(db, RUNNING, mine)
  if (found !== mine && (until(found) > now() || !(await replaceSetting(db, RUNNING, found, mine))))
    return undefined
  return {
    async renew() {
      const next = mark()
      const kept = await replaceSetting(db, RUNNING, mine, next)
      if (kept) mine = next
      return kept
    },
    release: async () => void (await deleteSetting(db, RUNNING, mine)),
  }
}
