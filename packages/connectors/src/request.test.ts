import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Fetch, SendError } from '@countersign/kit'
import { afterEach, describe, expect, test } from 'vitest'
import { request } from './request.ts'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** A real server, for what only real sockets do. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const world = (fetch: Fetch, deadline = 10_000) => ({
  fetch,
  now: () => 0,
  random: (size: number) => new Uint8Array(size),
  deadline,
})

const call = (url: string, { fetch = globalThis.fetch as unknown as Fetch, deadline = 10_000 } = {}) =>
  request(world(fetch, deadline), { method: 'POST', url, headers: {}, body: 'x' }).catch(
    (error: SendError) => error,
  )

const rejecting = (error: unknown) => call('https://x.invalid/', { fetch: () => Promise.reject(error) })
const coded = (code: string, more = {}) => Object.assign(new Error(code), { code, ...more })

describe('a request over real sockets', () => {
  test('returns status and JSON', async () => {
    const url = await serve((_, response) => response.writeHead(404).end('{"Code":"X"}'))
    expect(await call(url)).toMatchObject({
      status: 404,
      body: { Code: 'X' },
      raw: { status: 404, body: '{"Code":"X"}' },
    })
  })

  test('does not follow a redirect, which would send the signed request elsewhere', async () => {
    let requests = 0
    const url = await serve((_, response) => {
      requests += 1
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    expect(await call(url)).toMatchObject({ failure: 'provider_fault', maybeSent: true })
    expect(requests).toBe(1)
  })

  test('to a port where nobody listens is unreachable, and certainly not sent', async () => {
    const url = await serve(() => {})
    for (const close of open.splice(0)) close()
    expect(await call(url)).toMatchObject({
      failure: 'unreachable',
      code: 'ECONNREFUSED',
      maybeSent: false,
    })
  })

  test('to a name that does not exist is unreachable, and certainly not sent', async () => {
    const result = await call('http://nowhere.invalid/')
    expect(result).toMatchObject({ failure: 'unreachable', maybeSent: false })
  })

  test('whose connection is closed without an answer is unreachable, and maybe sent', async () => {
    const url = await serve(({ socket }) => socket.destroy())
    expect(await call(url)).toMatchObject({ failure: 'unreachable', maybeSent: true })
  })

  test('whose answer breaks off is a provider fault, and maybe sent', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"Code":')
      setTimeout(() => response.destroy(), 20)
    })
    const result = await call(url)
    expect(result).toMatchObject({ failure: 'provider_fault', maybeSent: true })
    expect((result as SendError).answer).toEqual({ status: 200 })
  })

  test('whose answer trickles past the deadline is unreachable, and maybe sent', async () => {
    const url = await serve((_, response) => {
      const timer = setInterval(() => response.write(' '), 10)
      response.on('close', () => clearInterval(timer))
    })
    expect(await call(url, { deadline: 100 })).toMatchObject({
      failure: 'unreachable',
      code: 'ETIMEDOUT',
      maybeSent: true,
    })
  })
})

test('a request names its proxy to fetch, and none when there is none', async () => {
  const seen: (string | undefined)[] = []
  const fetch: Fetch = async (_, { proxy }) => {
    seen.push(proxy)
    return new Response('{}')
  }
  for (const proxy of ['http://proxy.example.com:3128', undefined])
    await request(world(fetch), { method: 'POST', url: 'https://x.invalid/', headers: {}, proxy })
  expect(seen).toEqual(['http://proxy.example.com:3128', undefined])
})

describe('a failure on the way', () => {
  test.each([
    ['one address refused', coded('ECONNREFUSED')],
    ['all addresses refused', new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')])],
    [
      'one refused and one timed out while connecting',
      new AggregateError([coded('ECONNREFUSED'), coded('ETIMEDOUT', { syscall: 'connect' })]),
    ],
    ['a proxy that makes no tunnel', coded('PROXY_REFUSED')],
    ['an expired certificate', coded('CERT_HAS_EXPIRED')],
    ['a certificate for another name', coded('ERR_TLS_CERT_ALTNAME_INVALID')],
    ['a name that cannot be resolved now', coded('EAI_AGAIN', { syscall: 'getaddrinfo' })],
  ])('certainly sent nothing: %s', async (_, cause) => {
    expect(await rejecting(new TypeError('fetch failed', { cause }))).toMatchObject({
      failure: 'unreachable',
      maybeSent: false,
    })
  })

  test.each([
    ['a reset', coded('ECONNRESET', { syscall: 'read' })],
    ['one address refused and one reset', new AggregateError([coded('ECONNREFUSED'), coded('ECONNRESET')])],
    ['a timeout of the socket', coded('ETIMEDOUT', { syscall: 'read' })],
    ['no reason', undefined],
    ['a reason that is no error', 'x'],
  ])('may have sent: %s', async (_, cause) => {
    expect(await rejecting(new TypeError('fetch failed', { cause }))).toMatchObject({
      failure: 'unreachable',
      maybeSent: true,
    })
  })

  test('that refers to itself is still told', async () => {
    const error: Error & { cause?: unknown } = coded('ECONNRESET')
    error.cause = error
    expect(await rejecting(error)).toMatchObject({ failure: 'unreachable' })
  })

  test('shows a code of the system only, never a text', async () => {
    expect(await rejecting(coded('to 13800138000'))).toMatchObject({ code: undefined })
  })

  test('that is thrown instead of rejected is unreachable too', async () => {
    const fetch = () => {
      throw new TypeError('Invalid URL')
    }
    expect(await call('x', { fetch })).toBeInstanceOf(SendError)
  })
})

describe('the raw answer', () => {
  const answer = (text: string) => async () => new Response(text, { status: 502 })

  test('is cut to four KiB, without half a character at the end', async () => {
    const error = await call('https://x.invalid/', { fetch: answer('验'.repeat(4000)) as unknown as Fetch })
    expect((error as SendError).answer).toEqual({ status: 502, body: '验'.repeat(1365) })
  })

  test('may have 256 KiB, not more', async () => {
    const padded = (size: number) => `{"a":"${'x'.repeat(size - 8)}"}`
    const most = 256 * 1024
    const send = (size: number) =>
      call('https://x.invalid/', { fetch: answer(padded(size)) as unknown as Fetch })
    expect(await send(most)).toMatchObject({ status: 502 })
    expect(await send(most + 1)).toMatchObject({ failure: 'provider_fault' })
  })

  test('may begin with a byte order mark', async () => {
    const fetch = answer('\ufeff{"Code":"X"}') as unknown as Fetch
    expect(await call('https://x.invalid/', { fetch })).toMatchObject({ body: { Code: 'X' } })
  })
})
