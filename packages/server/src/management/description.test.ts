import * as api from '@countersign/api'
import { type Connection, ErrorBody, type Route } from '@countersign/api'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Launched, launch } from '../testing/launch.ts'
import { openApiProblems } from '../testing/openapi.ts'
import { valuesOf } from '../testing/values.ts'

interface Description extends Record<string, unknown> {
  openapi: string
  paths: Record<string, Record<string, unknown>>
}

const describe = async (server: Launched, file: string) =>
  (await (await fetch(`${server.endpoint}/api/${file}`)).json()) as Description

const routes = Object.entries(api)
  .filter(([name]) => name.endsWith('Routes'))
  .flatMap(([, group]) => Object.values(group as unknown as Record<string, Route>))
  .filter(route => route.auth === 'management')

test('the description is one of OpenAPI 3, whole and in its parts', async () => {
  const server = await launch()
  const whole = await describe(server, 'swagger.json')
  const parts = await Promise.all(
    ['management', 'experience', 'user'].map(part => describe(server, `.well-known/${part}.openapi.json`)),
  )
  for (const part of [whole, ...parts]) expect(await openApiProblems(part)).toEqual([])
  const described = routes.filter(route => whole.paths[route.path]?.[route.method])
  expect(described).toHaveLength(routes.length)
  expect(parts.every(({ paths }) => Object.keys(paths).every(path => path in whole.paths))).toBe(true)
})

test('free objects say in bodies and answers that they take and hold any member', async () => {
  const { paths } = await describe(await launch(), 'swagger.json')
  const patch = JSON.stringify(paths['/api/users/{userId}/custom-data'])
  const free = '{"type":"object","additionalProperties":true}'
  expect(patch).toContain(`"customData":${free}`)
  const json = (schema: string) => `"content":{"application/json":{"schema":${schema}}}`
  const phrases = paths['/api/custom-phrases/{languageTag}'] as Record<string, { requestBody: object }>
  expect(JSON.stringify(phrases.put!.requestBody)).toContain(json(free))
  expect(patch).toContain(`"200":{"description":"Success",${json(free)}}`)
  expect(JSON.stringify(paths)).not.toContain('"additionalProperties":{}')
})

test('the judge of descriptions finds what is wrong with one', async () => {
  const sound = await describe(await launch(), '.well-known/user.openapi.json')
  expect(await openApiProblems(sound)).toEqual([])
  expect(await openApiProblems({ ...sound, info: {} })).not.toEqual([])
  const of = (path: string, operation: object) =>
    openApiProblems({ ...sound, paths: { [path]: { get: operation } } })
  const responses = { 200: { description: 'Yes' } }
  expect(await of('/a', { responses: { ok: {} } })).not.toEqual([])
  expect(await of('/a/{id}', { responses, parameters: [] })).toEqual([
    'get /a/{id} has other parameters than its path',
  ])
})

/** Things that are there, and what paths call them. */
async function furnish(server: Launched) {
  const create = async (path: string, body: object, method = 'POST') => {
    const answer = await server.manage(method, path, body)
    expect(answer.ok, path).toBe(true)
    return (await answer.json()) as { id: string }
  }
  const machine = await create('/api/applications', { name: 'Robot', type: 'MachineToMachine' })
  const user = await create('/api/users', { username: 'ada', password: 'right' })
  const resource = await create('/api/resources', { name: 'Orders', indicator: 'https://orders.example.com' })
  const scope = await create(`/api/resources/${resource.id}/scopes`, { name: 'read' })
  await create('/api/custom-phrases/fr', {}, 'PUT')
  await server.connect('aliyun-sms')
  await server.connect('aliyun-dm')
  const connections = (await (await server.manage('GET', '/api/connections')).json()) as Connection[]
  const over = (channel: string) => connections.find(each => each.channel === channel)!.id
  const hook = await create('/api/hooks', {
    name: 'Orders',
    events: ['User.Created'],
    config: { url: 'https://localhost:9' },
  })
  const budget = await create('/api/protection/budgets', {
    name: 'Text messages',
    period: 'month',
    currency: 'CNY',
    hard: 500_000_000,
  })
  const details = { subject: 'Code', content: '{{code}}' }
  const templates = await server.manage('PUT', '/api/email-templates', {
    templates: [{ languageTag: 'en', templateType: 'Generic', details }],
  })
  const [template] = (await templates.json()) as [{ id: string }]
  const identity = await create('/api/test-identities', {
    type: 'email',
    value: 'review@example.com',
    code: '246810',
    expiresAt: Date.now() + 60_000,
  })
  const [log] = (await (await server.manage('GET', '/api/logs')).json()) as [{ id: string }]
  const [factory] = (await (await server.manage('GET', '/api/connector-factories')).json()) as [
    { id: string },
  ]
  const byPlace: [RegExp, string][] = [
    [/^\/api\/applications\/$/, machine.id],
    [/\/secrets\/$/, 'Default secret'],
    [/\/roles\/$/, 'management-api-access'],
    [/^\/api\/users\/$/, user.id],
    [/^\/api\/resources\/$/, resource.id],
    [/\/scopes\/$/, scope.id],
    [/custom-phrases\/$/, 'fr'],
    [/email-templates\/$/, template.id],
    [/test-identities\/$/, identity.id],
    [/logs\/$/, log.id],
    [/hooks\/$/, hook.id],
    [/budgets\/$/, budget.id],
    [/configs\/oidc\/$/, 'private-keys'],
    [/connectors\/$/, over('sms')],
    [/connections\/$/, over('email')],
    [/connector-factories\/$/, factory.id],
    [/connectors\/[^/]+\/$/, factory.id],
  ]
  return (before: string) => byPlace.find(([place]) => place.test(before))?.[1] ?? 'nobody'
}

/**
 * Routes that do well only with what chance does not bring: a fitting configuration, a code, a session, a connection beside
 * another one, a block.
 */
const BEYOND_CHANCE = new Set([
  'post /api/connections',
  'patch /api/connections/{id}',
  'put /api/connections/order',
  'post /api/connections/route',
  'post /api/connection-moves',
  'post /api/connection-moves/{id}/step',
  'post /api/connection-moves/{id}/stop',
  'post /api/connection-moves/{id}/undo',
  'post /api/protection/budgets',
  'delete /api/protection/blocks/{id}',
  'post /api/protection/fraud/findings/{id}/allow',
  'delete /api/protection/fraud/findings/{id}/allow',
  'post /api/connectors',
  'patch /api/connectors/{id}',
  'post /api/connectors/{factoryId}/test',
  'post /api/hooks/{id}/test',
  'post /api/hooks/{id}/recent-logs/{logId}/redeliver',
  'post /api/resources',
  'patch /api/sign-in-exp',
  'post /api/sign-in-exp/default/check-password',
  'post /api/test-identities',
  'post /api/verification-codes',
  'post /api/verification-codes/verify',
  'get /api/users/{userId}/sessions/{sessionId}',
  'delete /api/users/{userId}/sessions/{sessionId}',
  'delete /api/users/{userId}/grants/{grantId}',
  'delete /api/applications/{id}/secrets/{name}',
  'delete /api/applications/{id}/legacy-secret',
  'delete /api/applications/{applicationId}/roles/{roleId}',
  'delete /api/email-templates',
  'delete /api/configs/oidc/{keyType}/{keyId}',
])

/** The same for every run: a failure can be looked at again. */
const SEED = 20_260_115

test('every route answers what its description says, whatever it is sent', async () => {
  const server = await launch({ TEST_IDENTITIES: 'on' })
  const idAt = await furnish(server)
  // What deletes comes last, so that there is something to read and change before.
  const place = ({ method, path }: Route) => (method === 'delete' ? 100 - path.split('/').length : 0)
  const ordered = routes.toSorted((a, b) => place(a) - place(b))
  const done = new Set<string>()
  for (const route of ordered) {
    const { body } = route
    const bodies = body
      ? fc.sample(
          valuesOf(
            z.toJSONSchema(body, { target: 'openapi-3.0', io: 'input', unrepresentable: 'any' }) as object,
          ),
          {
            seed: SEED,
            numRuns: 24,
          },
        )
      : [undefined]
    for (const [index, sent] of [...bodies, ...(body ? [{}, null, []] : [])].entries()) {
      const parts = route.path.split(/(\{\w+\})/)
      const path = parts.reduce(
        (before, part) =>
          before +
          (part.startsWith('{')
            ? encodeURIComponent(index === 3 ? 'nobody' : idAt(decodeURIComponent(before)))
            : part),
        '',
      )
      const answer = await server.manage(route.method.toUpperCase(), path, sent)
      const text = await answer.text()
      const at = `${route.method} ${path} ${JSON.stringify(sent)} → ${answer.status} ${text.slice(0, 300)}`
      // 501 says that a connector is missing.
      expect(
        answer.status < 500 || answer.status === 501,
        `${at}
${server.log.at(-1)}`,
      ).toBe(true)
      const json = answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined
      if (answer.status in route.answers && !(json?.code && json.message)) {
        done.add(`${route.method} ${route.path}`)
        const schema = route.answers[answer.status]
        // A member that the schema does not know would be missing from what it makes of the answer.
        if (schema) expect(schema.parse(json), at).toEqual(json)
      } else expect(ErrorBody.safeParse(json).error, at).toBeUndefined()
    }
  }
  const never = ordered.map(route => `${route.method} ${route.path}`).filter(each => !done.has(each))
  expect(never.filter(each => !BEYOND_CHANCE.has(each))).toEqual([])
}, 120_000)
