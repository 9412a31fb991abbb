import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../config.ts'
import { createListener } from './listening.ts'

/** A listener as the server's own, which answers with what it was asked. */
async function serve(settings: Record<string, string> = {}) {
  const { keepAlive } = readConfig(settings)
  const seen: { status?: number | undefined }[] = []
  const server = createListener(
    (request, response) => response.end(`${request.method} ${request.headers.cookie?.length ?? 0}`),
    { keepAlive, log: (_level, _event, fields = {}) => void seen.push(fields) },
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as { port: number }
  return { server, port, seen }
}

/** What comes back on a connection of its own until it is closed. */
async function send(port: number, ...parts: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const answer = text(socket)
  // Whoever is cut off while writing has read the answer all the same.
  socket.on('error', () => {})
  for (const part of parts) socket.write(part)
  return answer
}

const request = (path: string, headers: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n')

const cookies = (size: number) => `Cookie: a=${'x'.repeat(size - 2)}`

test('idle connections are kept longer than load balancers keep theirs, also before their first request', async () => {
  const { server, port } = await serve()
  expect(
    await send(port, request('/', ['Connection: keep-alive']), request('/', ['Connection: close'])),
  ).toMatch(/Keep-Alive: timeout=75\r\n/)
  expect(server.keepAliveTimeout).toBeGreaterThanOrEqual(65_000)
  // A request that comes just when the time is over is still read.
  expect(server.keepAliveTimeoutBuffer).toBeGreaterThanOrEqual(1_000)
  for (const limit of [server.headersTimeout, server.requestTimeout])
    expect(limit).toBeGreaterThan(server.keepAliveTimeout + server.keepAliveTimeoutBuffer)
})

test('the setting says how long, for load balancers that keep theirs for ten minutes', async () => {
  const { server, port } = await serve({ KEEP_ALIVE_TIMEOUT: '620000' })
  const answer = await send(
    port,
    request('/', ['Connection: keep-alive']),
    request('/', ['Connection: close']),
  )
  expect(answer).toContain('Keep-Alive: timeout=620')
  expect(server.headersTimeout).toBeGreaterThan(620_000)
  expect(() => readConfig({ KEEP_ALIVE_TIMEOUT: '75' })).toThrow(/KEEP_ALIVE_TIMEOUT: must be/)
})

test('32 KiB of headers are read', async () => {
  const { port } = await serve()
  const answer = await send(port, request('/', [cookies(32 * 1024), 'Connection: close']))
  expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]+GET 32768$/)
})

test.each([
  ['en', 'text/html', 'Delete the cookies of this site'],
  ['zh-CN', 'text/html', '请清除本站的 Cookie'],
])('more are answered with a page that says what to do, in %s', async (language, accept, words) => {
  const { port, seen } = await serve()
  const head = [`Accept-Language: ${language}`, `Accept: ${accept}`]
  const answer = await send(port, request('/sign-in', [...head, cookies(40 * 1024)]))
  const [headers = '', body = ''] = answer.split('\r\n\r\n')
  expect(headers).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/)
  expect(headers).toMatch(/\r\nContent-Type: text\/html; charset=utf-8\r\n/)
  expect(headers).toMatch(/\r\nContent-Security-Policy: default-src /)
  expect(headers).toContain(`Content-Length: ${Buffer.byteLength(body)}\r\n`)
  expect(body).toMatch(/^<!doctype html>/)
  expect(body).toContain(words)
  // It would be asked for with the same headers.
  expect(body).not.toMatch(/<(?:link|script|img)/)
  expect(seen).toEqual([{ status: 431 }])
})

test.each([
  ['/api/users', 'text/html', {}],
  ['/assets/icon.svg', 'image/svg+xml', {}],
  ['/oidc/token', '*/*', { error: 'invalid_request' }],
])('to programs that ask for %s with JSON', async (path, accept, more) => {
  const { port } = await serve()
  const answer = await send(port, request(path, [`Accept: ${accept}`, cookies(40 * 1024)]))
  expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toEqual({
    code: 'request.headers_too_large',
    message: expect.stringContaining('headers'),
    ...more,
  })
})

test('whoever goes on sending gets the same answer, and is listened to only so far', async () => {
  const { port, seen } = await serve()
  const more = Array.from({ length: 64 }, () => 'x'.repeat(64 * 1024))
  const answer = await send(port, request('/', [cookies(40 * 1024)]).trimEnd(), ...more)
  expect(answer.match(/HTTP\/1\.1 /g) ?? []).toHaveLength(1)
  expect(seen).toHaveLength(1)
})

test('what is no HTTP is answered 400 without a word', async () => {
  const { port, seen } = await serve()
  expect(await send(port, 'EHLO example.com\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 400 Bad Request\r\n[\s\S]+\r\n\r\n$/,
  )
  expect(seen).toEqual([{ status: 400 }])
})

test('no words come into the middle of another answer', async () => {
  const server = createListener(
    (_, response) => {
      response.writeHead(200, { 'content-length': '20' })
      response.write('half of it')
    },
    { keepAlive: 1_000, log() {} },
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  expect(await send(port, request('/', []), request('/', [cookies(40 * 1024)]))).not.toContain('431')
})
