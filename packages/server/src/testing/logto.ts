import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Route } from '@countersign/api'
import * as api from '@countersign/api'
import { createManagementApi } from '@logto/api/management'
import { ADMIN, type Launched } from './launch.ts'

/** A method and a path in the form of our declarations and of Logto's types, e.g. `get /api/users/{userId}`. */
type Call = string

/** What only we have: Logto's client has no types for it, so it cannot call it. */
const OURS: readonly Call[] = [
  // What failed for good can be delivered once more.
  'post /api/hooks/{id}/recent-logs/{logId}/redeliver',
  // What the console's editor begins with.
  'get /api/custom-phrases/{languageTag}/built-in',
  // Numbers and addresses with a fixed code, for reviewers of app stores.
  'get /api/test-identities',
  'post /api/test-identities',
  'patch /api/test-identities/{id}',
  'delete /api/test-identities/{id}',
  // Every saved connection, also those that are off.
  'get /api/connections',
  'post /api/connections',
  'put /api/connections/order',
  'post /api/connections/route',
  'get /api/connections/{id}',
  'patch /api/connections/{id}',
  'delete /api/connections/{id}',
  'post /api/connections/{id}/health',
  // Messages move to another connection step by step.
  'get /api/connection-moves',
  'post /api/connection-moves',
  'post /api/connection-moves/{id}/step',
  'post /api/connection-moves/{id}/stop',
  'post /api/connection-moves/{id}/undo',
  // What messages cost.
  'get /api/connections/{id}/prices',
  'put /api/connections/{id}/prices',
  'delete /api/connections/{id}/prices',
  'get /api/connections/{id}/receipts',
  'post /api/connections/{id}/receipts/renew',
  'get /api/connections/{id}/feedback',
  // How many messages may leave, by address, prefix, country and in all.
  'get /api/protection/limits',
  'put /api/protection/limits',
  'delete /api/protection/limits',
  'post /api/protection/limits/preview',
  // Which identifiers are blocked, and their release.
  'get /api/protection/blocks',
  'delete /api/protection/blocks/{id}',
  // What may be spent on messages.
  'get /api/protection/budgets',
  'post /api/protection/budgets',
  'patch /api/protection/budgets/{id}',
  'delete /api/protection/budgets/{id}',
  // Whose codes are sent and hardly used.
  'get /api/protection/fraud',
  'put /api/protection/fraud',
  'get /api/protection/fraud/findings',
  'post /api/protection/fraud/findings/{id}/allow',
  'delete /api/protection/fraud/findings/{id}/allow',
  // Which check for people is shown, and how a page of somebody's own shows it.
  'get /api/protection/captcha',
  'put /api/protection/captcha',
  'get /api/experience/captcha',
  'post /api/experience/captcha',
  // Whether a server lives and serves, for whatever starts it again or sends it visitors.
  'get /api/health/live',
  'get /api/health/ready',
]

/** Refused by its nature: no application of ours has a secret without a name. That it is refused is what can be tried. */
const REFUSED: Call = 'delete /api/applications/{id}/legacy-secret'

const callOf = ({ method, path }: Pick<Route, 'method' | 'path'>): Call => `${method} ${path}`

const isConsole = ({ path }: Route) => path.startsWith('/api/console/')

/** Every route that back ends may call with a token, or anybody without one. */
const routes = Object.entries(api)
  .filter(([name]) => name.endsWith('Routes'))
  .flatMap(([, group]): Route[] => Object.values(group))
  .filter(route => (route.auth === 'management' || route.auth === 'none') && !isConsole(route))

/** Those of them that Logto has too; whoever adds one adds a call of it to the tests of its area. */
export const sharedRoutes = routes.filter(route => !OURS.includes(callOf(route)))

/** The areas that the routes are tested in, by the part of the path that follows `/api/`. */
const AREAS = {
  users: ['users'],
  applications: ['applications', 'roles', 'resources', 'configs'],
  experience: [
    'sign-in-exp',
    'custom-phrases',
    'email-templates',
    'connectors',
    'connector-factories',
    'verification-codes',
    'account-center',
    '.well-known',
    'swagger.json',
    'status',
  ],
  events: ['hooks', 'logs', 'dashboard', 'sentinel-activities'],
} as const

export type Area = keyof typeof AREAS

const partOf = ({ path }: Route) => path.split('/')[2] ?? ''

const areaOf = (route: Route): string | undefined =>
  Object.entries(AREAS).find(([, parts]) => parts.some(part => part === partOf(route)))?.[0]

/** Routes that no area would try. */
export const withoutArea = (): Call[] => sharedRoutes.filter(route => !areaOf(route)).map(callOf)

/** Logto's Management API client for a server, and which calls of it went well so far. */
export function logtoClient({ endpoint }: Launched, done: Set<Call>) {
  const { apiClient } = createManagementApi('default', {
    clientId: ADMIN.id,
    clientSecret: ADMIN.secret,
    baseUrl: endpoint,
  })
  apiClient.use({
    onResponse({ request, response, schemaPath }) {
      const call = `${request.method.toLowerCase()} ${schemaPath}`
      if (response.ok || call === REFUSED) done.add(call)
    },
  })
  return apiClient
}

/** The routes of an area that were never called with success. */
export const neverDone = (area: Area, done: Set<Call>): Call[] =>
  sharedRoutes
    .filter(route => areaOf(route) === area)
    .map(callOf)
    .filter(call => !done.has(call))

/** What Logto's client brought back; fails when it was refused. */
export function dataOf<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (data === undefined) throw new Error(`${response.url} ${response.status}: ${JSON.stringify(error)}`)
  return data
}

/** The first of a list; fails when there is none. */
export function first<T>(list: readonly T[]): T {
  const [one] = list
  if (one === undefined) throw new Error('The list is empty')
  return one
}

const publishedTypes = (): string =>
  readFileSync(
    fileURLToPath(new URL('generated-types/management.d.ts', import.meta.resolve('@logto/api/management'))),
    'utf8',
  )

/** The language tags that Logto's published types take. */
export function publishedLanguages(): string[] {
  const [, union = ''] = /fallbackLanguage: ("[\w-]+"(?: \| "[\w-]+")+);/.exec(publishedTypes()) ?? []
  return union.split(' | ').map(tag => tag.replaceAll('"', ''))
}

/** What Logto's published types know: each call and the name of its operation, and which statuses it may answer. */
export function publishedOperations(): Map<Call, { operationId: string; statuses: number[] }> {
  const text = publishedTypes()
  const statuses = new Map(
    [...text.matchAll(/^ {4}(\w+): \{\n(.*?)^ {4}\};/gms)].map(([, name = '', body = '']) => [
      name,
      [...body.matchAll(/^ {12}(\d{3}): \{/gm)].map(([, status]) => Number(status)),
    ]),
  )
  const operations = new Map<Call, { operationId: string; statuses: number[] }>()
  for (const [, path = '', body = ''] of text.matchAll(/^ {4}"(\/api\/[^"]*)": \{\n(.*?)^ {4}\};/gms))
    for (const [, method, operationId = ''] of body.matchAll(/^ {8}(\w+): operations\["(\w+)"\];/gm))
      operations.set(`${method} ${path}`, { operationId, statuses: statuses.get(operationId) ?? [] })
  return operations
}

/** Our own calls, for a check that they are none of Logto's. */
export const ownCalls: readonly Call[] = OURS
