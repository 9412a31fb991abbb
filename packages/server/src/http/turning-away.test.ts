import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { testWorld } from '../testing/world.ts'
import { createAdmission } from './admission.ts'
import { admit } from './turning-away.ts'

const isUnderway = (cookies: string | undefined) => cookies === 'underway'

const LARGE = Buffer.alloc(32 * 1024 * 1024)

/** A server with so many places, whose answers wait until they are let go, or are far too large. */
async function serve(places: number, clock?: () => number) {
  const world = testWorld()
  const waiting: ServerResponse[] = []
  const taken: ServerResponse[] = []
  const requests: IncomingMessage[] = []
  const hold: RequestListener = (request, response) => {
    const { url } = request
    requests.push(request)
    if (url === '/wait') waiting.push(response)
    else if (url === '/large') taken.push(response.end(LARGE))
    else response.end('served')
  }
  const server = createServer(
    admit(createAdmission(places, clock), { trustProxy: 0, log: world.log, isUnderway })(hold),
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const response of waiting) response.end()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as { port: number }
  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers })
  // `fetch` would resolve the dots.
  const askRaw = (path: string) =>
    new Promise(resolve =>
      get({ port, host: '127.0.0.1', path }, answer => resolve(answer.resume().statusCode)),
    )
  const open = (head: string) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`${head} HTTP/1.1\r\nHost: x\r\n`)
    return socket
  }
  return { ask, askRaw, open, waiting, taken, requests, lines: world.lines }
}

/** Fills all places. Returns the answers that are waited for. */
async function fill({ ask, waiting }: Awaited<ReturnType<typeof serve>>, places: number) {
  const open = Array.from({ length: places }, () => ask('/wait'))
  while (waiting.length < places) await new Promise(resolve => setImmediate(resolve))
  return open
}

test('beyond its places a server answers at once when to come again, in the form that is asked for', async () => {
  const server = await serve(2)
  const open = await fill(server, 2)
  const [page, json, oidc] = await Promise.all([
    server.ask('/sign-in', { accept: 'text/html', 'accept-language': 'zh-CN' }),
    server.ask('/api/users'),
    server.ask('/oidc/token', { accept: '*/*' }),
  ])
  expect([page, json, oidc].map(answer => [answer!.status, answer!.headers.get('retry-after')])).toEqual(
    Array.from({ length: 3 }, () => [503, '2']),
  )
  expect(await page!.text()).toContain('当前访问人数过多，请在 2 秒后重试')
  expect(await (await server.ask('/sign-in', { accept: 'text/html' })).text()).toContain(
    '<meta http-equiv="refresh" content="2">',
  )
  const form = await fetch(page!.url, { method: 'POST', body: 'phone=1', headers: { accept: 'text/html' } })
  expect(form.status).toBe(503)
  expect(await form.text()).not.toContain('http-equiv')
  expect(page!.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(await json!.json()).toMatchObject({ code: 'server.overloaded', data: { retryAfter: 2 } })
  expect(await oidc!.json()).toMatchObject({ error: 'temporarily_unavailable' })
  // One line tells of many.
  expect(server.lines.filter(line => line.includes('MAX_REQUESTS'))).toHaveLength(1)
  for (const response of server.waiting) response.end('done')
  expect(await Promise.all((await Promise.all(open)).map(answer => answer.text()))).toEqual(['done', 'done'])
  expect(await (await server.ask('/sign-in')).text()).toBe('served')
})

test('whoever watches over the server is never turned away', async () => {
  const server = await serve(1)
  await fill(server, 1)
  for (const path of ['/api/status', '/api/health/ready', '/api/health/live?x=1'])
    expect([path, (await server.ask(path)).status]).toEqual([path, 200])
  expect((await server.ask('/api/statuses')).status).toBe(503)
})

test('an address that only begins like one for watchers is no way around the bound', async () => {
  const server = await serve(1)
  await fill(server, 1)
  for (const path of ['/api/status/../users', '/api/health/%2e%2e/users', '/api/health/ready/../../users'])
    expect([path, await server.askRaw(path)]).toEqual([path, 503])
})

test('whoever is in the middle of a sign-in still finds a place', async () => {
  const server = await serve(4)
  await fill(server, 4)
  expect((await server.ask('/x')).status).toBe(503)
  expect((await server.ask('/x', { cookie: 'forged' })).status).toBe(503)
  expect((await server.ask('/x', { cookie: 'underway' })).status).toBe(200)
})

test('clients that send or take nothing more hold no place that others need', async () => {
  let now = 0
  const server = await serve(4, () => now)
  const inside = (count: number) =>
    expect.poll(() => server.waiting.length + server.taken.length, { timeout: 10_000 }).toBe(count)
  const sending = server.open('POST /wait')
  sending.write('Content-Length: 9\r\n\r\na')
  const taking = server.open('GET /large')
  taking.pause().write('\r\n')
  await inside(2)
  const answers = [server.ask('/wait'), server.ask('/wait')]
  await inside(4)
  expect((await server.ask('/x')).status).toBe(503)
  now = 4_000
  expect((await server.ask('/x')).status).toBe(200)
  await Promise.all([once(sending, 'close'), once(taking.resume(), 'close')])
  // Whoever waits for the server is not a slow client.
  for (const response of server.waiting) response.end('done')
  expect(await Promise.all((await Promise.all(answers)).map(answer => answer.text()))).toEqual([
    'done',
    'done',
  ])
})

test('a client whose body nobody has read yet is not slow', async () => {
  let now = 0
  const server = await serve(1, () => now)
  const sending = server.open('POST /wait')
  sending.write(`Content-Length: ${LARGE.length}\r\n\r\n`)
  sending.write(LARGE)
  await expect
    .poll(() => server.requests.some(each => each.readableLength >= each.readableHighWaterMark))
    .toBe(true)
  now = 4_000
  expect((await server.ask('/x')).status).toBe(503)
  server.requests[0]!.resume()
  await expect.poll(() => server.requests[0]!.complete, { timeout: 10_000 }).toBe(true)
  server.waiting[0]!.end('done')
  expect(String((await once(sending, 'data'))[0])).toContain('200 OK')
})

test('a visitor who goes away leaves the place', async () => {
  const server = await serve(1)
  const gone = new AbortController()
  const [open] = [fetch((await server.ask('/x')).url.replace('/x', '/wait'), { signal: gone.signal })]
  while (server.waiting.length === 0) await new Promise(resolve => setImmediate(resolve))
  gone.abort()
  await expect(open).rejects.toThrow()
  while (!server.waiting[0]!.destroyed) await new Promise(resolve => setImmediate(resolve))
  expect((await server.ask('/x')).status).toBe(200)
})
