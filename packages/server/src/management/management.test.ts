import { describe, expect, test } from 'vitest'
import { type Launched, launch } from '../testing/launch.ts'

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
