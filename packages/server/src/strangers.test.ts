import { readFileSync } from 'node:fs'
import { HookEvent } from '@countersign/api'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { PURGE_EVERY } from './app.ts'
import { type Database, openDatabase } from './db/database.ts'
import { eachServerDatabase } from './db/testing.ts'
import { STRANGER } from './interactions/interactions.ts'
import { STRANGERS } from './oidc/strangers.ts'
import type { Launched } from './testing/launch.ts'
import { largestRequest, pageForm, type Scene, STRANGER_STEPS, visitorOf } from './testing/strangers.ts'
import { ready } from './testing/visitor.ts'

const DOCUMENT = new URL('../../../docs/limits-of-strangers.md', import.meta.url)
const MINUTE = 60_000

/** No request of a stranger writes more that outlives ten minutes. */
const MOST = 8 * 1024

const everyWay = {
  signUp: { identifiers: ['username'], password: true, verify: false },
  signIn: {
    methods: (['username', 'phone', 'email'] as const).map(identifier => ({
      identifier,
      password: true,
      verificationCode: identifier !== 'username',
      isPasswordPrimary: false,
    })),
  },
  forgotPasswordMethods: ['PhoneVerificationCode', 'EmailVerificationCode'],
  sentinelPolicy: { maxAttempts: 3, lockoutDuration: 60 },
}

/** Routes of oidc-provider, which tells nobody which it has. To be called before it is made. */
async function watchProvider(): Promise<Set<string>> {
  const { default: Router } = await import('oidc-provider/lib/helpers/router.js' as string)
  const routes = new Set<string>()
  for (const verb of ['get', 'post', 'put', 'delete'])
    Object.assign(Router.prototype, {
      [verb]: watched(verb, Router.prototype[verb], routes),
    })
  return routes
}

const watched = (verb: string, original: (...values: unknown[]) => unknown, routes: Set<string>) =>
  function (this: unknown, ...values: unknown[]) {
    routes.add(`${verb.toUpperCase()} /oidc${values[1]}`)
    return original.apply(this, values)
  }

/** What the server itself makes a `GET` of, before the provider sees it. */
const AS_GET = ['POST /oidc/auth', 'POST /oidc/session/end']

const providerRoutes = await watchProvider()

/** Every route of both doors. The answers to other methods (`ALL`) are routes of nobody. */
function routesOf({ app }: Launched): string[] {
  const of = (door: string, { routes }: { routes: { method: string; path: string }[] }) =>
    routes.flatMap(({ method, path }) => (method === 'ALL' ? [] : [`${door}${method} ${path}`]))
  return [...new Set([...of('', app.pages), ...of('console ', app.console), ...providerRoutes, ...AS_GET])]
}

/** Bytes that outlive ten minutes, that are there before, and that stay with each webhook that is told. */
interface Written {
  stays: number
  passes: number
  told: number
}

/** What the document says of each route. */
function documented(): Map<string, Written> {
  const rows = readFileSync(DOCUMENT, 'utf8').split('\n')
  return new Map(
    rows.flatMap(row => {
      const cells = row.split('|').map(cell => cell.trim())
      const [, routes = '', , stays, passes, told] = cells
      if (cells.length !== 7) return []
      const names = [...routes.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)
      return names.map(
        name => [name, { stays: Number(stays), passes: Number(passes), told: Number(told) }] as const,
      )
    }),
  )
}

type Rows = Map<string, number>

/** Every row of every table with its bytes. */
async function rowsOf(db: Database, tables: string[]): Promise<Rows> {
  const rows: Rows = new Map()
  const read = async (table: string) => {
    for (const row of (await sql<object>`select * from ${sql.table(table)}`.execute(db)).rows) {
      const bytes = Object.values(row).reduce((sum, value) => sum + Buffer.byteLength(String(value ?? '')), 0)
      rows.set(`${table} ${JSON.stringify(row)}`, bytes)
    }
  }
  await Promise.all(tables.map(read))
  return rows
}

/** Bytes of the rows that are new or other than before. */
const grown = (before: Rows, after: Rows, isCounted = (_row: string) => true) =>
  [...after].reduce((sum, [row, bytes]) => sum + (before.has(row) || !isCounted(row) ? 0 : bytes), 0)

const isTold = (row: string) => row.startsWith('hook_deliveries ')
const isOurs = (row: string) => !isTold(row)

async function sceneOf(env: Record<string, string>): Promise<Scene> {
  const server = await ready(everyWay, { ...env, TRUST_PROXY: 'true' })
  const hook = { name: 'all', events: HookEvent.options, config: { url: 'https://hooks.example.com/' } }
  expect((await server.manage('POST', '/api/hooks', hook)).status).toBe(201)
  const created = await server.manage('POST', '/api/applications', {
    name: 'A page',
    type: 'SPA',
    oidcClientMetadata: {
      redirectUris: ['https://app.example.com/callback'],
      postLogoutRedirectUris: ['https://app.example.com'],
    },
  })
  const { id: clientId } = (await created.json()) as { id: string }
  return { server, clientId, index: 0 }
}

test('what strangers leave for a while is gone after ten minutes, the purge included', () => {
  for (const lifetime of [STRANGER.lifetime, STRANGERS * 1000])
    expect(lifetime + PURGE_EVERY).toBeLessThanOrEqual(10 * MINUTE)
})

eachServerDatabase('what strangers write', fresh => {
  test('is what docs/limits-of-strangers.md says of each route, and never more than 8 KiB for longer than ten minutes', async () => {
    const env = await fresh()
    const scene = await sceneOf(env)
    const { server } = scene
    const db = await openDatabase(env.DATABASE_URL ?? '', env.DATA_DIR ?? '')
    const tables = (await db.introspection.getTables()).map(({ name }) => name)
    const rows = async () => {
      await server.app.settled()
      return rowsOf(db, tables)
    }
    const document = documented()
    const routes = routesOf(server)
    expect(routes.length).toBeGreaterThan(200)
    expect([...document.keys()].filter(route => !routes.includes(route))).toEqual([])

    const forms = routes.filter(route => /^POST \/(?!api|oidc)/.test(route)).map(route => route.slice(5))
    const problems: string[] = []
    const steps = [...STRANGER_STEPS, ...forms.map(path => pageForm(path))]
    for (const [index, { route, what, prepare }] of steps.entries()) {
      const act = await prepare({ ...scene, index })
      const before = await rows()
      const { status } = await act()
      const after = await rows()
      const said = document.get(route) ?? { stays: -1, passes: -1, told: -1 }
      const passes = grown(before, after, isOurs)
      const told = grown(before, after, isTold)
      let stays = passes
      if (passes > said.stays) {
        server.wait(10 * MINUTE)
        await server.app.purge()
        stays = grown(before, await rows(), isOurs)
      }
      const name = `${route} (${what}, ${status})`
      if (status >= 500) problems.push(`${name} failed`)
      if (stays > Math.min(said.stays, MOST)) problems.push(`${name}: ${stays} bytes stay`)
      if (passes > said.passes) problems.push(`${name}: ${passes} bytes are there for ten minutes`)
      if (told > Math.min(said.told, MOST)) problems.push(`${name}: ${told} bytes for a webhook`)
    }

    const visitor = await visitorOf(scene)
    const before = await rows()
    const taken = new Set(steps.map(({ route }) => route))
    for (const route of routes) {
      const said = document.get(route)
      if (taken.has(route)) continue
      const status = await largestRequest(scene, route, visitor)
      // Who may not come in is refused before anything is read. All others are in the document.
      if (!said && status !== 401) problems.push(`${route} (${status}) is missing in the document`)
      if (status >= 500) problems.push(`${route} failed`)
    }
    // Whether the database writes is looked up by writing to one row, always the same.
    expect(grown(before, await rows(), row => !row.startsWith('readiness '))).toBe(0)
    await db.destroy()
    expect(problems).toEqual([])
  }, 120_000)
})
