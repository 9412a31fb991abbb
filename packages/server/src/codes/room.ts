import type { UsageType } from '@countersign/kit'
import { type Keys, mac } from '../crypto/keys.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import type { World } from '../world.ts'
import type { CodeStore } from './store.ts'

/** What a code is good for; it is worth nothing anywhere else. */
export interface Purpose {
  usageType: UsageType
  /** The spelling that was given must come back. */
  recipient: Recipient
  /** The interaction's verification record, or `api` for codes of back ends. */
  scope: string
}

/** What every use case of codes works with. */
export interface CodesRoom {
  keys: Keys
  world: World
  store: CodeStore
  /**
   * What the fixed code of a test identity hangs on now: it goes into the hash, so that the code is void as soon as
   * that is another.
   */
  markOf(recipient: Recipient): Promise<string | undefined>
  /** What is being stored, by binding. */
  storing: Map<string, Promise<unknown>>
}

/**
 * The keyed hash under which the codes of a purpose are found.
 *
 * @example const row = await store.newest(bindingOf(keys, purpose))
 */
export const bindingOf = (keys: Keys, { usageType, recipient, scope }: Purpose): string =>
  mac(keys.codes, 'binding', usageType, recipient.value, scope)

/** What the hash of a code is made of. */
interface Hashed {
  binding: string
  code: string
  mark: string | undefined
}

/**
 * The keyed hashes by which a code is known again, whichever of the keys it was issued with.
 *
 * @example hashesOf(keys, { binding, code: '739154', mark: undefined })
 */
export const hashesOf = ({ codeHashes }: Keys, { binding, code, mark }: Hashed): string[] =>
  codeHashes.map(key =>
    mark === undefined ? mac(key, 'code', binding, code) : mac(key, 'fixed code', binding, code, mark),
  )

/**
 * The keyed hash of a new code.
 *
 * @example hashOf(keys, { binding, code: '739154', mark: undefined })
 */
export const hashOf = (keys: Keys, hashed: Hashed): string =>
  hashesOf({ ...keys, codeHashes: keys.codeHashes.slice(0, 1) }, hashed)[0]!
