import { isObject } from '@countersign/kit'
import { type Keys, mac } from '../crypto/keys.ts'
import { open } from '../crypto/seal.ts'
import type { Database } from '../db/database.ts'
import { readSetting } from '../settings/settings.ts'
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

/** True when a server has run on this database, so that things are sealed with its key. */
export const isInUse = async (db: Database): Promise<boolean> =>
  (await readSetting(db, SEALED_AT_START)) !== undefined

/** True when these are the keys of the server that has run on this database; also when none has. */
export async function keysFit(db: Database, keys: Keys): Promise<boolean> {
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
