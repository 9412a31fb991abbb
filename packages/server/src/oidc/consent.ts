import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import type { Users } from '../users/users.ts'
import { factsOf } from './clients.ts'
import { intoEpochOf } from './epochs.ts'
import type { GrantLimit, Origin } from './grant-limit.ts'
import type { ProviderRequest } from './requests.ts'

/** What follows when a user has let an application have something. */
export type Consented = (userId: string, clientId: string, isNew: boolean, from: Origin) => Promise<void>

/** Holds the application to its number of grants, and notes the first one that a user came by. */
export function afterConsent(users: Pick<Users, 'byId' | 'update'>, limitGrants: GrantLimit): Consented {
  return async (userId, clientId, isNew, from) => {
    if (isNew) await limitGrants(userId, clientId, from)
    const user = await users.byId(userId)
    if (user && user.applicationId === null) await users.update(user.id, { applicationId: clientId })
  }
}

const without = (wanted: Iterable<string>, known: string) => {
  const there = new Set(known.split(' '))
  return [...wanted].filter(each => !there.has(each))
}

/** Adds to the grant of a request what it asks for and does not have yet; tells whether that was anything. */
function addMissing({ oidc }: KoaContextWithOIDC): boolean {
  const { grant, requestParamOIDCScopes, requestParamScopes, resourceServers = {} } = oidc
  const scopes = without(requestParamOIDCScopes, grant!.getOIDCScopeEncountered())
  for (const scope of scopes) grant!.addOIDCScope(scope)
  let isMore = scopes.length > 0
  for (const [indicator, server] of Object.entries(resourceServers)) {
    const offered = [...requestParamScopes].filter(scope => server.scopes.has(scope))
    const missing = without(offered, grant!.getResourceScopeEncountered(indicator))
    for (const scope of missing) grant!.addResourceScope(indicator, scope)
    isMore ||= missing.length > 0
  }
  return isMore
}

/**
 * A step that asks nobody anything: applications of the house are granted all that they ask for anyway, so with
 * `prompt=none`, where no page can be shown, it is done here. It stands after the login, so nothing is granted where
 * nobody is signed in, and before the consent, which then misses nothing.
 */
export function silentConsent(consented: Consented): interactionPolicy.Prompt {
  const { Check, Prompt } = interactionPolicy
  const grant = async (ctx: KoaContextWithOIDC) => {
    const { oidc } = ctx
    const { account, client, session } = oidc
    if (!oidc.prompts.has('none') || !account || !client || !session || factsOf(client).isThirdParty)
      return Check.NO_NEED_TO_PROMPT
    const isNew = oidc.grant!.jti === undefined
    if (addMissing(ctx)) {
      intoEpochOf(oidc.grant!, session)
      const id = await oidc.grant!.save()
      session.ensureClientContainer(client.clientId)
      session.grantIdFor(client.clientId, id)
      const from = { ip: (ctx.req as ProviderRequest).ip, userAgent: ctx.get('user-agent') || undefined }
      await consented(account.accountId, client.clientId, isNew, from)
    }
    return Check.NO_NEED_TO_PROMPT
  }
  return new Prompt({ name: 'silent-consent' }, new Check('granted', 'never fails', grant))
}
