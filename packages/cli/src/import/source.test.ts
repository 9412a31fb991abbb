import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contentsOf } from '@countersign/server/testing/contents'
import { ADMIN, launch } from '@countersign/server/testing/launch'
import { describe, expect, it, onTestFinished } from 'vitest'
import { EXIT, Stop } from '../exit-codes.ts'
import { openSource } from './source.ts'
import { call, countsOf, fill, HASHED, moveIn, openFront, optionsFor, patient } from './testing.ts'

/** A place for an installation of its own. */
function freshFolder(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-import-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return { DATA_DIR: folder }
}

const stopOf = (run: Promise<unknown>): Promise<Stop> =>
  run.then(
    () => Promise.reject(new Error('It did not stop')),
    error => (error instanceof Stop ? error : Promise.reject(error)),
  )

/** A server that answers everything alike. */
async function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const server = createServer((_, response) => response.writeHead(status, headers).end(body))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://localhost:${(server.address() as AddressInfo).port}`
}

describe('options that are wrong', () => {
  it.each([
    ['a wrong secret', { clientSecret: 'wrong-secret-of-tests' }, '--client-secret'],
    ['an unknown client', { clientId: 'nobody' }, '--client-id'],
  ])('are named: %s', async (_, change, option) => {
    const server = await launch()
    const stop = await stopOf(openSource(optionsFor(server.endpoint, change), patient()))
    expect(stop.exit).toBe(EXIT.refused)
    expect(stop.message).toContain(option)
    expect(stop.message).not.toContain('wrong-secret-of-tests')
  })

  it('are named: a client without the role', async () => {
    const server = await launch()
    const { id } = await call(server, 'POST', '/api/applications', { name: 'R', type: 'MachineToMachine' })
    const [secret] = await call<{ value: string }[]>(server, 'GET', `/api/applications/${id}/secrets`)
    const options = optionsFor(server.endpoint, { clientId: String(id), clientSecret: secret!.value })
    const stop = await stopOf(openSource(options, patient()))
    expect(stop).toMatchObject({
      exit: EXIT.refused,
      message: expect.stringContaining('Logto Management API access'),
    })
  })

  it('are named: another resource', async () => {
    const server = await launch()
    const options = { ...optionsFor(server.endpoint), resource: 'https://other.logto.app/api' }
    expect(await stopOf(openSource(options, patient()))).toMatchObject({
      exit: EXIT.refused,
      message: expect.stringContaining('--resource'),
    })
  })

  it.each([
    ['a website', 200, '<!doctype html><p>Hello', {}],
    ['no such page', 404, 'Not Found', {}],
    ['JSON of another kind', 200, '{}', {}],
    ['a redirect', 308, '', { location: 'https://www.example.com/oidc/token' }],
    ['a redirect to a page', 302, '', { location: '/sign-in' }],
  ])('are named: an address where %s is', async (_, status, body, headers) => {
    const from = await answering(status, body, headers as Record<string, string>)
    const stop = await stopOf(openSource(optionsFor(from), patient()))
    expect(stop.exit).toBe(EXIT.unanswered)
    expect(stop.message).toContain('--from')
  })

  it('are named soon: an address where nothing listens', async () => {
    const waits: number[] = []
    const stop = await stopOf(openSource(optionsFor('http://localhost:9'), patient(waits)))
    expect(stop).toMatchObject({ exit: EXIT.unanswered, message: expect.stringContaining('--from') })
    expect(waits).toEqual([500, 1000])
  })

  it('never take the secret to another address', async () => {
    const seen: unknown[] = []
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization)
      response.end()
    })
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const location = `http://localhost:${(other.address() as AddressInfo).port}/oidc/token`
    await stopOf(openSource(optionsFor(await answering(307, '', { location })), patient()))
    expect(seen).toEqual([])
  })
})

describe('a server that means harm, or a proxy that does not mean it', () => {
  const page = Array.from({ length: 100 }, (_, index) => ({ id: `user${index}`, hasPassword: false }))

  it('keeps nobody busy with one page for ever', async () => {
    const server = await launch()
    const front = await openFront(server)
    front.rewrite = (path, body) => (path.startsWith('/api/users?') ? page : body)
    const { error, results } = await moveIn(front.endpoint, freshFolder(), { kinds: ['users'] })
    expect(error).toMatchObject({ exit: EXIT.unanswered, message: expect.stringContaining('queries') })
    expect(countsOf(results.users)).toEqual({ create: 100 })
  })

  it('fills no memory with one answer', async () => {
    const server = await launch()
    const front = await openFront(server)
    front.instead = (path, _, response) => {
      if (!path.startsWith('/api/connectors')) return false
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(1_000_000)));
      }
      response.writeHead(200, { 'content-type': 'application/json' }).on('drain', more)
      more()
      return true
    }
    const { error } = await moveIn(front.endpoint, freshFolder(), { kinds: ['connectors'] })
    expect(error).toMatchObject({ exit: EXIT.unanswered, message: expect.stringContaining('bytes') })
    expect(front.requests.filter(each => each.includes('/api/connectors'))).toHaveLength(1)
  })

  it('with a user who nests so deep that going through it would fail loses that one, who is named', async () => {
    const server = await launch()
    const front = await openFront(server)
    front.instead = (path, _, response) => {
      if (!path.startsWith('/api/users?')) return false
      const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
      const user = (id: string, data: string) =>
        `{"id":"${id}","username":"${id}","hasPassword":false,"customData":${data}}`
      response.writeHead(200).end(`[${user('deep', deep)},${user('even', '{"a":1}')}]`)
      return true
    }
    const { error, results } = await moveIn(front.endpoint, freshFolder(), { kinds: ['users'] })
    expect(error).toBeUndefined()
    expect(countsOf(results.users)).toEqual({ create: 1, failed: 1 })
    expect(results.users.outcomes).toMatchObject([
      { id: 'deep', label: 'd***', reason: { text: expect.stringContaining('nests deeper') } },
    ])
  })
})

describe('a Logto in a bad network', () => {
  it('is asked again, ever slower, until it answers', async () => {
    const server = await launch()
    const { users } = await fill(server)
    const front = await openFront(server)
    const asked = new Map<string, number>()
    // Each question for itself: several are under way at once, and one of them could meet every fault there is.
    front.instead = (path, _, response) => {
      const times = (asked.get(path) ?? 0) + 1
      asked.set(path, times)
      if (times === 1) response.writeHead(429, { 'retry-after': '7' }).end('slower')
      else if (times === 2) response.writeHead(503).end('<html>')
      else if (times === 3) response.destroy()
      else if (times === 4)
        response.writeHead(200, { 'content-length': '100' }).write('[{"id":', () => response.destroy())
      else return false
      return true
    }
    const waits: number[] = []
    const { results, error } = await moveIn(front.endpoint, freshFolder(), { world: patient(waits) })
    expect(error).toBeUndefined()
    expect(countsOf(results.users)).toEqual({ create: Object.keys(users).length })
    expect(waits).toContain(7000)
    expect(waits).toContain(1000)
  })

  it('that falls silent ends the import; the next one goes on to the same end', async () => {
    const server = await launch()
    await fill(server)
    const front = await openFront(server)
    const env = freshFolder()
    // As far as the users, of whom some are there already.
    front.instead = (path, _, response) => {
      if (!path.startsWith('/api/users/')) return false
      return response.writeHead(500).end() !== undefined
    }
    const { results, error } = await moveIn(front.endpoint, env)
    expect(error).toMatchObject({ exit: EXIT.unanswered, message: expect.stringContaining('again') })
    expect(results.applications.counts.create).toBeGreaterThan(5)
    const half = await contentsOf(env)
    expect(half.applications).toHaveLength(results.applications.counts.create)
    expect(half.users).toEqual([])

    delete front.instead
    const whole = (await moveIn(front.endpoint, env)).results
    expect(countsOf(whole.applications)).toEqual({ same: results.applications.counts.create })
    expect(countsOf(whole.users)).toEqual({ create: HASHED.length + 1 })
    expect((await contentsOf(env)).users).toHaveLength(HASHED.length + 1)
  })

  it.each([
    ['the answer for one of them', /^\/api\/users\/ID\b/, 'ID'],
    [
      'every page with one of them',
      /^\/api\/users\?page=(?:1&page_size=100|3&page_size=1)$/,
      'number 3 of the list',
    ],
  ])('that can never give %s still gives all other users, and that one is named', async (_, broken, id) => {
    const server = await launch()
    const { users } = await fill(server)
    const third = Object.values(users).at(-3)!
    const front = await openFront(server)
    front.instead = (path, _count, response) =>
      broken.test(path.replace(third, 'ID')) && response.writeHead(500).end() !== undefined
    const env = freshFolder()
    const { error, results } = await moveIn(front.endpoint, env)
    expect(error).toBeUndefined()
    expect(countsOf(results.users)).toEqual({ create: HASHED.length, failed: 1 })
    expect(results.users.outcomes).toMatchObject([
      { id: id.replace('ID', third), action: 'failed', reason: { text: expect.stringContaining('read') } },
    ])
    delete front.instead
    const again = await moveIn(front.endpoint, env)
    expect(countsOf(again.results.users)).toEqual({ create: 1, same: HASHED.length })
  })

  it('whose tokens end in between gives another, once for all that is under way', async () => {
    const server = await launch()
    await fill(server)
    const front = await openFront(server)
    let refused = 0
    let first: string | undefined
    front.instead = (path, _, response) => {
      const { authorization } = response.req.headers
      if (!path.startsWith('/api/users/')) return false
      first ??= authorization
      if (authorization !== first) return false
      refused += 1
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"code":"auth.unauthorized"}')
      return true
    }
    const { error, results } = await moveIn(front.endpoint, freshFolder())
    expect(error).toBeUndefined()
    expect(results.users.counts.create).toBe(HASHED.length + 1)
    expect(refused).toBeGreaterThan(1)
    expect(front.requests.filter(each => each === 'POST /oidc/token')).toHaveLength(2)
  })

  it('is asked for another token before the old one ends', async () => {
    const server = await launch()
    await fill(server)
    const front = await openFront(server)
    let now = 0
    const world = { ...patient(), now: () => (now += 400_000) }
    expect((await moveIn(front.endpoint, freshFolder(), { world })).error).toBeUndefined()
    expect(front.requests.filter(each => each === 'POST /oidc/token').length).toBeGreaterThan(1)
  })

  it('that does not let the client in any more ends the import with what helps', async () => {
    const server = await launch()
    await fill(server)
    const front = await openFront(server)
    front.instead = (path, _, response) =>
      path.startsWith('/api/resources') &&
      response.writeHead(403, { 'content-type': 'application/json' }).end('{"code":"auth.forbidden"}') !==
        undefined
    const { error } = await moveIn(front.endpoint, freshFolder())
    expect(error).toMatchObject({ exit: EXIT.refused, message: expect.stringContaining('auth.forbidden') })
    expect(error!.message).not.toContain(ADMIN.secret)
  })

  it('behind a proxy that keeps its API to itself is not taken for an empty one', async () => {
    const server = await launch()
    const front = await openFront(server)
    for (const hidden of ['/api/users', '/api/applications', '/api/sign-in-exp']) {
      front.instead = (path, _, response) =>
        path.startsWith(hidden) && response.writeHead(404).end('Not Found') !== undefined
      const { error } = await moveIn(front.endpoint, freshFolder())
      expect(error).toMatchObject({ exit: EXIT.unanswered, message: expect.stringContaining(hidden) })
    }
  })

  it('of an older version may lack templates and texts', async () => {
    const server = await launch()
    const front = await openFront(server)
    front.instead = (path, _, response) =>
      /email-templates|custom-phrases/.test(path) && response.writeHead(404).end('Not Found') !== undefined
    expect((await moveIn(front.endpoint, freshFolder())).error).toBeUndefined()
  })

  it('that lists users anew while others register still gives each of them once', async () => {
    const server = await launch()
    for (let count = 0; count < 105; count += 1)
      await call(server, 'POST', '/api/users', { username: `user_${count}` })
    const front = await openFront(server)
    front.instead = path => {
      // Between the first page and the second.
      if (path.startsWith('/api/users?page=1&')) void server.app.users.create({ username: 'late' })
      return false
    }
    const { results } = await moveIn(front.endpoint, freshFolder(), { kinds: ['users'] })
    expect(results.users.counts.failed).toBe(0)
    expect(results.users.counts.create).toBeGreaterThanOrEqual(105)
  })
})
