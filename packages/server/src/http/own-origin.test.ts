import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { requireOwnOrigin } from './own-origin.ts'

type Headers = Record<string, string>

/** Whether a change with these headers is let through. */
async function passes(own: string, headers: Headers, method = 'POST', anyPort = false): Promise<boolean> {
  const app = new Hono()
  app.all('/', context => {
    requireOwnOrigin(context, own, { setting: 'ENDPOINT', anyPort })
    return context.text('in')
  })
  app.onError((_, context) => context.text('out', 403))
  return (await app.request('/', { method, headers })).status === 200
}

const OWN = 'https://sign-in.example.com'

describe('a change', () => {
  test.each<[Headers, boolean]>([
    [{}, true],
    [{ origin: OWN }, true],
    [{ origin: OWN, 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'none' }, true],
    [{ origin: 'https://evil.example' }, false],
    [{ origin: 'https://evil.example', host: 'evil.example' }, false],
    [{ origin: 'https://other.example.com', 'sec-fetch-site': 'same-site' }, false],
    [{ origin: 'http://sign-in.example.com' }, false],
    [{ origin: 'https://sign-in.example.com:8443' }, false],
    [{ origin: 'null' }, false],
    [{ origin: '' }, false],
    [{ origin: OWN, 'sec-fetch-site': 'cross-site' }, false],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ origin: 'http://localhost:3001' }, false],
  ])('with %j', async (headers, isLetIn) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect(await passes(OWN, headers, method), method).toBe(isLetIn)
  })

  test('is what is asked about, not a look', async () => {
    for (const method of ['GET', 'HEAD'])
      expect(
        await passes(OWN, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, method),
      ).toBe(true)
  })

  test.each<[string, boolean, boolean]>([
    ['http://localhost:3001', true, true],
    ['http://127.0.0.1:3001', true, true],
    ['http://[::1]:3001', true, true],
    ['http://localhost:5173', false, true],
    ['http://localhost.evil.example:3001', false, false],
    ['http://192.168.1.7:3001', false, false],
  ])('at a server of this machine, from %s', async (origin, sameDoor, anyPort) => {
    const own = 'http://localhost:3001'
    expect([await passes(own, { origin }), await passes(own, { origin }, 'POST', true)]).toEqual([
      sameDoor,
      anyPort,
    ])
  })
})
