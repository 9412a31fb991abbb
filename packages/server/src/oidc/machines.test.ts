import { SignJWT } from 'jose'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { MANAGEMENT_API } from './oidc.ts'
import { startProvider, type TestProvider } from './testing.ts'
import {
  authorizationUrl,
  get,
  headerOf,
  payloadOf,
  post,
  register,
  type TestClient,
} from './testing-client.ts'

eachDatabase('machines', openFresh => {
  let server: TestProvider
  let machine: TestClient

  beforeEach(async () => {
    server = await startProvider(await openFresh())
    machine = await register(server, 'MachineToMachine')
    await server.applications.update(machine.id, { isAdmin: true })
  })
  afterEach(() => server.close())

  const ask = (client: Partial<TestClient> = machine, change: Record<string, string> = {}) =>
    post(
      server,
      '/token',
      { grant_type: 'client_credentials', resource: MANAGEMENT_API, scope: 'all', ...change },
      client,
    )

  it('get a JWT for the Management API', async () => {
    const { status, body } = await ask()
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'all',
    })
    expect(headerOf(body.access_token as string)).toMatchObject({ alg: 'ES384', typ: 'at+jwt' })
    expect(payloadOf(body.access_token as string)).toMatchObject({
      sub: machine.id,
      client_id: machine.id,
      scope: 'all',
      aud: MANAGEMENT_API,
      iss: server.oidc.issuer,
    })
    expect(await server.oidc.verifyManagementToken(`Bearer ${body.access_token}`)).toBe(machine.id)
  })

  it('may send their secret in the form', async () => {
    const { id, secret } = machine
    expect((await ask({ id }, { client_secret: secret! })).status).toBe(200)
    expect((await ask({ id }, { client_secret: 'wrong' })).status).toBe(401)
  })

  it('get a token without scope when they may not manage, or did not ask', async () => {
    const other = await register(server, 'MachineToMachine')
    for (const { status, body } of [await ask(other), await ask(machine, { scope: '' })]) {
      expect(status).toBe(200)
      expect(body).not.toHaveProperty('scope')
      expect(payloadOf(body.access_token as string)).not.toHaveProperty('scope')
      await expect(server.oidc.verifyManagementToken(`Bearer ${body.access_token}`)).rejects.toMatchObject({
        code: 'auth.forbidden',
        kind: undefined,
      })
    }
  })

  it.each([
    ['missing', ''],
    ['unknown', 'https://api.example.com'],
    ['no address', 'api'],
  ])('hear that a resource is %s', async (_what, resource) => {
    expect(await ask(machine, { resource })).toMatchObject({
      status: 400,
      body: { code: 'oidc.invalid_target' },
    })
  })

  it('lose the Management API the moment the right is taken away', async () => {
    const header = `Bearer ${(await ask()).body.access_token}`
    await server.applications.update(machine.id, { isAdmin: false })
    await expect(server.oidc.verifyManagementToken(header)).rejects.toThrow('auth.forbidden')
    await server.applications.delete(machine.id)
    await expect(server.oidc.verifyManagementToken(header)).rejects.toThrow('auth.forbidden')
  })

  it('authenticate with any secret of theirs that has not expired', async () => {
    const later = await server.applications.addSecret(machine.id, 'second', Date.now() + 60_000)
    const { id } = machine
    expect((await ask({ id, secret: later.value })).status).toBe(200)
    server.pass(60_000)
    expect(await ask({ id, secret: later.value })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: 'client secret has expired' },
    })
    expect((await ask()).status).toBe(200)
    await server.applications.deleteSecret(id, 'Default secret')
    expect((await ask()).status).toBe(401)
  })

  it('hear that a secret is wrong, with the way to authenticate', async () => {
    const { status, headers, body } = await ask({ ...machine, secret: 'wrong' })
    expect(status).toBe(401)
    expect(body).toMatchObject({ code: 'oidc.invalid_client', error: 'invalid_client' })
    expect(headers.get('www-authenticate')).toMatch(/^Basic realm=/)
  })

  it('may name themselves in the form too, but not somebody else', async () => {
    expect((await ask(machine, { client_id: machine.id })).status).toBe(200)
    expect(await ask(machine, { client_id: 'other' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })

  it('may have secrets with signs that a URL would escape, encoded or not', async () => {
    const secret = 'a+b%20c/d=é'.replace('é', 'e:')
    await server.applications.bootstrap('robot', secret)
    expect((await ask({ id: 'robot', secret })).status).toBe(200)
    expect((await ask({ id: 'robot', secret: encodeURIComponent(secret) })).status).toBe(200)
    expect((await ask({ id: 'robot', secret: `${secret}x` })).status).toBe(401)
  })

  it.each(['Basic !!!', 'Basic', `Basic ${Buffer.from('nocolon').toString('base64')}`, 'Digest x'])(
    'hear that the header "%s" is malformed',
    async authorization => {
      const form = { grant_type: 'client_credentials' }
      expect(await post(server, '/token', form, {}, { authorization })).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      })
    },
  )

  it('cannot sign users in', async () => {
    const address = authorizationUrl(server, machine)
    const { headers } = await get(server, address.slice(server.oidc.issuer.length))
    expect(new URL(headers.get('location')!).searchParams.get('error')).toBe('invalid_request')
  })

  it('need a token that is theirs, of this server, for this API and of today', async () => {
    const verify = server.oidc.verifyManagementToken
    await expect(verify(undefined)).rejects.toMatchObject({
      code: 'auth.authorization_header_missing',
      kind: undefined,
    })
    await expect(verify('Basic abc')).rejects.toMatchObject({
      code: 'auth.authorization_token_type_not_supported',
      kind: undefined,
      data: { supportedTypes: ['Bearer'] },
    })
    await expect(verify('Bearer abc')).rejects.toMatchObject({
      code: 'auth.unauthorized',
      kind: undefined,
      data: { code: 'ERR_JWS_INVALID', name: 'JWSInvalid' },
    })
    const forged = await new SignJWT({ scope: 'all' })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject(machine.id)
      .setAudience(MANAGEMENT_API)
      .setIssuer(server.oidc.issuer)
      .setExpirationTime('1h')
      .sign(new Uint8Array(32))
    await expect(verify(`Bearer ${forged}`)).rejects.toThrow('auth.unauthorized')
    const { access_token } = (await ask()).body
    server.pass(3_601_000)
    await expect(verify(`Bearer ${access_token}`)).rejects.toMatchObject({
      code: 'auth.unauthorized',
      kind: undefined,
      data: { code: 'ERR_JWT_EXPIRED' },
    })
  })

  it('cannot revoke or introspect a JWT', async () => {
    const token = (await ask()).body.access_token as string
    for (const path of ['/token/revocation', '/token/introspection'])
      expect(await post(server, path, { token }, machine)).toMatchObject({
        status: 400,
        body: { error: 'unsupported_token_type' },
      })
  })
})
