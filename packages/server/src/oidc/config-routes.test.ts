import { describe, expect, test } from 'vitest'
import { call, code } from '../testing/calls.ts'
import { type Launched, launch } from '../testing/launch.ts'

const SESSION = '/api/configs/oidc/session'
const KEYS = '/api/configs/oidc/private-keys'

describe('the lifetime of sessions', () => {
  test('is two weeks until somebody changes it', async () => {
    const server = await launch()
    expect(await call(server, 'GET', SESSION)).toMatchObject({ status: 200, body: { ttl: 1_209_600 } })
    for (const body of [{ ttl: 3600 }, {}])
      expect(await call(server, 'PATCH', SESSION, body)).toMatchObject({ status: 200, body: { ttl: 3600 } })
    expect(await call(server, 'GET', SESSION)).toMatchObject({ status: 200, body: { ttl: 3600 } })
  })

  test.each([0, -1, 1.5, '3600', null, 34_560_001])('is never %j', async ttl => {
    const server = await launch()
    const answer = await call(server, 'PATCH', SESSION, { ttl })
    expect(answer).toMatchObject(code(400, 'guard.invalid_input'))
    expect(JSON.stringify(answer.body)).toContain('ttl')
    expect((await call(server, 'GET', SESSION)).body).toEqual({ ttl: 1_209_600 })
  })
})

describe('the keys', () => {
  const published = async ({ endpoint }: Launched) =>
    ((await (await fetch(`${endpoint}/oidc/jwks`)).json()) as { keys: { kid: string }[] }).keys

  test('are listed without anything of the key, rotated, and deleted when they have served', async () => {
    const server = await launch()
    const [first] = (await call(server, 'GET', KEYS)).body as { id: string }[]
    expect(first).toEqual({
      id: (await published(server))[0]!.kid,
      createdAt: expect.any(Number),
      effectiveAt: expect.any(Number),
      status: 'Current',
      signingKeyAlgorithm: 'EC',
    })
    const rotated = await call(server, 'POST', `${KEYS}/rotate`, { rotationGracePeriod: 60 })
    expect(rotated.status).toBe(200)
    expect(rotated.body).toMatchObject([{ status: 'Next', signingKeyAlgorithm: 'EC' }, first!])
    expect(await published(server)).toHaveLength(2)
    expect(await call(server, 'DELETE', `${KEYS}/${first!.id}`)).toMatchObject(code(422, 'oidc.key_required'))
    server.wait(60_000)
    // The token in use is one of the old key, and goes on working.
    expect((await call(server, 'GET', KEYS)).body).toMatchObject([
      { status: 'Current' },
      { id: first!.id, status: 'Previous' },
    ])
    expect((await call(server, 'DELETE', `${KEYS}/${first!.id}`)).status).toBe(204)
    expect(await call(server, 'GET', KEYS)).toMatchObject(code(401, 'auth.unauthorized'))
  })

  test('can be RSA, for the installation or an application', async () => {
    const server = await launch()
    const oidcClientMetadata = {
      redirectUris: [],
      postLogoutRedirectUris: [],
      idTokenSignedResponseAlg: 'RS256',
    }
    const input = { name: 'Wiki', type: 'Traditional', oidcClientMetadata }
    expect(await call(server, 'POST', '/api/applications', input)).toMatchObject({
      status: 200,
      body: { oidcClientMetadata },
    })
    expect(await published(server)).toMatchObject([{ alg: 'ES384' }, { alg: 'RS256' }])
    const { status, body } = await call(server, 'POST', `${KEYS}/rotate`, { signingKeyAlgorithm: 'RSA' })
    expect(status).toBe(200)
    expect(body).toMatchObject([
      { status: 'Next', signingKeyAlgorithm: 'RSA' },
      { status: 'Current', signingKeyAlgorithm: 'RSA', forApplications: true },
      { status: 'Current', signingKeyAlgorithm: 'EC' },
    ])
    const wrong = {
      ...input,
      oidcClientMetadata: { ...oidcClientMetadata, idTokenSignedResponseAlg: 'HS256' },
    }
    expect(await call(server, 'POST', '/api/applications', wrong)).toMatchObject(
      code(400, 'guard.invalid_input'),
    )
  })

  test('of cookies are rotated the same way', async () => {
    const server = await launch()
    const path = '/api/configs/oidc/cookie-keys'
    const { body } = await call(server, 'POST', `${path}/rotate`)
    expect(body).toMatchObject([{ status: 'Next' }, { status: 'Current' }])
    expect(Object.keys((body as object[])[0]!).sort()).toEqual(['createdAt', 'effectiveAt', 'id', 'status'])
  })

  test.each<[string, string, unknown, number, string]>([
    ['GET', '/api/configs/oidc/public-keys', undefined, 400, 'guard.invalid_input'],
    ['POST', `${KEYS}/rotate`, { signingKeyAlgorithm: 'none' }, 400, 'guard.invalid_input'],
    ['POST', `${KEYS}/rotate`, { rotationGracePeriod: -1 }, 400, 'guard.invalid_input'],
    ['DELETE', `${KEYS}/unknown`, undefined, 404, 'oidc.key_not_found'],
  ])('refuse %s %s %j', async (method, path, body, status, error) => {
    const server = await launch()
    expect(await call(server, method, path, body)).toMatchObject(code(status, error))
    expect(await published(server)).toHaveLength(1)
  })

  test('are shown and changed by nobody without a token', async () => {
    const { endpoint } = await launch()
    for (const [method, path] of [
      ['GET', KEYS],
      ['POST', `${KEYS}/rotate`],
      ['PATCH', SESSION],
    ])
      expect((await fetch(endpoint + path, { method: method! })).status).toBe(401)
  })
})
