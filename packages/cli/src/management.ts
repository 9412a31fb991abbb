import type { Product } from './product.ts'

/** The resource that the Management API is. */
const RESOURCE = 'https://default.logto.app/api'

/** An answer of the API, whatever its status. */
export interface Answer<Body = Record<string, unknown>> {
  status: number
  headers: Headers
  body: Body
}

/** Calls the Management API; never throws for a status, since refusals are part of the tour. */
export type Management = <Body = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
) => Promise<Answer<Body>>

/**
 * The Management API at an address, for whoever the headers say.
 *
 * @example const manage = managementAt(consoleUrl, { cookie })
 */
export const managementAt =
  (address: string, headers: Record<string, string>): Management =>
  async (method, path, body) => {
    const answer = await fetch(`${address}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : {} }
  }

/** The Management API with a token by client credentials, as automation uses it. */
export async function createManagement({
  endpoint,
  installation,
}: Pick<Product, 'endpoint' | 'installation'>): Promise<Management> {
  const { id, secret } = installation.client
  const granted = await fetch(`${endpoint}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: RESOURCE, scope: 'all' }),
  })
  if (!granted.ok) throw new Error(`No management token: ${granted.status} ${await granted.text()}`)
  const { access_token: token } = (await granted.json()) as { access_token: string }

  return managementAt(endpoint, { authorization: `Bearer ${token}` })
}
