import { expect, test } from 'vitest'
import { call, callWithHeaders, code } from '../testing/calls.ts'
import { launch } from '../testing/launch.ts'

test('an API is registered, listed, changed and deleted, with its scopes', async () => {
  const server = await launch()
  const created = await call(server, 'POST', '/api/resources', {
    name: 'Orders',
    indicator: 'https://orders.example.com',
  })
  expect(created).toMatchObject({ status: 201 })
  const resource = {
    tenantId: 'default',
    id: expect.stringMatching(/^[0-9a-z]{21}$/),
    name: 'Orders',
    indicator: 'https://orders.example.com',
    isDefault: false,
    accessTokenTtl: 3600,
  }
  expect(created.body).toEqual({ ...resource, scopes: [] })
  const path = `/api/resources/${created.body.id}`
  expect((await call(server, 'GET', path)).body).toEqual(resource)
  const scope = await call(server, 'POST', `${path}/scopes`, { name: 'read' })
  expect(scope).toMatchObject({ status: 201, body: { name: 'read', description: null, tenantId: 'default' } })
  const whole = await callWithHeaders(server, 'GET', '/api/resources?includeScopes=true')
  expect(whole.headers.get('total-number')).toBeNull()
  expect(whole.body).toMatchObject([{ id: 'management-api' }, { scopes: [{ name: 'read' }] }])
  const page = await callWithHeaders(server, 'GET', '/api/resources?page=2&page_size=1')
  expect(page.headers.get('total-number')).toBe('2')
  expect(page.body).toEqual([resource])
  expect((await callWithHeaders(server, 'GET', `${path}/scopes?page=1`)).headers.get('total-number')).toBe(
    '1',
  )
  const scopePath = `${path}/scopes/${scope.body.id}`
  expect(await call(server, 'PATCH', scopePath, { description: 'Read orders' })).toMatchObject({
    status: 200,
  })
  expect(await call(server, 'DELETE', scopePath)).toMatchObject({ status: 204 })
  expect(await call(server, 'PATCH', `${path}/is-default`, { isDefault: true })).toMatchObject({
    status: 200,
    body: { isDefault: true },
  })
  expect(
    await call(server, 'PATCH', path, { accessTokenTtl: 60, indicator: 'https://other.example.com' }),
  ).toMatchObject({ status: 200, body: { accessTokenTtl: 60, indicator: resource.indicator } })
  expect(await call(server, 'PATCH', path, {})).toMatchObject(code(422, 'entity.invalid_input'))
  expect(await call(server, 'DELETE', path)).toMatchObject({ status: 204 })
  expect(await call(server, 'GET', path)).toMatchObject(code(404, 'entity.not_exists_with_id'))
})

test.each([
  [{ name: 'x' }, 400, 'guard.invalid_input'],
  [{ name: 'x', indicator: 'orders' }, 400, 'guard.invalid_input'],
  [{ name: 'x', indicator: 'https://orders.example.com/#a' }, 400, 'guard.invalid_input'],
  [{ name: 'x', indicator: 'https://a.example.com', accessTokenTtl: 0 }, 400, 'guard.invalid_input'],
  [{ name: 'x', indicator: 'https://default.logto.app/api' }, 422, 'resource.resource_identifier_in_use'],
])('%j is no API to register', async (input, status, name) => {
  const server = await launch()
  expect(await call(server, 'POST', '/api/resources', input)).toMatchObject(code(status, name))
})
