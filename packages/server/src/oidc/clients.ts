import type Provider from 'oidc-provider'
import { type Adapter, type AdapterPayload, type Client, errors } from 'oidc-provider'
import type { Applications, StoredApplication } from '../applications/applications.ts'
import { type Keys, mac } from '../crypto/keys.ts'
import type { ClientById } from './built-in-clients.ts'
import type { Algorithm } from './keyring.ts'
import { originAllowed, redirectAllowed } from './redirects.ts'
import type { SecretFailures } from './secret-failures.ts'

/** What this server knows about a client beside what oidc-provider wants to know. */
export type ClientFacts = Pick<
  StoredApplication,
  'type' | 'isThirdParty' | 'oidcClientMetadata' | 'customClientMetadata'
>

/** Name of the metadata that carries `ClientFacts`. */
export const FACTS = 'countersign'

/** The facts of a client that oidc-provider hands over. */
export const factsOf = (client: Client) => client[FACTS] as ClientFacts

export const isPublic = (client: Client) => client.clientAuthMethod === 'none'

const DAY = 86_400

/** How long a client's refresh tokens live, in seconds. */
export function refreshTokenTtl({
  customClientMetadata: { refreshTokenTtlInDays, refreshTokenTtl },
}: ClientFacts) {
  if (refreshTokenTtlInDays) return refreshTokenTtlInDays * DAY
  if (refreshTokenTtl && refreshTokenTtl >= 1) return Math.floor(refreshTokenTtl)
  return 14 * DAY
}

/** How long a client's ID tokens live, in seconds. */
export function idTokenTtl({ customClientMetadata }: ClientFacts): number {
  const ttl = Math.floor(customClientMetadata.idTokenTtl ?? 0)
  return ttl >= 1 ? ttl : 3600
}

const AUTH_METHODS = {
  SPA: 'none',
  Native: 'none',
  Traditional: 'client_secret_basic',
  MachineToMachine: 'client_secret_basic',
} as const

function toMetadata(
  application: StoredApplication,
  keys: Keys,
  algorithms: readonly Algorithm[],
): AdapterPayload | undefined {
  const method = AUTH_METHODS[application.type as keyof typeof AUTH_METHODS]
  if (!method) return undefined
  const { type, isThirdParty, oidcClientMetadata, customClientMetadata } = application
  const facts: ClientFacts = { type, isThirdParty, oidcClientMetadata, customClientMetadata }
  const machine = type === 'MachineToMachine'
  const chosen = oidcClientMetadata.idTokenSignedResponseAlg
  return {
    client_id: application.id,
    client_name: application.name,
    token_endpoint_auth_method: method,
    grant_types: machine ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
    response_types: machine ? [] : ['code'],
    // oidc-provider wants one and knows neither wildcards nor our other rules; `redirectUriAllowed` asks the facts.
    redirect_uris: machine ? [] : ['https://redirect.invalid/'],
    // It wants a secret too, and compares with one only; `compareClientSecret` asks the applications instead.
    ...(method !== 'none' && { client_secret: mac(keys.lookup, 'oidc/placeholder-secret', application.id) }),
    // oidc-provider refuses a client with any other address altogether.
    ...(/^https?:/i.test(oidcClientMetadata.backchannelLogoutUri ?? '') && {
      backchannel_logout_uri: oidcClientMetadata.backchannelLogoutUri,
      backchannel_logout_session_required: oidcClientMetadata.backchannelLogoutSessionRequired ?? false,
    }),
    // One that was chosen while this request was under way has its key from the next one on.
    ...(chosen && algorithms.includes(chosen) && { id_token_signed_response_alg: chosen }),
    [FACTS]: facts,
  }
}

/**
 * Applications as oidc-provider's clients. It keeps the client objects by a hash of this metadata, so a changed
 * application is a new client at its next request.
 *
 * @param algorithms what ID tokens can be signed with
 */
export function clientAdapter(
  clientById: ClientById,
  keys: Keys,
  algorithms: readonly Algorithm[],
): Pick<Adapter, 'find'> {
  return {
    async find(id) {
      // PostgreSQL refuses the character, and no application has it.
      if (id.includes('\0')) return undefined
      const application = await clientById(id)
      return application && toMetadata(application, keys, algorithms)
    },
  }
}

/** Lets clients follow this server's rules where they are richer than oidc-provider's. */
export function teachClients(
  provider: Provider,
  { applications, secretFailures }: { applications: Applications; secretFailures: SecretFailures },
): void {
  Object.assign(provider.Client.prototype, {
    redirectUriAllowed(this: Client, uri: string) {
      const { type, oidcClientMetadata } = factsOf(this)
      return redirectAllowed(uri, oidcClientMetadata.redirectUris, type === 'Native')
    },
    postLogoutRedirectUriAllowed(this: Client, uri: string) {
      return redirectAllowed(uri, factsOf(this).oidcClientMetadata.postLogoutRedirectUris)
    },
    async compareClientSecret(this: Client, presented: string) {
      const check = await secretFailures(this.clientId, () =>
        applications.checkSecret(this.clientId, presented),
      )
      if (check === 'expired') throw new errors.InvalidRequest('client secret has expired')
      return check === 'right'
    },
  })
}

/** True when a page of this origin may use a client from a browser. */
export function corsAllowed(origin: string, client: Client, endpoint: string): boolean {
  const { oidcClientMetadata, customClientMetadata } = factsOf(client)
  return (
    origin === endpoint ||
    (customClientMetadata.corsAllowedOrigins ?? []).includes(origin) ||
    originAllowed(origin, oidcClientMetadata.redirectUris)
  )
}
