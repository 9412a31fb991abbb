import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Fetch } from '@countersign/kit'
import { createApplications } from '../applications/applications.ts'
import type { Facts } from '../audit/audit.ts'
import { type Config, readConfig } from '../config.ts'
import { deriveKeys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { bodyOf, statusOf } from '../http/errors.ts'
import { guardedFetch } from '../http/targets.ts'
import { ApiError } from '../refusals/refusal.ts'
import { createResources } from '../resources/resources.ts'
import { createUsers } from '../users/users.ts'
import type { LogFields, World } from '../world.ts'
import type { GrantsLimited } from './grant-limit.ts'
import { createOidc, type Oidc } from './oidc.ts'

/** A provider that listens on a port of its own, with a clock that can be moved on. */
export interface TestProvider {
  /** Where it listens, whatever its public address. */
  endpoint: string
  db: Database
  oidc: Oidc
  users: ReturnType<typeof createUsers>
  applications: ReturnType<typeof createApplications>
  resources: ReturnType<typeof createResources>
  /** Moves the server's clock. */
  pass(milliseconds: number): void
  log: { event: string; fields: LogFields }[]
  /** What went to the audit log. */
  audited: { key: string; facts: Facts }[]
  /** What webhooks were told of. */
  told: (GrantsLimited & { revokedGrantIds: string[] })[]
  close(): Promise<void>
}

const listening = (server: Server) =>
  new Promise<number>(resolve =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  )

/** Starts a provider. `/consent` consents at once, as the sign-in pages do for the house's own applications. */
export async function startProvider(
  db: Database,
  change: Partial<Config> = {},
  fetch: Fetch = guardedFetch('public', 'BACKCHANNEL_ALLOW_PRIVATE'),
): Promise<TestProvider> {
  let ahead = 0
  const log: TestProvider['log'] = []
  const audited: TestProvider['audited'] = []
  const told: (GrantsLimited & { revokedGrantIds: string[] })[] = []
  const world: World = {
    fetch: async () => {
      throw new Error('no network in tests')
    },
    now: () => Date.now() + ahead,
    random: randomBytes,
    log: (_level, event, fields = {}) => log.push({ event, fields }),
  }
  // Connections outlive the test, so that none ends while its next request is on the way.
  const server = createServer({ keepAliveTimeout: 600_000 })
  const port = await listening(server)
  const endpoint = `http://localhost:${port}`
  const config = { ...readConfig({ PORT: String(port) }), endpoint, ...change }
  const keys = deriveKeys(Buffer.alloc(32, 7))
  const users = createUsers(db, world)
  const applications = createApplications(db, keys, world)
  const resources = createResources(db, world)
  const oidc = await createOidc({
    db,
    keys,
    world,
    config,
    users,
    applications,
    resources,
    observers: {
      audit: { record: (key, facts = {}) => void audited.push({ key, facts: facts as Facts }) },
      seen() {},
      tellAlong: async event => ({
        async write(_tx, revokedGrantIds) {
          told.push({ ...event, revokedGrantIds })
        },
      }),
    },
    fetch,
  })
  server.on('request', async (request, response) => {
    const url = new URL(request.url ?? '', endpoint)
    if (url.pathname.startsWith('/oidc')) return oidc.handle(request, response)
    try {
      const interaction = await oidc.interaction(request.headers.cookie, {
        appId: url.searchParams.get('app_id') ?? undefined,
        uid: url.searchParams.get('interaction') ?? undefined,
      })
      if (url.pathname !== '/consent') {
        const user = await users.find({ type: 'username', value: url.searchParams.get('user') ?? 'alice' })
        const { cookie: cookies } = request.headers
        const location = await oidc.finishLogin(interaction.uid, user!.id, { cookies })
        return response.writeHead(302, { location }).end()
      }
      response.writeHead(302, { location: await oidc.grantConsent(interaction, { ip: '192.0.2.1' }) }).end()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      response.writeHead(statusOf(error), { 'content-type': 'application/json' })
      response.end(JSON.stringify(bodyOf(error)))
    }
  })
  return {
    endpoint,
    db,
    oidc,
    users,
    applications,
    resources,
    log,
    audited,
    told,
    pass(milliseconds) {
      ahead += milliseconds
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** A browser as far as it matters: cookies by path, and one address at a time. */
export class Browser {
  readonly #jar = new Map<string, { path: string; value: string }>()
  readonly visited: string[] = []
  #at = ''

  cookie(name: string): string | undefined {
    return this.#jar.get(name)?.value
  }

  header(path = '/'): string {
    return [...this.#jar]
      .filter(([, cookie]) => path.startsWith(cookie.path))
      .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
      .join('; ')
  }

  /** One request, without following where it leads. */
  async open(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address, this.#at || undefined)
    const headers = new Headers(init.headers)
    if (this.header(url.pathname)) headers.set('cookie', this.header(url.pathname))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    this.#at = url.href
    this.visited.push(url.href)
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    return response
  }

  /** Follows redirects until an answer is none, or one leads to an address that begins with `until`. */
  async follow(address: string, until: string): Promise<URL> {
    let next = address
    for (let hops = 0; hops < 12; hops++) {
      if (next.startsWith(until)) return new URL(next)
      const response = await this.open(next)
      const location = response.headers.get('location')
      if (!location) throw new Error(`${next} answered ${response.status}: ${await response.text()}`)
      next = new URL(location, this.#at).href
    }
    throw new Error(`goes round in circles: ${this.visited.join(' → ')}`)
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map(part => part.trim())
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    const path = attributes.find(each => /^path=/i.test(each))?.slice(5) ?? '/'
    const expires = attributes.find(each => /^expires=/i.test(each))?.slice(8)
    const key = path === '/' ? name : `${name} ${path}`
    if (expires && Date.parse(expires) <= Date.now()) this.#jar.delete(key)
    else this.#jar.set(key, { path, value })
  }
}
