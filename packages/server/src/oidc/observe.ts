import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Audit, Facts } from '../audit/audit.ts'
import { fit } from '../audit/fit.ts'
import { onceStored } from './gathered.ts'
import type { TellOfGrants } from './grant-limit.ts'
import { TooManySecrets } from './secret-failures.ts'

/** What the provider tells about what happens in it. */
export interface Observers {
  audit: Pick<Audit, 'record'>
  /** A user got tokens. */
  seen(userId: string): void
  tellAlong: TellOfGrants
}

const GRANTS: Record<string, string> = {
  authorization_code: 'AuthorizationCode',
  refresh_token: 'RefreshToken',
  client_credentials: 'ClientCredentials',
}

const TOKENS = { access_token: 'AccessToken', refresh_token: 'RefreshToken', id_token: 'IdToken' } as const

/** Most bytes of a request's parameters in the log: strangers begin a sign-in as often as they like. */
const MOST_PARAMETERS = 1024

const told = (params: object) => fit({ ...params }, MOST_PARAMETERS)

/** What is known of a request to the provider: whose, for which application, with which parameters. */
function factsOf(ctx: KoaContextWithOIDC): Facts {
  const { client, params, entities } = ctx.oidc
  const userId =
    entities.Account?.accountId ?? entities.RefreshToken?.accountId ?? entities.AccessToken?.accountId
  return {
    ...(params && { params: told(params) }),
    ...(client && { applicationId: client.clientId }),
    ...(userId !== undefined && { userId }),
  }
}

const exchange = (ctx: KoaContextWithOIDC) =>
  `ExchangeTokenBy.${GRANTS[String(ctx.oidc.params?.grant_type)] ?? 'Unknown'}`

/** Writes down what users and applications do at the provider. */
export function observeProvider(
  provider: Provider,
  { audit, seen }: Pick<Observers, 'audit' | 'seen'>,
): void {
  const recordStored = (key: string, facts: Facts) => onceStored(() => audit.record(key, facts))
  provider.on('interaction.started', (ctx, prompt) => {
    const { uid, session } = ctx.oidc.entities.Interaction!
    const { name, reasons } = prompt
    recordStored('Interaction.Create', {
      ...factsOf(ctx),
      interactionId: uid,
      ...(session && { sessionId: session.uid }),
      prompt: { name, reasons },
    })
  })
  provider.on('interaction.ended', ctx => {
    const interaction = ctx.oidc.entities.Interaction
    recordStored('Interaction.End', {
      ...factsOf(ctx),
      ...(interaction && {
        interactionId: interaction.uid,
        ...(interaction.session && { sessionId: interaction.session.uid }),
        params: told(interaction.params),
        prompt: { name: interaction.prompt.name, reasons: interaction.prompt.reasons },
        userId: interaction.result?.login?.accountId ?? interaction.session?.accountId,
      }),
    })
  })
  provider.on('grant.success', ctx => {
    const body = ctx.body as Record<string, unknown>
    recordStored(exchange(ctx), {
      ...factsOf(ctx),
      scope: body.scope,
      tokenTypes: Object.entries(TOKENS).flatMap(([name, type]) => (name in body ? [type] : [])),
    })
    const { Account } = ctx.oidc.entities
    if (Account) onceStored(() => seen(Account.accountId))
  })
  provider.on('grant.error', (ctx, error) => {
    // Whoever names no application of ours could fill the log up, and so could whoever goes on after too many secrets.
    if (ctx.oidc.client && !(error instanceof TooManySecrets))
      audit.record(exchange(ctx), { ...factsOf(ctx), error })
  })
  provider.on('grant.revoked', (ctx, grantId) => {
    // A user who is deleted or suspended is no request to the provider; that is written down where it happens.
    if (!ctx?.oidc) return
    const key = ctx.oidc.route === 'revocation' ? 'RevokeToken' : 'RevokeGrants'
    const { entities } = ctx.oidc
    const tokenTypes = [
      ...(entities.AccessToken ? ['AccessToken'] : []),
      ...(entities.RefreshToken ? ['RefreshToken'] : []),
    ]
    audit.record(key, { ...factsOf(ctx), grantId, tokenTypes })
  })
}
