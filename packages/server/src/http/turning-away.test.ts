import { createServer, get, type RequestListener, type ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { testWorld } from '../testing/world.ts'
import { createAdmission } from './admission.ts'
import { admit } from './turning-away.ts'

const isUnderway = (cookies: string | undefined) => cookies === 'underway'

/** A server with so many places, whose answers wait until they are let go. */
async function serve(places: number) {
  const world = testWorld()
  const waiting: ServerResponse[] = []
  const hold: RequestListener = ({ url }, response) => {
    if (url === '/wait') waiting.push(response)
    else response.end('served')
  }
  const server = createServer(
    admit(createAdmission(places), { trustProxy: 0, log: world.log, isUnderway })(hold),
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
  return { ask, askRaw, waiting, lines: world.lines }
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
