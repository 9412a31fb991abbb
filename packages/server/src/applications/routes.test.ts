import { RedirectUri } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import { call, callWithHeaders, code } from '../testing/calls.ts'
import { type Launched, launch } from '../testing/launch.ts'

const create = async (server: Launched, input: object) =>
  (await call(server, 'POST', '/api/applications', { name: 'Shop', type: 'SPA', ...input })).body

test('custom data takes the members of the body', async () => {
  const server = await launch()
  const { id } = await create(server, { customData: { a: 1 } })
  const path = `/api/applications/${id}/custom-data`
  expect(await call(server, 'PATCH', path, { b: { c: 2 } })).toMatchObject({
    status: 200,
    body: { a: 1, b: { c: 2 } },
  })
  expect((await call(server, 'GET', `/api/applications/${id}`)).body.customData).toEqual({
    a: 1,
    b: { c: 2 },
  })
  expect(await call(server, 'PATCH', path, [1])).toMatchObject(code(400, 'guard.invalid_input'))
  expect(await call(server, 'PATCH', '/api/applications/nobody/custom-data', {})).toMatchObject(
    code(404, 'entity.not_exists_with_id'),
  )
})

test('a secret gets another name', async () => {
  const server = await launch()
  const { id } = await create(server, { type: 'Traditional' })
  const path = `/api/applications/${id}/secrets`
  const renamed = await call(server, 'PATCH', `${path}/Default%20secret`, { name: 'a/b?c' })
  expect(renamed).toMatchObject({
    status: 200,
    body: { name: 'a/b?c', value: expect.stringMatching(/^\w{32}$/) },
  })
  expect(await call(server, 'PATCH', `${path}/Default%20secret`, { name: 'x' })).toMatchObject(
    code(404, 'entity.not_exists'),
  )
  await call(server, 'POST', path, { name: 'second' })
  expect(await call(server, 'PATCH', `${path}/second`, { name: 'a/b?c' })).toMatchObject(
    code(422, 'application.secret_name_exists'),
  )
  expect(await call(server, 'DELETE', `${path}/a%2Fb%3Fc`)).toMatchObject({ status: 204 })
})

test('a secret without a name is none that there is', async () => {
  const server = await launch()
  const { id } = await create(server, {})
  expect(await call(server, 'DELETE', `/api/applications/${id}/legacy-secret`)).toMatchObject(
    code(400, 'application.no_legacy_secret_found'),
  )
  expect(await call(server, 'DELETE', '/api/applications/nobody/legacy-secret')).toMatchObject(
    code(404, 'entity.not_exists_with_id'),
  )
})

test('the list is searched, and cut down to third parties', async () => {
  const server = await launch()
  await create(server, { name: 'Bookshop', description: 'sells books' })
  await create(server, { name: 'Partner', isThirdParty: true })
  const names = async (query: string) =>
    (await call(server, 'GET', `/api/applications?${query}`)).body.map((each: { name: string }) => each.name)
  expect(await names('search=%25shop%25')).toEqual(['Bookshop'])
  expect(await names('search.description=sells%25')).toEqual(['Bookshop'])
  expect(await names('isThirdParty=true')).toEqual(['Partner'])
  expect(await names('isThirdParty=false&types=SPA')).toEqual(['Bookshop'])
  for (const query of ['search=', 'search.secret=x', 'search=x&mode=magic'])
    expect(await call(server, 'GET', `/api/applications?${query}`)).toMatchObject(
      code(400, 'request.invalid_input'),
    )
})

test('a machine that gets the role may manage, and shows it', async () => {
  const server = await launch()
  const { id } = await create(server, { type: 'MachineToMachine' })
  const roles = await callWithHeaders(server, 'GET', '/api/roles?type=MachineToMachine')
  expect(roles.headers.get('total-number')).toBe('1')
  const [role] = roles.body
  expect(role).toEqual({
    tenantId: 'default',
    id: expect.any(String),
    name: 'Logto Management API access',
    description: expect.any(String),
    type: 'MachineToMachine',
    isDefault: false,
    usersCount: 0,
    featuredUsers: [],
    applicationsCount: 0,
    featuredApplications: [],
  })
  expect((await call(server, 'GET', '/api/roles?type=User')).body).toEqual([])
  const path = `/api/applications/${id}/roles`
  const roleIds = [role.id]
  expect(await call(server, 'POST', path, { roleIds })).toMatchObject({
    status: 201,
    body: { roleIds, addedRoleIds: roleIds },
  })
  expect(await call(server, 'POST', path, { roleIds })).toMatchObject({
    status: 201,
    body: { roleIds, addedRoleIds: [] },
  })
  expect((await call(server, 'GET', `/api/applications/${id}`)).body.isAdmin).toBe(true)
  expect(await call(server, 'GET', path)).toMatchObject({ status: 200, body: [{ id: role.id }] })
  expect(await call(server, 'PUT', path, { roleIds })).toMatchObject({ status: 200, body: 'OK' })
  expect(await call(server, 'DELETE', `${path}/${role.id}`)).toMatchObject({ status: 204 })
  expect(await call(server, 'DELETE', `${path}/${role.id}`)).toMatchObject(code(404, 'entity.not_found'))
  expect(await call(server, 'POST', path, { roleIds: [''] })).toMatchObject(code(400, 'guard.invalid_input'))
})

test.each([
  [{ type: 'Protected' }, 400, 'application.protected_app_metadata_is_required'],
  [{ type: 'SPA', customClientMetadata: { isDeviceFlow: true } }, 422, 'application.device_flow_native_only'],
  [{ type: 'MachineToMachine', isThirdParty: true }, 400, 'application.invalid_third_party_application_type'],
  [
    { type: 'SPA', isThirdParty: true, customClientMetadata: { allowTokenExchange: true } },
    422,
    'application.third_party_application_cannot_enable_token_exchange',
  ],
  [{ type: 'SPA', customClientMetadata: { refreshTokenTtlInDays: 181 } }, 400, 'guard.invalid_input'],
])('an application that cannot be is refused: %j', async (input, status, name) => {
  const server = await launch()
  expect(await call(server, 'POST', '/api/applications', { name: 'A', ...input })).toMatchObject(
    code(status, name),
  )
})

test('what every installation has is found by its id, but not listed, changed or deleted', async () => {
  const server = await launch()
  for (const [id, type] of [
    ['demo-app', 'SPA'],
    ['account-center', 'SPA'],
    ['device-demo-app', 'Native'],
  ]) {
    const path = `/api/applications/${id}`
    expect(await call(server, 'GET', path)).toMatchObject({
      status: 200,
      body: { tenantId: 'default', id, type, secret: 'N/A', createdAt: 0, isAdmin: false },
    })
    expect(await call(server, 'PATCH', path, { name: 'x' })).toMatchObject(
      code(404, 'entity.not_exists_with_id'),
    )
    expect(await call(server, 'DELETE', path)).toMatchObject(code(404, 'entity.not_exists_with_id'))
  }
  const { body } = await call(server, 'GET', '/api/applications')
  expect(body).toHaveLength(1)
  expect(body[0]).not.toHaveProperty('secret')
})

test('the list leaves out who has a role, and counts an empty page as none', async () => {
  const server = await launch()
  const { id } = await create(server, { type: 'MachineToMachine' })
  const [role] = (await call(server, 'GET', '/api/roles')).body
  const ids = async (query: string) =>
    (await call(server, 'GET', `/api/applications?${query}`)).body.map((each: { id: string }) => each.id)
  const without = `excludeRoleId=${role.id}`
  expect(await ids(without)).toContain(id)
  await call(server, 'POST', `/api/applications/${id}/roles`, { roleIds: [role.id] })
  expect(await ids(without)).not.toContain(id)
  expect(await ids('excludeRoleId=another')).toContain(id)
  const whole = await callWithHeaders(server, 'GET', '/api/applications?page=&page_size=')
  expect(whole.headers.get('total-number')).toBeNull()
})

test('a device flow is chosen at the beginning, and stays when the members around it are written anew', async () => {
  const server = await launch()
  const { id } = await create(server, { type: 'Native', customClientMetadata: { isDeviceFlow: true } })
  const path = `/api/applications/${id}`
  const write = (customClientMetadata: object) => call(server, 'PATCH', path, { customClientMetadata })
  expect(await write({ isDeviceFlow: false })).toMatchObject(
    code(422, 'application.device_flow_not_changeable'),
  )
  expect((await write({ rotateRefreshToken: false })).body.customClientMetadata).toEqual({
    isDeviceFlow: true,
    rotateRefreshToken: false,
  })
  const { id: other } = await create(server, { type: 'Native' })
  const begin = { customClientMetadata: { isDeviceFlow: true } }
  expect(await call(server, 'PATCH', `/api/applications/${other}`, begin)).toMatchObject(
    code(422, 'application.device_flow_not_changeable'),
  )
})

test.each([
  ['http://localhost:3000/callback', true],
  ['https://*.example.com/callback', true],
  ['https://app-*.example.com/*/callback', true],
  ['https://*.com/callback', true],
  ['com.example.app://callback', true],
  ['io.example+app-2.x:/callback', true],
  ['com.my_company.app://cb', false],
  ['com.example.app://[/cb', false],
  ['https://example.com/cb#done', false],
  ['https://example.com/cb#', false],
  ['com.example.app://callback#done', false],
  ['http://*/callback', false],
  ['http://*:8080/', false],
  ['https://example.com:*/', false],
  ['https://*@example.com/', false],
  ['https://example.com/cb?x=*', false],
  ['https://example.com/cb#*', false],
  ['https://example.com/a/../cb', false],
  ['https://example.com/a/%2E%2e/cb', false],
  ['https://example.com/.', false],
  ['/callback', false],
  ['example.com', false],
  ['1app://callback', false],
  ['', false],
  ['javascript:alert(1)', false],
  ['JavaScript:alert(1)', false],
  [' javascript:alert(1)', false],
  ['java\nscript:alert(1)', false],
  ['data:text/html,x', false],
  ['vbscript:x', false],
  ['file:///etc/passwd', false],
  ['blob:https://example.com/x', false],
  ['filesystem:https://example.com/x', false],
])('users may be sent to %j: %s', (uri, taken) => {
  expect(RedirectUri.safeParse(uri).success).toBe(taken)
})

test.each([
  ['com.my_company.app://cb', /"com\.my_company\.app" is no scheme.*underscore.*com\.my-company\.app/],
  ['https://example.com/cb#done', /no fragment/],
])('%s is refused when it is written, with what is wrong', async (uri, sentence) => {
  const server = await launch()
  const oidcClientMetadata = { redirectUris: ['https://example.com/cb', uri], postLogoutRedirectUris: [] }
  const answer = await call(server, 'POST', '/api/applications', {
    name: 'App',
    type: 'Native',
    oidcClientMetadata,
  })
  expect(answer).toMatchObject(code(400, 'guard.invalid_input'))
  expect(answer.body.details).toContain('oidcClientMetadata.redirectUris.1')
  expect(answer.body.details).toMatch(sentence)
  const { id } = await create(server, { type: 'Native' })
  expect(await call(server, 'PATCH', `/api/applications/${id}`, { oidcClientMetadata })).toMatchObject(
    code(400, 'guard.invalid_input'),
  )
})

test('users may be sent to a place in a page after signing out', async () => {
  const server = await launch()
  const oidcClientMetadata = { redirectUris: [], postLogoutRedirectUris: ['https://example.com/#/bye'] }
  expect(await create(server, { type: 'SPA', oidcClientMetadata })).toMatchObject({ oidcClientMetadata })
})

describe('applications of the Management API', () => {
  test('are registered, listed, changed and deleted, with their secrets', async () => {
    const server = await launch()
    const { status, body } = await call(server, 'POST', '/api/applications', {
      name: 'Shop',
      type: 'Traditional',
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: expect.stringMatching(/^[0-9a-z]{21}$/), tenantId: 'default' })
    expect(body).not.toHaveProperty('secret')
    const path = `/api/applications/${body.id}`
    expect((await call(server, 'GET', path)).body).toEqual({ ...body, isAdmin: false })
    const [secret] = (await call(server, 'GET', `${path}/secrets`)).body
    expect(secret).toMatchObject({ name: 'Default secret', value: expect.stringMatching(/^\w{32}$/) })
    // A moment that no number holds exactly could be stored, and then never be read again.
    for (const expiresAt of [2 ** 53, 1.5])
      expect(await call(server, 'POST', `${path}/secrets`, { name: 'second', expiresAt })).toMatchObject(
        code(400, 'guard.invalid_input'),
      )
    expect(await call(server, 'POST', `${path}/secrets`, { name: 'second' })).toMatchObject({
      status: 201,
      body: { name: 'second', expiresAt: null },
    })
    expect(await call(server, 'POST', `${path}/secrets`, { name: 'second' })).toMatchObject(
      code(422, 'application.secret_name_exists'),
    )
    expect(
      await call(server, 'DELETE', `${path}/secrets/${encodeURIComponent('Default secret')}`),
    ).toMatchObject({ status: 204 })
    expect(await call(server, 'DELETE', `${path}/secrets/gone`)).toMatchObject(code(404, 'entity.not_found'))
    expect(await call(server, 'PATCH', path, { name: 'Store', type: 'SPA' })).toMatchObject({
      status: 200,
      body: { name: 'Store', type: 'Traditional' },
    })
    expect(await call(server, 'PATCH', path, {})).toMatchObject({ status: 200, body: { name: 'Store' } })
    expect(await call(server, 'DELETE', path)).toMatchObject({ status: 204 })
    expect(await call(server, 'GET', path)).toMatchObject(code(404, 'entity.not_exists_with_id'))
    expect(await call(server, 'GET', `${path}/secrets`)).toMatchObject(code(404, 'entity.not_exists_with_id'))
  })

  test('come whole without a page and in pages with one', async () => {
    const server = await launch()
    for (const type of ['SPA', 'Native'])
      await call(server, 'POST', '/api/applications', { name: type, type })
    const whole = await callWithHeaders(server, 'GET', '/api/applications')
    expect(whole.body).toHaveLength(3)
    expect(whole.headers.get('total-number')).toBeNull()
    const page = await callWithHeaders(server, 'GET', '/api/applications?page_size=1&types=SPA&types=Native')
    expect(page.body).toHaveLength(1)
    expect(page.headers.get('total-number')).toBe('2')
    expect(await call(server, 'GET', '/api/applications?types=Robot')).toMatchObject(
      code(400, 'guard.invalid_input'),
    )
    expect(await call(server, 'GET', '/api/applications?page=0')).toMatchObject(
      code(400, 'guard.invalid_pagination'),
    )
  })

  test.each([
    [{ type: 'SPA' }, 400, 'guard.invalid_input'],
    [{ name: 'A', type: 'Robot' }, 400, 'guard.invalid_input'],
    [{ name: 'A', type: 'SAML' }, 400, 'application.saml.use_saml_app_api'],
    [{ name: 'A', type: 'SPA', oidcClientMetadata: { redirectUris: [] } }, 400, 'guard.invalid_input'],
    [
      {
        name: 'A',
        type: 'SPA',
        oidcClientMetadata: { redirectUris: ['javascript:alert(1)'], postLogoutRedirectUris: [] },
      },
      400,
      'guard.invalid_input',
    ],
  ])('%j is refused', async (input, status, name) => {
    const server = await launch()
    expect(await call(server, 'POST', '/api/applications', input)).toMatchObject(code(status, name))
  })
})
