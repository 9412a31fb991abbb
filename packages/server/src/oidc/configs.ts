import { newId, newSecret } from '../crypto/chance.ts'
import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { createInForce, type Force } from './in-force.ts'
import {
  ALGORITHMS,
  type Algorithm,
  algorithmOf,
  isNeeded,
  KEY_TYPES,
  type KeyKind,
  type NewKey,
  newSigningKey,
  type Ring,
  statusOf,
  withNext,
} from './keyring.ts'

/** How long a new key is shown before it signs when nobody says, in seconds: verifiers keep key sets ten minutes. */
const USUAL_GRACE = 600

/** A key as operators see it: never the key itself. Moments are milliseconds. */
export interface OidcKeyInfo {
  id: string
  createdAt: number
  effectiveAt: number
  status: 'Next' | 'Current' | 'Previous'
  signingKeyAlgorithm?: KeyType
  /** Set where it signs for the applications alone that chose its algorithm. */
  forApplications?: true
}

type KeyType = (typeof KEY_TYPES)[Algorithm]

/** What applications chose to have their ID tokens signed with. */
export type Chosen = () => Promise<readonly Algorithm[]>

/** What operators may change of OpenID Connect while it runs. */
export function createOidcConfigs(force: Force, chosen: Chosen, world: World) {
  const describe = (kind: KeyKind, ring: Ring): OidcKeyInfo[] =>
    ring.map(key => ({
      id: key.id,
      createdAt: key.createdAt,
      effectiveAt: key.effectiveAt,
      status: statusOf(ring, key, world.now()),
      ...(kind === 'private-keys' && { signingKeyAlgorithm: KEY_TYPES[algorithmOf(key)] }),
      ...(key.chosen && { forApplications: true as const }),
    }))

  /** What takes the place of what signs: a key for everybody, and one for each other algorithm that was chosen. */
  async function newKeys(kind: KeyKind, type?: KeyType): Promise<NewKey<unknown>[]> {
    if (kind === 'cookie-keys') return [{ id: newId(world.random), key: newSecret(world.random) }]
    const newest = (await force.change(kind, ring => ring)).find(each => !each.chosen)!
    // Who rotates once a year and names none must not change what applications have to know.
    const common = ALGORITHMS.find(each => KEY_TYPES[each] === type) ?? algorithmOf(newest)
    const others = (await chosen()).filter(each => each !== common)
    return [
      ...(await Promise.all(others.map(async each => ({ ...(await newSigningKey(each)), chosen: each })))),
      await newSigningKey(common),
    ]
  }

  return {
    /** How long a session lives, in seconds. */
    sessionTtl: async (): Promise<number> => (await force.current()).sessionTtl,
    /** Sessions that begin or go on from now on live so many seconds. */
    setSessionTtl: force.setSessionTtl,
    /** The keys, newest first. */
    keys: async (kind: KeyKind): Promise<OidcKeyInfo[]> =>
      describe(kind, await force.change(kind, ring => ring)),
    /**
     * Makes new keys, which are published at once and sign after `grace` seconds, ten at least.
     *
     * @param type what everybody's tokens are signed with from then on; as it is when missing
     */
    async rotate(kind: KeyKind, type?: KeyType, grace = USUAL_GRACE): Promise<OidcKeyInfo[]> {
      const made = await newKeys(kind, type)
      const ring = await force.change(kind, old =>
        made.reduce((ring, next) => withNext(ring, next, world.now(), grace * 1000), old),
      )
      return describe(kind, ring)
    },
    /**
     * Deletes a key that does not sign, or for nobody any more; what it signed is refused from then on.
     *
     * @throws ApiError `oidc.key_not_found`, `oidc.key_required`
     */
    async deleteKey(kind: KeyKind, id: string): Promise<void> {
      const wanted = await chosen()
      await force.change(kind, ring => {
        const key = ring.find(each => each.id === id)
        if (!key) throw new ApiError('oidc.key_not_found')
        const isIdle = key.chosen !== undefined && !wanted.includes(key.chosen)
        if (!isIdle && isNeeded(ring, key, world.now())) throw new ApiError('oidc.key_required')
        return ring.filter(each => each !== key)
      })
    },
  }
}

/** The same beside a server that may be running on the database; it takes notice with its next request. */
export const openOidcConfigs = (db: Database, keys: Keys, chosen: Chosen, world: World): OidcConfigs =>
  createOidcConfigs(createInForce({ db, keys, world }), chosen, world)

export type OidcConfigs = ReturnType<typeof createOidcConfigs>
