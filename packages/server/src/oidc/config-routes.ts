import { configRoutes, type OidcKey } from '@countersign/api'
import type { Mount } from '../http/mount.ts'

type KeyType = 'private-keys' | 'cookie-keys'

/** Keys and session lifetime, as OpenID Connect keeps them. */
export interface ManagedConfigs {
  /** Seconds. */
  sessionTtl(): Promise<number>
  setSessionTtl(seconds: number): Promise<void>
  keys(kind: KeyType): Promise<OidcKey[]>
  rotate(kind: KeyType, algorithm?: 'RSA' | 'EC', graceSeconds?: number): Promise<OidcKey[]>
  /** @throws ApiError `oidc.key_not_found`, `oidc.key_required` */
  deleteKey(kind: KeyType, id: string): Promise<void>
}

/** What operators may change of OpenID Connect while it runs. */
export function mountConfigs(mount: Mount, configs: ManagedConfigs): void {
  const routes = configRoutes
  mount
    // Before the keys, whose path would take it for a type of theirs.
    .add(routes.getOidcSessionConfig, async () => ({
      status: 200,
      body: { ttl: await configs.sessionTtl() },
    }))
    .add(routes.updateOidcSessionConfig, async ({ body }) => {
      if (body.ttl !== undefined) await configs.setSessionTtl(body.ttl)
      return { status: 200, body: { ttl: await configs.sessionTtl() } }
    })
    .add(routes.getOidcKeys, async ({ params }) => ({
      status: 200,
      body: await configs.keys(params.keyType),
    }))
    .add(routes.rotateOidcKeys, async ({ params, body }) => ({
      status: 200,
      body: await configs.rotate(params.keyType, body.signingKeyAlgorithm, body.rotationGracePeriod),
    }))
    .add(routes.deleteOidcKey, async ({ params }) => {
      await configs.deleteKey(params.keyType, params.keyId)
      return { status: 204 }
    })
}
