import { defineRoute } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ApiError } from '../refusals/refusal.ts'
import { testWorld } from '../testing/world.ts'
import { baseApp } from './app.ts'
import { BODY_LIMIT, BODY_LIMITS, DEEPEST_BODY } from './body.ts'
import { bodyOf, statusOf } from './errors.ts'
import { REQUEST_ID, SECURITY_HEADERS } from './headers.ts'
import { Mount } from './mount.ts'

const thing = defineRoute({
  method: 'post',
  path: '/api/things/{id}',
  operationId: 'ChangeThing',
  tag: 'Things',
  auth: 'none',
  summary: 'Takes every kind of member',
  params: z.object({ id: z.string().max(8) }),
  query: z.object({ color: z.enum(['red', 'green']).optional() }),
  body: z.object({
    name: z.string().min(2).optional(),
    mail: z.email().optional(),
    digits: z.string().regex(/^\d+$/, 'digits only').optional(),
    kind: z.enum(['a', 'b']).optional(),
    fixed: z.literal('x').optional(),
    free: z.record(z.string(), z.unknown()).optional(),
    count: z.int().optional(),
    either: z.union([z.url(), z.literal(''), z.null()]).optional(),
    one: z
      .discriminatedUnion('type', [z.object({ type: z.literal('p') }), z.object({ type: z.literal('q') })])
      .optional(),
    list: z.array(z.object({ size: z.int().max(3) })).optional(),
  }),
  answers: { 200: z.unknown() },
})
const needy = defineRoute({
  ...thing,
  path: '/api/needy',
  method: 'put',
  params: undefined,
  query: undefined,
  body: z.object({ name: z.string(), kind: z.enum(['a', 'b']) }),
})
const list = defineRoute({
  ...thing,
  method: 'get',
  path: '/api/things',
  params: undefined,
  body: undefined,
  query: z.object({ page: z.string().optional(), page_size: z.string().optional() }),
  paginated: true,
})
const broken = defineRoute({ ...list, path: '/api/broken', paginated: false })

function setUp(origin?: string) {
  const world = testWorld()
  const app = baseApp(world)
  const mount = new Mount(app, {}, 0, undefined, origin)
  mount
    .add(thing, async input => ({ status: 200, body: input }))
    .add(needy, async input => ({ status: 200, body: input }))
    .add(list, async (_, { page }) => ({ status: 200, body: page, total: 45 }))
    .add(broken, async () => {
      throw new Error('the database is on fire')
    })
    .refuseOtherMethods()
  const post = (body: unknown, headers: Record<string, string> = {}, query = '') =>
    app.request(`/api/things/1${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return { app, world, post }
}

/** The first issue of a refused body. */
async function issueOf(body: unknown) {
  const answer = await setUp().post(body)
  expect(answer.status).toBe(400)
  const refused = (await answer.json()) as {
    code: string
    details: string
    data: { name: string; issues: Record<string, unknown>[] }
  }
  expect(refused.code).toBe('guard.invalid_input')
  expect(refused.data.name).toBe('ZodError')
  return { ...refused.data.issues[0], details: refused.details }
}

describe('what a caller sends', () => {
  test('a body that is no JSON is refused with a message', async () => {
    for (const body of ['{', '{"name":}', 'name=x', "{'name':'x'}"]) {
      const answer = await setUp().post(body)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ message: expect.stringMatching(/.+/) })
    }
  })

  test('no body, or a blank one, counts as an empty object', async () => {
    const { app, post } = setUp()
    const bare = await app.request('/api/things/1', { method: 'POST' })
    expect(await bare.json()).toMatchObject({ body: {} })
    expect(await (await post(' \n')).json()).toMatchObject({ body: {} })
  })

  test('members that the route does not name are dropped', async () => {
    const answer = await setUp().post({ name: 'Ada', other: 1, __proto__: { x: 1 } })
    expect(await answer.json()).toMatchObject({ body: { name: 'Ada' } })
    expect(((await (await setUp().post('{"__proto__":{"x":1}}')).json()) as { body: object }).body).toEqual(
      {},
    )
  })

  test.each([
    [{ name: 5 }, { code: 'invalid_type', path: ['name'], expected: 'string', received: 'number' }],
    [{ name: null }, { code: 'invalid_type', path: ['name'], expected: 'string', received: 'null' }],
    [{ free: 'x' }, { code: 'invalid_type', path: ['free'], expected: 'object', received: 'string' }],
    [{ count: 1.5 }, { code: 'invalid_type', path: ['count'], expected: 'integer', received: 'float' }],
    [{ count: '1' }, { code: 'invalid_type', path: ['count'], expected: 'number', received: 'string' }],
    [{ list: {} }, { code: 'invalid_type', path: ['list'], expected: 'array', received: 'object' }],
    [{ name: 'x' }, { code: 'too_small', path: ['name'], minimum: 2, type: 'string' }],
    [{ list: [{ size: 9 }] }, { code: 'too_big', path: ['list', 0, 'size'], maximum: 3, type: 'number' }],
    [{ mail: 'x' }, { code: 'invalid_string', path: ['mail'], validation: 'email' }],
    [{ digits: 'x' }, { code: 'invalid_string', path: ['digits'], validation: 'regex' }],
    [{ kind: 'c' }, { code: 'invalid_enum_value', path: ['kind'], options: ['a', 'b'], received: 'c' }],
    [{ fixed: 'y' }, { code: 'invalid_literal', path: ['fixed'], expected: 'x', received: 'y' }],
    [{ either: 5 }, { code: 'invalid_union', path: ['either'] }],
    [{ one: { type: 'r' } }, { code: 'invalid_union_discriminator', path: ['one', 'type'] }],
    [[], { code: 'invalid_type', path: [], expected: 'object', received: 'array' }],
    ['null', { code: 'invalid_type', path: [], expected: 'object', received: 'null' }],
    ['"text"', { code: 'invalid_type', path: [], expected: 'object', received: 'string' }],
  ])('%j is refused with an issue in the form of Zod 3', async (body, issue) => {
    expect(await issueOf(body)).toMatchObject({ ...issue, message: expect.stringMatching(/.+/) })
  })

  test('every field that is wrong has its line in the details', async () => {
    const { app } = setUp()
    const answer = await app.request('/api/needy', { method: 'PUT' })
    const { details } = (await answer.json()) as { details: string }
    expect(details.split('\n')).toEqual([
      'Error in key path "name": (invalid_type) Expected string but received undefined.',
      `Error in key path "kind": (invalid_type) Expected 'a' | 'b' but received undefined.`,
    ])
    const { details: nested } = await issueOf({ digits: 'x' })
    expect(nested).toBe('Error in key path "digits": (invalid_string) digits only')
  })

  test('the query is judged before the body, the body before the path', async () => {
    const { app, post } = setUp()
    expect(await (await post({ name: 5 }, {}, '?color=blue')).json()).toMatchObject({
      data: { issues: [{ path: ['color'] }] },
    })
    const answer = await app.request('/api/things/far-too-long', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":5}',
    })
    expect(await answer.json()).toMatchObject({ data: { issues: [{ path: ['name'] }] } })
  })

  test('the character NUL is refused where it stands, since no database could store it', async () => {
    expect(await issueOf({ name: 'a\0b' })).toMatchObject({ code: 'custom', path: ['name'] })
    expect(await issueOf({ list: [{ 'x\0': 1 }] })).toMatchObject({ path: ['list', 0, 'x\0'] })
    const { app } = setUp()
    expect((await app.request('/api/things?page=%00')).status).toBe(400)
  })

  test('a body that is nested without end is refused as such', async () => {
    const nested = (levels: number) => `{"name":"x","list":${'['.repeat(levels)}${']'.repeat(levels)}}`
    expect((await setUp().post(nested(DEEPEST_BODY - 1))).status).not.toBe(500)
    for (const levels of [DEEPEST_BODY, 8_000]) {
      const answer = await setUp().post(nested(levels))
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({
        code: 'request.invalid_input',
        data: { message: expect.stringContaining('levels') },
      })
    }
  })

  test('another content type is refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])
      expect((await setUp().post('{}', { 'content-type': type })).status).toBe(415)
    for (const type of ['application/json; charset=utf-8', 'application/merge-patch+json'])
      expect((await setUp().post('{}', { 'content-type': type })).status).toBe(200)
  })

  test('a body that is too large is refused, whether its length was announced or not', async () => {
    const { app, post } = setUp()
    const announced = { 'content-length': String(BODY_LIMITS.stranger + 1) }
    expect((await post('{}', announced)).status).toBe(413)
    let pulled = 0
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(64 * 1024).fill(32))
      },
    })
    const answer = await app.request('/api/things/1', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: endless,
      duplex: 'half',
    } as RequestInit)
    expect(answer.status).toBe(413)
    expect(pulled).toBeLessThan(40)
  })

  test.each([{ 'content-length': '100' }, {}])(
    'a client that goes away in the middle of its body is no fault of ours: %o',
    async announced => {
      const { app, world } = setUp()
      const cutOff = new ReadableStream({
        start(controller) {
          controller.enqueue(Buffer.from('{"name"'))
        },
        pull(controller) {
          controller.error(new Error('aborted'))
        },
      })
      const answer = await app.request('/api/things/1', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...announced },
        body: cutOff,
        duplex: 'half',
      } as RequestInit)
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('send it again')])
      expect(JSON.parse(world.lines.at(-1)!)).toMatchObject({ level: 'info', status: 400 })
    },
  )

  test('a body may be the larger, the better its sender is known', async () => {
    const app = baseApp(testWorld())
    const someone = async () => 'someone'
    const mount = new Mount(app, { account: someone, management: someone, interaction: someone }, 0)
    const path = (auth: string) => `/api/of-${auth}`
    for (const auth of ['none', 'interaction', 'account', 'management'] as const)
      mount.add({ ...needy, auth, path: path(auth) }, async () => ({ status: 200, body: {} }))
    mount.add({ ...needy, bodyLimit: 100, path: '/api/own' }, async () => ({ status: 200, body: {} }))
    const send = async (to: string, size: number) => {
      const body = JSON.stringify({ name: 'x', kind: 'a' }).padEnd(size)
      const headers = { 'content-type': 'application/json' }
      return (await app.request(to, { method: 'PUT', headers, body })).status
    }
    for (const [to, limit] of [
      [path('none'), BODY_LIMITS.stranger],
      [path('interaction'), BODY_LIMITS.stranger],
      [path('account'), BODY_LIMITS.user],
      [path('management'), BODY_LIMIT],
      ['/api/own', 100],
    ] as const)
      expect([to, await send(to, limit), await send(to, limit + 1)]).toEqual([to, 200, 413])
  })
})

describe('what a caller gets', () => {
  const headersOf = (answer: Response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(answer.headers.get(name)).toBe(value)
    return answer.headers.get(REQUEST_ID)
  }

  test('every answer has the security headers and an id of its own', async () => {
    const { app, post } = setUp()
    const ids = await Promise.all(
      [
        app.request('/api/things'),
        app.request('/api/broken'),
        app.request('/api/unknown'),
        app.request('/api/things', { method: 'DELETE' }),
        app.request('/api/things', { method: 'OPTIONS' }),
        post('{'),
        post({ name: 5 }),
      ].map(async answer => headersOf(await answer)),
    )
    for (const id of ids) expect(id).toMatch(/^[\w-]{16}$/)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('an unexpected failure is told without its cause, and logged with it', async () => {
    const { app, world } = setUp()
    const answer = await app.request('/api/broken')
    expect(answer.status).toBe(500)
    const text = await answer.text()
    expect(text).not.toContain('fire')
    expect(JSON.parse(text)).toMatchObject({ message: expect.any(String) })
    expect(JSON.parse(world.lines.at(-1)!)).toMatchObject({
      level: 'error',
      path: '/api/broken',
      status: 500,
      requestId: answer.headers.get(REQUEST_ID),
      error: expect.stringContaining('the database is on fire'),
    })
  })

  test('unknown paths are 404, known ones with another method 405 with what is allowed', async () => {
    const { app } = setUp()
    const unknown = await app.request('/api/unknown')
    expect([unknown.status, await unknown.text()]).toEqual([404, 'Not Found'])
    const wrong = await app.request('/api/things', { method: 'DELETE' })
    expect([wrong.status, await wrong.text()]).toEqual([405, 'Method Not Allowed'])
    expect(wrong.headers.get('allow')).toBe('GET, HEAD')
    const options = await app.request('/api/things/1', { method: 'OPTIONS' })
    expect([options.status, await options.text()]).toEqual([200, ''])
    expect(options.headers.get('allow')).toBe('POST')
    const head = await app.request('/api/things', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  test.each([
    ['', { 'accept-language': 'zh-CN,en;q=0.5' }, /\p{Script=Han}/u],
    ['', { 'accept-language': 'en;q=0.5, zh-Hans;q=0.9' }, /\p{Script=Han}/u],
    ['', { 'accept-language': 'tlh, *' }, /^[\x20-\x7E’]+$/],
    ['', {}, /^[\x20-\x7E’]+$/],
    ['?locale=zh-CN', { 'accept-language': 'en' }, /\p{Script=Han}/u],
    ['?locale=xx&locale=zh', { 'accept-language': 'en' }, /\p{Script=Han}/u],
    ['?locale=%FF%00!', { 'accept-language': 'en_US!;q=x' }, /^[\x20-\x7E’]+$/],
  ])('the message comes in the language of %s %o', async (query, headers, expected) => {
    const { message } = (await (await setUp().post({ name: 5 }, headers, query)).json()) as {
      message: string
    }
    expect(message).toMatch(expected)
  })

  test('an error of ours carries data and details only where it has them', () => {
    expect(bodyOf(new ApiError('entity.not_found'))).toEqual({
      code: 'entity.not_found',
      message: expect.any(String),
    })
    expect(statusOf(new ApiError('connector.not_found'))).toBe(501)
    expect(statusOf(new ApiError('connector.not_found', { kind: 'invalid' }))).toBe(400)
  })

  test('the log takes no address, number or token out of a path', async () => {
    const { app, world } = setUp()
    await app.request('/api/users/ada@example.com')
    await app.request('/api/users/ada%40example.com?search=ada@example.com')
    await app.request('/api/users/8613800138000/739154')
    await app.request('/api/users/%38%36%31%33%38%30%30%31')
    await app.request('/api/users/８６１３８００１３８０００')
    await app.request('/api/users/%E0%A4%A')
    await app.request(`/api/users/${'x'.repeat(50)}`)
    await app.request(`/api/users${'/way'.repeat(1_000)}`)
    const log = world.lines.join('\n')
    expect(log).not.toMatch(/example|13800138000|739154|xxxx|%3|８|%E/)
    for (const line of world.lines) expect(line.length).toBeLessThan(500)
    expect(log).toContain('/api/users/…')
  })
})

describe('pages of a list', () => {
  const get = (query: string) => setUp().app.request(`http://localhost/api/things?${query}`)
  const linksOf = (answer: Response) =>
    Object.fromEntries(
      [...answer.headers.get('link')!.matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, url, rel]) => [
        rel,
        new URL(url!).search,
      ]),
    )

  test('come with the total and links that keep the query', async () => {
    const answer = await get('page=2&page_size=20&x=y')
    expect(await answer.json()).toEqual({ page: 2, size: 20, offset: 20 })
    expect(answer.headers.get('total-number')).toBe('45')
    expect(linksOf(answer)).toEqual({
      first: '?page=1&page_size=20&x=y',
      prev: '?page=1&page_size=20&x=y',
      next: '?page=3&page_size=20&x=y',
      last: '?page=3&page_size=20&x=y',
    })
    expect(Object.keys(linksOf(await get('page=1'))).sort()).toEqual(['first', 'last', 'next'])
    expect(Object.keys(linksOf(await get('page=3'))).sort()).toEqual(['first', 'last', 'prev'])
  })

  test('are linked to by the address that the world knows, whatever a proxy asks for', async () => {
    const { app } = setUp('https://auth.example.com')
    const answer = await app.request('http://10.0.0.7:3001/api/things?page=2')
    expect(answer.headers.get('link')).toContain('<https://auth.example.com/api/things?page=1>; rel="first"')
    expect(answer.headers.get('link')).not.toContain('10.0.0.7')
  })

  test('an empty text counts as absent', async () => {
    expect(await (await get('page=&page_size=')).json()).toEqual({ page: 1, size: 20, offset: 0 })
  })

  test.each(['0', '-1', '1.5', 'abc', 'NaN', 'Infinity', '1e99'])('page %s is refused', async page => {
    const answer = await get(`page=${page}`)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await answer.json()).toEqual({ code: 'guard.invalid_pagination', message: expect.any(String) })
  })

  test.each(['0', '-1', '1.5', 'abc', '101'])('a page of %s is refused', async size => {
    expect(await (await get(`page_size=${size}`)).json()).toMatchObject({ code: 'guard.invalid_pagination' })
  })
})
