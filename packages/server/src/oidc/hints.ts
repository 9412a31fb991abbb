import { decodeProtectedHeader } from 'jose'
import type Provider from 'oidc-provider'
import type { Client } from 'oidc-provider'
import { ALGORITHMS, type Algorithm } from './keyring.ts'

type Validate = (
  jwt: string,
  client: Pick<Client, 'clientId' | 'idTokenSignedResponseAlg'>,
) => Promise<unknown>

function algorithmOf(jwt: string): Algorithm | undefined {
  try {
    return ALGORITHMS.find(each => each === decodeProtectedHeader(jwt).alg)
  } catch {
    return undefined // what is wrong with it, oidc-provider says
  }
}

/**
 * Lets an ID token be a hint also when it was signed before the application, or the installation, chose another
 * algorithm. Its key is one of ours either way, and fits no other algorithm.
 */
export function takeOlderHints(provider: Provider): void {
  const tokens = provider.IdToken as unknown as { validate: Validate }
  const { validate } = tokens
  tokens.validate = (jwt, client) => {
    const { clientId, idTokenSignedResponseAlg } = client
    return validate.call(tokens, jwt, {
      clientId,
      idTokenSignedResponseAlg: algorithmOf(jwt) ?? idTokenSignedResponseAlg,
    })
  }
}
