import { newId, newSecret } from '../crypto/chance.ts'
import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { createInForce, type Force } from './in-force.ts'
import { isNeeded, type KeyKind, newSigningKey, type Ring, statusOf, withNext } from './keyring.ts'

/** How long a new key is shown before it signs when nobody says, in seconds: verifiers keep key sets ten minutes. */
const USUAL_GRACE = 600

/** A key as operators see it: never the key itself. Moments are milliseconds. */
export interface OidcKeyInfo {
  id: string
  createdAt: number
  effectiveAt: number
  status: 'Next' | 'Current' | 'Previous'
  signingKeyAlgorithm?: 'EC'
}

/** What operators may change of OpenID Connect while it runs. */
export function createOidcConfigs(force: Force, world: World) {
  const describe = (kind: KeyKind, ring: Ring): OidcKeyInfo[] =>
    ring.map(key => ({
      id: key.id,
      createdAt: key.createdAt,
      effectiveAt: key.effectiveAt,
      status: statusOf(ring, key, world.now()),
      ...(kind === 'private-keys' && { signingKeyAlgorithm: 'EC' as const }),
    }))

  const newKey = (kind: KeyKind) =>
    kind === 'private-keys' ? newSigningKey() : { id: newId(world.random), key: newSecret(world.random) }

  return {
    /** How long a session lives, in seconds. */
    sessionTtl: async (): Promise<number> => (await force.current()).sessionTtl,
    /** Sessions that begin or go on from now on live so many seconds. */
    setSessionTtl: force.setSessionTtl,
    /** The keys, newest first. */
    keys: async (kind: KeyKind): Promise<OidcKeyInfo[]> =>
      describe(kind, await force.change(kind, ring => ring)),
    /**
     * Makes a new key, which is published at once and signs after `grace` seconds, ten at least.
     *
     * @throws ApiError `request.feature_not_supported` for an algorithm other than EC
     */
    async rotate(kind: KeyKind, algorithm = 'EC', grace = USUAL_GRACE): Promise<OidcKeyInfo[]> {
      if (algorithm !== 'EC') throw new ApiError('request.feature_not_supported')
      const next = newKey(kind)
      return describe(kind, await force.change(kind, ring => withNext(ring, next, world.now(), grace * 1000)))
    },
    /**
     * Deletes a key that does not sign; what it signed is refused from then on.
     *
     * @throws ApiError `oidc.key_not_found`, `oidc.key_required`
     */
    async deleteKey(kind: KeyKind, id: string): Promise<void> {
      await force.change(kind, ring => {
        const key = ring.find(each => each.id === id)
        if (!key) throw new ApiError('oidc.key_not_found')
        if (isNeeded(ring, key, world.now())) throw new ApiError('oidc.key_required')
        return ring.filter(each => each !== key)
      })
    },
  }
}

/** The same beside a server that may be running on the database; it takes notice with its next request. */
export const openOidcConfigs = (db: Database, keys: Keys, world: World): OidcConfigs =>
  createOidcConfigs(createInForce({ db, keys, world }), world)

export type OidcConfigs = ReturnType<typeof createOidcConfigs>
