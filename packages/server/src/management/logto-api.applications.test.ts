import { expect, test } from 'vitest'
import { type Launched, launch } from '../testing/launch.ts'
import { dataOf, first, logtoClient, neverDone } from '../testing/logto.ts'

// Logto's own client drives the routes about applications, roles, API resources and keys.

const done = new Set<string>()
const client = (server: Launched) => logtoClient(server, done)

test('applications are created, listed, read, changed and deleted', async () => {
  const logto = client(await launch())
  // The types take no text for a redirect address (`redirectUris: Record<string, unknown>[]`), so there is none here.
  const oidcClientMetadata = { redirectUris: [], postLogoutRedirectUris: [] }
  const created = dataOf(
    await logto.POST('/api/applications', {
      body: {
        name: 'Shop',
        type: 'Traditional',
        description: 'sells books',
        oidcClientMetadata,
        customClientMetadata: { refreshTokenTtlInDays: 30, corsAllowedOrigins: ['https://shop.example.com'] },
        customData: { a: 1 },
        isThirdParty: false,
      },
    }),
  )
  expect(created).toMatchObject({ name: 'Shop', type: 'Traditional', description: 'sells books' })
  expect(created.customClientMetadata.refreshTokenTtlInDays).toBe(30)
  const params = { path: { id: created.id } }
  const read = dataOf(await logto.GET('/api/applications/{id}', { params }))
  expect(read).toMatchObject({ id: created.id, isAdmin: false })
  const listed = await logto.GET('/api/applications', {
    params: { query: { page: 1, page_size: 1, types: ['Traditional', 'SPA'], isThirdParty: 'false' } },
  })
  expect(dataOf(listed).map(({ name }) => name)).toEqual(['Shop'])
  expect(listed.response.headers.get('total-number')).toBe('1')
  const changed = await logto.PATCH('/api/applications/{id}', {
    params,
    body: { name: 'Store', description: null, oidcClientMetadata },
  })
  expect(dataOf(changed)).toMatchObject({ name: 'Store', description: null })
  const data = await logto.PATCH('/api/applications/{applicationId}/custom-data', {
    params: { path: { applicationId: created.id } },
    body: { b: 2 },
  })
  expect(dataOf(data)).toEqual({ a: 1, b: 2 })
  expect((await logto.DELETE('/api/applications/{id}', { params })).response.status).toBe(204)
  const gone = await logto.GET('/api/applications/{id}', { params })
  expect([gone.response.status, gone.error]).toMatchObject([404, { code: 'entity.not_exists_with_id' }])
})

test('secrets are made, listed, renamed and deleted', async () => {
  const logto = client(await launch())
  const { id } = dataOf(
    await logto.POST('/api/applications', { body: { name: 'Robot', type: 'MachineToMachine' } }),
  )
  const params = { path: { id } }
  const expiresAt = Date.now() + 60_000
  const made = dataOf(
    await logto.POST('/api/applications/{id}/secrets', { params, body: { name: 'second', expiresAt } }),
  )
  expect(made).toMatchObject({ applicationId: id, name: 'second', expiresAt })
  expect(made.value).toMatch(/^\w{32}$/)
  const secrets = dataOf(await logto.GET('/api/applications/{id}/secrets', { params }))
  expect(secrets.map(({ name }) => name)).toEqual(['Default secret', 'second'])
  const renamed = await logto.PATCH('/api/applications/{id}/secrets/{name}', {
    params: { path: { id, name: 'second' } },
    body: { name: 'third' },
  })
  expect(dataOf(renamed)).toMatchObject({ name: 'third', value: made.value })
  const third = { path: { id, name: 'third' } }
  const deleted = await logto.DELETE('/api/applications/{id}/secrets/{name}', { params: third })
  expect(deleted.response.status).toBe(204)
  const legacy = await logto.DELETE('/api/applications/{id}/legacy-secret', { params })
  expect([legacy.response.status, legacy.error]).toMatchObject([
    400,
    { code: 'application.no_legacy_secret_found' },
  ])
})

test('roles are listed, given, replaced and taken', async () => {
  const logto = client(await launch())
  const role = first(
    dataOf(await logto.GET('/api/roles', { params: { query: { type: 'MachineToMachine', page: 1 } } })),
  )
  expect(role).toMatchObject({ name: 'Logto Management API access', applicationsCount: 0, featuredUsers: [] })
  const { id: applicationId } = dataOf(
    await logto.POST('/api/applications', { body: { name: 'Robot', type: 'MachineToMachine' } }),
  )
  const params = { path: { applicationId } }
  const body = { roleIds: [role.id] }
  const given = await logto.POST('/api/applications/{applicationId}/roles', { params, body })
  expect([given.response.status, dataOf(given).addedRoleIds]).toEqual([201, [role.id]])
  const roles = dataOf(await logto.GET('/api/applications/{applicationId}/roles', { params }))
  expect(roles).toMatchObject([{ id: role.id, type: 'MachineToMachine', isDefault: false }])
  const replaced = await logto.PUT('/api/applications/{applicationId}/roles', {
    params,
    body,
    // The answer is the word OK, and the client would take it for JSON.
    parseAs: 'text',
  })
  expect(replaced.response.status).toBe(200)
  const taken = await logto.DELETE('/api/applications/{applicationId}/roles/{roleId}', {
    params: { path: { applicationId, roleId: role.id } },
  })
  expect(taken.response.status).toBe(204)
})

test('API resources and their scopes are made, listed, read, changed and deleted', async () => {
  const logto = client(await launch())
  const made = await logto.POST('/api/resources', {
    body: { name: 'Orders', indicator: 'https://orders.example.com', accessTokenTtl: 600 },
  })
  expect(made.response.status).toBe(201)
  const resource = dataOf(made)
  expect(resource).toMatchObject({ name: 'Orders', accessTokenTtl: 600, isDefault: false, scopes: [] })
  const params = { path: { id: resource.id } }
  expect(dataOf(await logto.GET('/api/resources/{id}', { params })).indicator).toBe(resource.indicator)
  const changed = await logto.PATCH('/api/resources/{id}', { params, body: { name: 'All orders' } })
  expect(dataOf(changed).name).toBe('All orders')
  const byDefault = await logto.PATCH('/api/resources/{id}/is-default', { params, body: { isDefault: true } })
  expect(dataOf(byDefault).isDefault).toBe(true)

  const path = { resourceId: resource.id }
  const created = await logto.POST('/api/resources/{resourceId}/scopes', {
    params: { path },
    body: { name: 'read:orders', description: 'Read them' },
  })
  expect(created.response.status).toBe(201)
  const scope = dataOf(created)
  expect(scope).toMatchObject({ resourceId: resource.id, name: 'read:orders', description: 'Read them' })
  const scopes = await logto.GET('/api/resources/{resourceId}/scopes', {
    params: { path, query: { page: 1 } },
  })
  expect(dataOf(scopes).map(({ name }) => name)).toEqual(['read:orders'])
  const one = { path: { resourceId: resource.id, scopeId: scope.id } }
  const renamed = await logto.PATCH('/api/resources/{resourceId}/scopes/{scopeId}', {
    params: one,
    body: { name: 'orders:read' },
  })
  expect(dataOf(renamed).name).toBe('orders:read')
  const all = await logto.GET('/api/resources', { params: { query: { includeScopes: 'true' } } })
  expect(dataOf(all).map(({ indicator }) => indicator)).toEqual([
    'https://default.logto.app/api',
    'https://orders.example.com',
  ])
  const removed = await logto.DELETE('/api/resources/{resourceId}/scopes/{scopeId}', { params: one })
  expect(removed.response.status).toBe(204)
  expect((await logto.DELETE('/api/resources/{id}', { params })).response.status).toBe(204)
})

test('the lifetime of sessions is read and changed, keys are listed, rotated and deleted', async () => {
  const server = await launch()
  const logto = client(server)
  const ttl = dataOf(await logto.GET('/api/configs/oidc/session')).ttl
  expect(ttl).toBe(14 * 86_400)
  const changed = await logto.PATCH('/api/configs/oidc/session', { body: { ttl: 3600 } })
  expect(dataOf(changed).ttl).toBe(3600)

  const keyType = 'cookie-keys'
  const keys = async () =>
    dataOf(await logto.GET('/api/configs/oidc/{keyType}', { params: { path: { keyType } } }))
  expect(await keys()).toMatchObject([{ status: 'Current' }])
  const rotated = await logto.POST('/api/configs/oidc/{keyType}/rotate', {
    params: { path: { keyType } },
    body: { rotationGracePeriod: 60 },
  })
  expect(dataOf(rotated)).toMatchObject([{ status: 'Next' }, { status: 'Current' }])
  server.wait(60_000)
  const [, old] = await keys()
  expect(old?.status).toBe('Previous')
  const deleted = await logto.DELETE('/api/configs/oidc/{keyType}/{keyId}', {
    params: { path: { keyType, keyId: old?.id ?? '' } },
  })
  expect(deleted.response.status).toBe(204)
})

test('no route about applications was left out', () => {
  expect(neverDone('applications', done)).toEqual([])
})
