import { expect, test } from 'vitest'
import { call } from '../testing/calls.ts'
import { ADMIN, type Launched, launch } from '../testing/launch.ts'

/** `王小明` in GBK. */
const GBK = Buffer.from('cdf5d0a1c3f7', 'hex')

async function tokenOf({ endpoint }: Launched): Promise<string> {
  const form = {
    grant_type: 'client_credentials',
    client_id: ADMIN.id,
    client_secret: ADMIN.secret,
    resource: 'https://default.logto.app/api',
    scope: 'all',
  }
  const answer = await fetch(`${endpoint}/oidc/token`, { method: 'POST', body: new URLSearchParams(form) })
  return ((await answer.json()) as { access_token: string }).access_token
}

test('what is not UTF-8 is refused as such, in a body and in a query, and nothing of it is stored', async () => {
  const server = await launch()
  const headers = {
    authorization: `Bearer ${await tokenOf(server)}`,
    'content-type': 'application/json',
  }
  const body = Buffer.concat([Buffer.from('{"username":"g1","name":"'), GBK, Buffer.from('"}')])
  const chunked = { body: new Blob([body]).stream(), duplex: 'half' as const }
  for (const [path, init] of [
    ['/api/users', { method: 'POST', headers, body }],
    ['/api/users', { method: 'POST', headers, ...chunked }],
    ['/api/users?search=%25%CD%F5%25', { headers }],
  ] as const) {
    const answer = await fetch(`${server.endpoint}${path}`, init)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      code: 'request.invalid_input',
      data: { message: expect.stringMatching(/^the (?:body|query) is not UTF-8; encode it so/) },
    })
  }
  expect((await call(server, 'GET', '/api/users')).body).toEqual([])
})

test('half of a character is refused where it stands, since it would be stored as another', async () => {
  const server = await launch()
  const answer = await call(server, 'POST', '/api/users', { name: 'a\uD83D' })
  expect(answer).toMatchObject({
    status: 400,
    body: { data: { issues: [{ path: ['name'], message: expect.stringContaining('half of a character') }] } },
  })
})
