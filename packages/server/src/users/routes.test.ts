import { describe, expect, test } from 'vitest'
import { call, callWithHeaders, code } from '../testing/calls.ts'
import { launch } from '../testing/launch.ts'

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
    [{ primaryEmail: `${'a'.repeat(60)}@${'b'.repeat(60)}.example.com` }, 422, 'entity.value_too_long'],
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
      const { body, headers } = await callWithHeaders(server, 'GET', `/api/users?${query}`)
      return [body.map((each: { username: string }) => each.username), headers.get('total-number')]
    }
    expect(await names('')).toEqual([['alan', 'grace', 'ada'], '3'])
    expect(await names('page=2&page_size=2')).toEqual([['ada'], '3'])
    expect(await names('page=9007199254740991&page_size=100')).toEqual([[], '3'])
    expect(await names('search=%25a%25')).toEqual([['alan', 'grace', 'ada'], '3'])
    expect(await names('search=AL%25')).toEqual([['alan'], '1'])
  })
})
