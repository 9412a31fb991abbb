import { createHash } from 'node:crypto'
import { Browser, type TestProvider } from './testing.ts'

export const CALLBACK = 'https://app.example.com/callback'

/** Long enough for PKCE; tests need no chance. */
export const VERIFIER = 'v'.repeat(43)
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

/** An application under test, with its secret when it has one. */
export interface TestClient {
  id: string
  secret?: string
}

type ApplicationInput = Parameters<TestProvider['applications']['create']>[0]

/** Registers an application with one callback. */
export async function register(
  { applications }: TestProvider,
  type: ApplicationInput['type'],
  change: Partial<ApplicationInput> = {},
): Promise<TestClient> {
  const { id } = await applications.create({
    name: 'Shop',
    type,
    oidcClientMetadata: {
      redirectUris: [CALLBACK],
      postLogoutRedirectUris: ['https://app.example.com'],
    },
    ...change,
  })
  if (type !== 'Traditional' && type !== 'MachineToMachine') return { id }
  return { id, secret: (await applications.secrets(id))[0]!.value }
}

/** Address of the authorization endpoint; undefined removes a parameter. */
export function authorizationUrl(
  { oidc }: TestProvider,
  { id }: TestClient,
  change: Record<string, string | string[] | undefined> = {},
): string {
  const parameters = {
    client_id: id,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid offline_access profile',
    prompt: 'consent',
    state: 'a state',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...change,
  }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters))
    for (const each of [value].flat()) if (each !== undefined) query.append(name, each)
  return `${oidc.issuer}/auth?${query}`
}

export type Answer = { status: number; headers: Headers; body: Record<string, unknown> }

const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json')
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : { text } }
}

/** Posts a form to an endpoint of the provider, authenticated as the client when it has a secret. */
export async function post(
  { oidc }: TestProvider,
  path: string,
  form: Record<string, string>,
  { id, secret }: Partial<TestClient> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const basic = secret && { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` }
  const body = new URLSearchParams({ ...(id !== undefined && { client_id: id }), ...form })
  return answerOf(
    await fetch(`${oidc.issuer}${path}`, { method: 'POST', body, headers: { ...basic, ...headers } }),
  )
}

/** Asks for something of the provider. */
export async function get(
  { oidc }: TestProvider,
  path: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return answerOf(await fetch(`${oidc.issuer}${path}`, { headers, redirect: 'manual' }))
}

/** Signs alice in with a browser; returns the code that the application gets. */
export async function signIn(
  server: TestProvider,
  client: TestClient,
  change: Record<string, string | string[] | undefined> = {},
  browser = new Browser(),
): Promise<string> {
  const back = await browser.follow(authorizationUrl(server, client, change), CALLBACK)
  const code = back.searchParams.get('code')
  if (!code) throw new Error(`came back with ${back.search}`)
  return code
}

/** Spends a code. */
export const redeem = (
  server: TestProvider,
  client: TestClient,
  code: string,
  change: Record<string, string> = {},
) =>
  post(
    server,
    '/token',
    { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: VERIFIER, ...change },
    client,
  )

/** Signs alice in and spends the code. */
export async function tokensOf(
  server: TestProvider,
  client: TestClient,
  change: Record<string, string | string[] | undefined> = {},
  browser?: Browser,
): Promise<Record<string, string>> {
  const { status, body } = await redeem(server, client, await signIn(server, client, change, browser))
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body as Record<string, string>
}

/** Spends a refresh token. */
export const refresh = (
  server: TestProvider,
  client: TestClient,
  token: string,
  change: Record<string, string> = {},
) => post(server, '/token', { grant_type: 'refresh_token', refresh_token: token, ...change }, client)

/** Asks who an access token is of. */
export const userInfo = (server: TestProvider, token: string) =>
  get(server, '/me', { authorization: `Bearer ${token}` })

/** The payload of a token, unchecked. */
export const payloadOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())

/** The header of a token, unchecked. */
export const headerOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString())
