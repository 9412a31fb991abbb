import { describe, expect, test } from 'vitest'
import { type Launched, launch } from '../testing/launch.ts'

async function call(server: Launched, method: string, path: string, body?: unknown) {
  const answer = await server.manage(method, path, body)
  const text = await answer.text()
  return { status: answer.status, body: text && JSON.parse(text), headers: answer.headers }
}

const code = (status: number, name: string) => ({ status, body: { code: name, message: expect.any(String) } })

describe('the Management API lets in', () => {
  const get = (server: Launched, authorization?: string) =>
    fetch(`${server.endpoint}/api/users`, { headers: authorization === undefined ? {} : { authorization } })

  test('nobody without a token of its own', async () => {
    const server = await launch()
    const refusals: [string | undefined, string, unknown][] = [
      [undefined, 'auth.authorization_header_missing', undefined],
      ['Basic eDp5', 'auth.authorization_token_type_not_supported', { supportedTypes: ['Bearer'] }],
      ['Bearer', 'auth.authorization_token_type_not_supported', { supportedTypes: ['Bearer'] }],
      ['Bearer garbage', 'auth.unauthorized', { code: expect.any(String), name: expect.any(String) }],
      [
        `Bearer ${btoa('{"alg":"none"}')}.${btoa('{"sub":"x","scope":"all"}')}.`.replaceAll('=', ''),
        'auth.unauthorized',
        { code: expect.any(String), name: expect.any(String) },
      ],
    ]
    for (const [header, name, data] of refusals) {
      const answer = await get(server, header)
      expect(answer.status, header).toBe(401)
      const body = (await answer.json()) as { data?: unknown }
      expect(body, header).toMatchObject({ code: name, message: expect.any(String) })
      expect(body.data, header).toEqual(data)
    }
  })

  test('no header that Logto takes in its own tests', async () => {
    const server = await launch()
    const answer = await fetch(`${server.endpoint}/api/users`, {
      headers: { 'development-user-id': 'anybody' },
    })
    expect(answer.status).toBe(401)
  })

  test('nobody without a token on any of its routes', async () => {
    const server = await launch()
    const { paths } = (await (await fetch(`${server.endpoint}/api/swagger.json`)).json()) as {
      paths: Record<string, Record<string, { security?: unknown }>>
    }
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security }]) => (security ? [[method, path]] : [])),
    )
    expect(routes.length).toBeGreaterThan(25)
    for (const [method, path] of routes) {
      const answer = await fetch(`${server.endpoint}${path!.replaceAll(/\{\w+\}/g, 'x')}`, {
        method: method!.toUpperCase(),
      })
      expect(answer.status, `${method} ${path}`).toBe(401)
    }
  })
})

describe('users of the Management API', () => {
  test('are created with everything absent, and shown without what is secret', async () => {
    const server = await launch()
    const { status, body } = await call(server, 'POST', '/api/users', {})
    expect(status).toBe(200)
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-z]{12}$/),
      username: null,
      primaryEmail: null,
      primaryPhone: null,
      name: null,
      avatar: null,
      customData: {},
      identities: {},
      lastSignInAt: null,
      createdAt: expect.any(Number),
      updatedAt: body.createdAt,
      profile: {},
      applicationId: null,
      cimdClientId: null,
      isSuspended: false,
      hasPassword: false,
    })
    expect((await call(server, 'GET', `/api/users/${body.id}`)).body).toEqual(body)
  })

  test.each([
    [{ primaryPhone: '+8613800138000' }, 400, 'guard.invalid_input'],
    [{ primaryPhone: '1' }, 422, 'user.invalid_phone'],
    [{ primaryPhone: '8613800138000' }, 422, 'user.phone_already_in_use'],
    [{ primaryEmail: 'ADA@example.com' }, 422, 'user.email_already_in_use'],
    [{ username: 'ada' }, 422, 'user.username_already_in_use'],
    [{ primaryEmail: 'ada' }, 400, 'guard.invalid_input'],
    [{ primaryEmail: `${'a'.repeat(120)}@example.com` }, 422, 'entity.value_too_long'],
    [{ username: '1ada' }, 400, 'guard.invalid_input'],
    [{ name: null }, 400, 'guard.invalid_input'],
    [{ password: '' }, 400, 'guard.invalid_input'],
    [{ avatar: 'no address' }, 400, 'guard.invalid_input'],
    [{ avatar: 'javascript:alert(1)' }, 400, 'guard.invalid_input'],
  ])('%j is refused', async (input, status, name) => {
    const server = await launch()
    const taken = { primaryPhone: '8613800138000', primaryEmail: 'ada@example.com', username: 'ada' }
    const { body } = await call(server, 'POST', '/api/users', taken)
    expect(body).toMatchObject(taken)
    expect(await call(server, 'POST', '/api/users', input)).toMatchObject(code(status, name))
  })

  test('are changed: nulls and empty texts clear, objects are replaced', async () => {
    const server = await launch()
    const { body } = await call(server, 'POST', '/api/users', {
      username: 'ada',
      name: 'Ada',
      primaryEmail: 'ada@example.com',
      customData: { a: 1 },
      profile: { nickname: 'A' },
    })
    const path = `/api/users/${body.id}`
    const change = { name: '', primaryEmail: null, customData: { b: 2 }, profile: { gender: 'x' } }
    expect(await call(server, 'PATCH', path, change)).toMatchObject({
      status: 200,
      body: { ...change, username: 'ada', name: null },
    })
    expect(await call(server, 'PATCH', path, {})).toMatchObject(code(422, 'entity.invalid_input'))
    expect(await call(server, 'PATCH', '/api/users/nobody', { name: 'x' })).toMatchObject(
      code(404, 'entity.not_found'),
    )
  })

  test('get a password, are suspended and deleted', async () => {
    const server = await launch()
    const { id } = (await call(server, 'POST', '/api/users', {})).body
    expect(await call(server, 'PATCH', `/api/users/${id}/password`, { password: 'short' })).toMatchObject({
      status: 200,
      body: { hasPassword: true },
    })
    expect(await call(server, 'PATCH', `/api/users/${id}/is-suspended`, { isSuspended: true })).toMatchObject(
      { status: 200, body: { isSuspended: true } },
    )
    expect(await call(server, 'DELETE', `/api/users/${id}`)).toMatchObject({ status: 204 })
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['DELETE', '', undefined],
      ['PATCH', '/password', { password: 'x' }],
      ['PATCH', '/is-suspended', { isSuspended: true }],
    ] as const)
      expect(await call(server, method, `/api/users/${id}${path}`, body)).toMatchObject(
        code(404, 'entity.not_found'),
      )
  })

  test('are listed in pages and searched', async () => {
    const server = await launch()
    for (const username of ['ada', 'grace', 'alan']) {
      await call(server, 'POST', '/api/users', { username })
      server.wait(1)
    }
    const names = async (query: string) => {
      const { body, headers } = await call(server, 'GET', `/api/users?${query}`)
      return [body.map((each: { username: string }) => each.username), headers.get('total-number')]
    }
    expect(await names('')).toEqual([['alan', 'grace', 'ada'], '3'])
    expect(await names('page=2&page_size=2')).toEqual([['ada'], '3'])
    expect(await names('page=9007199254740991&page_size=100')).toEqual([[], '3'])
    expect(await names('search=%25a%25')).toEqual([['alan', 'grace', 'ada'], '3'])
    expect(await names('search=AL%25')).toEqual([['alan'], '1'])
  })
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
    const whole = await call(server, 'GET', '/api/applications')
    expect(whole.body).toHaveLength(3)
    expect(whole.headers.get('total-number')).toBeNull()
    const page = await call(server, 'GET', '/api/applications?page_size=1&types=SPA&types=Native')
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
