import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { OidcStore } from './store.ts'

/** The one algorithm of ID tokens and access tokens. */
export const SIGNING_ALG = 'ES384'

const SETTING = 'oidc.signing-keys'

/** The keys that sign tokens: the first signs, all are published. */
export interface SigningKeys {
  private: JsonWebKey[]
  public: KeyObject[]
}

function newKey(): JsonWebKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: SIGNING_ALG }
}

/** Reads the signing keys; the first start of an installation makes one. They stand sealed in the settings. */
export async function loadSigningKeys(store: OidcStore, keys: Keys): Promise<SigningKeys> {
  const sealed =
    (await store.setting(SETTING)) ??
    (await store.settleSetting(SETTING, seal(keys.seal, JSON.stringify([newKey()]), SETTING)))
  const jwks = JSON.parse(open(keys.seal, sealed, SETTING)) as JsonWebKey[]
  return { private: jwks, public: jwks.map(key => createPublicKey({ key, format: 'jwk' })) }
}
