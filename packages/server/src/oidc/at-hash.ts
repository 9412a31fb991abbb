import type Provider from 'oidc-provider'
import type { AccessToken, KoaContextWithOIDC } from 'oidc-provider'

interface Issuing {
  ctx?: KoaContextWithOIDC
  set(claim: string, value: string): void
  issue(options?: { use?: string }): Promise<string>
}

/**
 * Names in every ID token the access token that comes with it, as `at_hash`: some libraries refuse a pair that is not
 * tied together. oidc-provider hashes the value when it signs.
 */
export function nameAccessTokens(provider: Provider): void {
  const values = new WeakMap<object, string>()
  const accessTokens = provider.AccessToken.prototype
  const { save } = accessTokens
  accessTokens.save = async function (this: AccessToken) {
    const value = await save.call(this)
    values.set(this, value)
    return value
  }
  const idTokens = provider.IdToken.prototype as unknown as Issuing
  const { issue } = idTokens
  idTokens.issue = function (this: Issuing, options) {
    const token = this.ctx?.oidc.entities.AccessToken
    const value = options?.use === 'idtoken' && token ? values.get(token) : undefined
    if (value !== undefined) this.set('at_hash', value)
    return issue.call(this, options)
  }
}
