import type Provider from 'oidc-provider'
import { ApiError } from '../refusals/refusal.ts'
import type { Users } from '../users/users.ts'

/** Whom an access token speaks for, and what it may do. */
export interface TokenOwner {
  userId: string
  scopes: ReadonlySet<string>
  clientId: string
  /** The session that the token descends from. */
  sessionUid?: string
  grantId: string
}

/**
 * Finds the user of an opaque access token. Asked of the store at every call, so that a token that was revoked is
 * refused at once.
 */
export function userTokens(provided: () => Promise<Provider>, users: Users) {
  /** @throws ApiError `auth.*` */
  return async (header: string | undefined): Promise<TokenOwner> => {
    if (!header) throw new ApiError('auth.authorization_header_missing')
    const [, value] = /^Bearer +(\S+)$/.exec(header) ?? []
    if (!value)
      throw new ApiError('auth.authorization_token_type_not_supported', {
        data: { supportedTypes: ['Bearer'] },
      })
    const provider = await provided()
    // Finds neither JWTs, which are not stored, nor what is bound to a session that was ended.
    const token = await provider.AccessToken.find(value)
    // A token for a resource is that resource's affair.
    if (!token?.clientId || !token.grantId || token.aud !== undefined) throw new ApiError('auth.unauthorized')
    const { accountId, clientId, scopes, sessionUid } = token
    const grant = await provider.Grant.find(token.grantId)
    if (grant?.accountId !== accountId || grant.clientId !== clientId) throw new ApiError('auth.unauthorized')
    const user = await users.byId(accountId)
    if (!user || user.isSuspended) throw new ApiError('auth.unauthorized')
    if (!scopes.has('openid')) throw new ApiError('auth.forbidden')
    return { userId: user.id, scopes, clientId, grantId: token.grantId, ...(sessionUid && { sessionUid }) }
  }
}
