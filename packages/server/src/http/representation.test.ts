import { syncBuiltinESMExports } from 'node:module'
import zlib, { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { ADMIN, type Launched, launch } from '../testing/launch.ts'
import { encodingFor, represent } from './representation.ts'

const asking = (headers: Record<string, string> = {}, method = 'GET') => ({
  method,
  header: (name: string) => headers[name],
})
const LONG = JSON.stringify({ text: 'the same again and '.repeat(100) })

describe('the encoding of an answer', () => {
  test.each([
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['deflate', undefined],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0.5, GZIP;q=0.8', 'gzip'],
    ['gzip;q=0, br;q=0', undefined],
    ['*', 'br'],
    ['br;q=0, *;q=0.1', 'gzip'],
    ['gzip;q=nonsense', undefined],
  ])('for Accept-Encoding %j is %s', (accepted, encoding) => {
    expect(encodingFor(accepted)).toBe(encoding)
  })

  test('brings back the very text', async () => {
    const br = await represent(asking({ 'accept-encoding': 'br' }), LONG)
    expect(br.headers['Content-Encoding']).toBe('br')
    expect(brotliDecompressSync(br.body!).toString()).toBe(LONG)
    const gzip = await represent(asking({ 'accept-encoding': 'gzip' }, 'POST'), LONG, { status: 201 })
    expect(gzip).toMatchObject({ status: 201, headers: { 'Content-Encoding': 'gzip' } })
    expect(gunzipSync(gzip.body!).toString()).toBe(LONG)
  })

  test('is none for what is short already', async () => {
    expect(await represent(asking({ 'accept-encoding': 'br' }), '{}')).toMatchObject({ body: '{}' })
  })

  test('is none where a browser sends a cookie by itself, so that lengths tell no foreign page a secret', async () => {
    const headers = { 'accept-encoding': 'br', cookie: '_session=1' }
    expect((await represent(asking(headers), LONG)).body).toBe(LONG)
    // No page can make a browser send a token that it does not have.
    const withToken = await represent(asking({ ...headers, authorization: 'Bearer x' }), LONG)
    expect(withToken.headers['Content-Encoding']).toBe('br')
    // What everybody reads alike has nothing to hide.
    const forAll = await represent(asking(headers), LONG, { forAll: true })
    expect(forAll.headers['Content-Encoding']).toBe('br')
    const withPassword = await represent(asking({ ...headers, authorization: 'Basic eDp5' }), LONG)
    expect(withPassword.body).toBe(LONG)
  })
})

describe('the name of an answer', () => {
  test('is the same for the same text, whatever its encoding, and another for another', async () => {
    const tag = async (text: string, headers = {}) => (await represent(asking(headers), text)).headers.ETag
    expect(await tag(LONG)).toMatch(/^W\/"[\w-]{27}"$/)
    expect(await tag(LONG, { 'accept-encoding': 'gzip' })).toBe(await tag(LONG))
    expect(await tag(`${LONG} `)).not.toBe(await tag(LONG))
  })

  test('spares who has the text already the text', async () => {
    const { ETag: tag } = (await represent(asking(), LONG)).headers
    for (const known of [tag!, tag!.slice(2), `"x", ${tag}`, '*'])
      expect(await represent(asking({ 'if-none-match': known }), LONG), known).toEqual({
        status: 304,
        headers: { ETag: tag },
        body: null,
      })
    for (const other of ['', '"x"', 'W/"x"', tag!.slice(3, -1)])
      expect((await represent(asking({ 'if-none-match': other }), LONG)).status, other).toBe(200)
  })

  test('is for what is read with success alone', async () => {
    expect((await represent(asking({}, 'POST'), LONG)).headers).toEqual({})
    expect((await represent(asking({ 'if-none-match': '*' }, 'PATCH'), LONG)).status).toBe(200)
    expect((await represent(asking({ 'if-none-match': '*' }), LONG, { status: 400 })).status).toBe(400)
  })
})

describe('a running server', () => {
  /** A request whose answer nobody unpacks. */
  const raw = (server: Launched, path: string, headers: Record<string, string> = {}) =>
    fetch(`${server.endpoint}${path}`, { headers: { 'accept-encoding': 'identity', ...headers } })

  test.each(['/api/swagger.json', '/api/.well-known/sign-in-exp', '/oidc/.well-known/openid-configuration'])(
    'names %s, compresses it, and sends it once',
    async path => {
      const server = await launch()
      const plain = await raw(server, path)
      const tag = plain.headers.get('etag')!
      const text = await plain.text()
      expect(plain.headers.get('content-encoding')).toBeNull()
      for (const encoding of ['br', 'gzip']) {
        const packed = await raw(server, path, { 'accept-encoding': encoding })
        expect(packed.headers.get('content-encoding')).toBe(encoding)
        expect(packed.headers.get('content-type')).toBe(plain.headers.get('content-type'))
        expect(packed.headers.get('etag')).toBe(tag)
        expect(packed.headers.get('vary')).toBe('Accept-Encoding, Origin')
        expect(await packed.text()).toBe(text)
      }
      const known = await raw(server, path, { 'if-none-match': tag })
      expect([known.status, await known.text()]).toEqual([304, ''])
      expect(known.headers.get('etag')).toBe(tag)
      expect(known.headers.get('x-content-type-options')).toBe('nosniff')
      expect(known.headers.get('cache-control')).toBe(plain.headers.get('cache-control'))
      const head = await fetch(`${server.endpoint}${path}`, { method: 'HEAD' })
      expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, tag, ''])
    },
  )

  test('sends a page of a list that is known already with its total', async () => {
    const server = await launch()
    const { access_token } = await tokenOf(server)
    const authorization = `Bearer ${access_token}`
    const first = await raw(server, '/api/roles', { authorization })
    const again = await raw(server, '/api/roles', {
      authorization,
      'if-none-match': first.headers.get('etag')!,
    })
    expect(again.status).toBe(304)
    expect(again.headers.get('total-number')).toBe('1')
    expect(again.headers.get('link')).toBe(first.headers.get('link'))
    expect(again.headers.get('content-type')).toBeNull()
  })

  test('lets nobody keep what is for one caller alone, and no proxy what is for all', async () => {
    const server = await launch()
    const { access_token } = await tokenOf(server)
    const authorization = `Bearer ${access_token}`
    const cached = async (path: string, headers = {}) =>
      (await raw(server, path, headers)).headers.get('cache-control')
    for (const path of ['/api/users', '/api/connectors', '/api/users/nobody'])
      expect(await cached(path, { authorization }), path).toBe('no-store')
    for (const path of ['/api/users', '/api/my-account', '/api/nothing', '/api/experience/interaction'])
      expect(await cached(path), path).toBe('no-store')
    expect(await cached('/api/.well-known/sign-in-exp')).toBe('private, no-cache')
    expect(await cached('/oidc/jwks')).toBe('no-cache, max-age=0, must-revalidate')
  })

  test('gives tokens neither a name nor another encoding', async () => {
    const { headers } = await tokenOf(await launch())
    expect([headers.get('etag'), headers.get('content-encoding')]).toEqual([null, null])
    expect(headers.get('cache-control')).toBe('no-store')
  })
})

async function tokenOf(server: Launched) {
  const answer = await fetch(`${server.endpoint}/oidc/token`, {
    method: 'POST',
    headers: { 'accept-encoding': 'br' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: ADMIN.id,
      client_secret: ADMIN.secret,
      resource: 'https://default.logto.app/api',
      scope: 'all',
    }),
  })
  const { access_token } = (await answer.json()) as { access_token: string }
  return { access_token, headers: answer.headers }
}

test('what the server says of itself is compressed once, however many ask', async () => {
  const compress = vi.spyOn(zlib, 'brotliCompress')
  syncBuiltinESMExports()
  onTestFinished(() => {
    compress.mockRestore()
    syncBuiltinESMExports()
  })
  const server = await launch()
  const ask = async (headers: Record<string, string>) =>
    (await fetch(`${server.endpoint}/api/swagger.json`, { headers })).text()
  const plain = await ask({ 'accept-encoding': 'identity' })
  for (let time = 0; time < 3; time += 1) expect(await ask({ 'accept-encoding': 'br' })).toBe(plain)
  expect(compress).toHaveBeenCalledTimes(1)
})
