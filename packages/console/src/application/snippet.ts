import type { Application } from '@countersign/api'

/** The resource that stands for the management API in every installation of this wire contract. */
const MANAGEMENT_API = 'https://default.logto.app/api'

interface Place {
  issuer: string
  redirectUri: string
}

const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

function discovery(application: Application, issuer: string): string[] {
  const confidential = application.type === 'Traditional' || application.type === 'MachineToMachine'
  // Only an address of a development machine has no TLS; the library wants that said aloud.
  const options = issuer.startsWith('http:') ? ['{ execute: [client.allowInsecureRequests] }'] : []
  const authentication = confidential ? ["'<secret>'"] : ['undefined']
  const rest = options.length > 0 ? [...authentication, 'undefined', ...options] : authentication
  if (!confidential && options.length === 0) rest.length = 0
  return [
    "import * as client from 'openid-client'",
    '',
    'const config = await client.discovery(',
    `  new URL(${quote(issuer)}),`,
    `  ${quote(application.id)},`,
    ...rest.map(argument => `  ${argument},`),
    ')',
    '',
  ]
}

/** Code that signs a user in to this application, or gets it a token, with `openid-client`. */
export function snippetFor(application: Application, { issuer, redirectUri }: Place): string {
  const start = discovery(application, issuer)
  if (application.type === 'MachineToMachine')
    return [
      ...start,
      'const tokens = await client.clientCredentialsGrant(config, {',
      `  resource: ${quote(MANAGEMENT_API)},`,
      "  scope: 'all',",
      '})',
      'console.log(tokens.access_token)',
    ].join('\n')
  return [
    ...start,
    '// Keep both until the user is back, e.g. in the session.',
    'const codeVerifier = client.randomPKCECodeVerifier()',
    'const state = client.randomState()',
    '',
    'const signInUrl = client.buildAuthorizationUrl(config, {',
    `  redirect_uri: ${quote(redirectUri)},`,
    "  scope: 'openid profile phone email',",
    '  code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),',
    "  code_challenge_method: 'S256',",
    '  state,',
    '})',
    '// Send the user to signInUrl. At the redirect URI:',
    '',
    'const tokens = await client.authorizationCodeGrant(config, currentUrl, {',
    '  pkceCodeVerifier: codeVerifier,',
    '  expectedState: state,',
    '})',
    'console.log(tokens.claims())',
  ].join('\n')
}
