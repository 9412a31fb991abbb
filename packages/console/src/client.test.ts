import { connectorRoutes, consoleRoutes, userRoutes } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import { ApiError, sentenceOf } from './api-error.ts'
import { addressOf, createClient } from './client.ts'

/** A client that answers every request the same way, and remembers the requests. */
function clientOf(answer: () => Response) {
  const requests: { url: string; init: RequestInit }[] = []
  const client = createClient(
    async (url, init) => {
      requests.push({ url, init })
      return answer()
    },
    () => 'zh-CN',
  )
  return { ...client, requests }
}

/** A server whose session ends after the first `good` requests, and comes back when it is told to. */
function endingSession(good: number) {
  let [asked, isOver] = [0, false]
  const waits: (() => void)[] = []
  const client = createClient(
    async () => {
      asked += 1
      isOver ||= asked === good + 1
      return isOver
        ? Response.json({ code: 'auth.unauthorized', message: 'No.' }, { status: 401 })
        : Response.json([])
    },
    () => 'en',
    () => new Promise(resolve => waits.push(resolve)),
  )
  return {
    ...client,
    asked: () => asked,
    waiting: () => waits.length,
    comesBack(alive = true) {
      isOver = !alive
      for (const goOn of waits.splice(0)) goOn()
    },
  }
}

const SENTENCES = { unreachable: 'nobody answered', crashed: 'a fault' }

const failure = async (promise: Promise<unknown>) => {
  const error = await promise.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ApiError)
  return error as ApiError
}

test('an address has its parameters escaped and no empty query', () => {
  expect(addressOf(connectorRoutes.getConnector, { params: { id: 'a/b?c' } })).toBe(
    '/api/connectors/a%2Fb%3Fc',
  )
  expect(addressOf(userRoutes.listUsers, { query: { page: '2', search: '%a&b%', more: undefined } })).toBe(
    '/api/users?page=2&search=%25a%26b%25',
  )
})

test('every request asks for the language, and every unsafe one is JSON', async () => {
  const client = clientOf(() => new Response(null, { status: 204 }))
  await client.call(consoleRoutes.signOutOperator)
  await client.call(consoleRoutes.signInOperator, { body: { name: 'Ada', password: 'secret' } })
  for (const { init } of client.requests)
    expect(init.headers).toMatchObject({ 'accept-language': 'zh-CN', 'content-type': 'application/json' })
  expect(client.requests[0]?.init.body).toBeUndefined()
  expect(client.requests[1]?.init.body).toBe('{"name":"Ada","password":"secret"}')
})

test('a page comes with the number of all entries', async () => {
  const client = clientOf(() => Response.json([1, 2], { headers: { 'Total-Number': '43' } }))
  expect(await client.callPage(userRoutes.listUsers, {})).toEqual({ items: [1, 2], total: 43 })
})

describe('a session that ends', () => {
  test('keeps a call waiting, which is made once more when it is back', async () => {
    const { call, asked, waiting, comesBack } = endingSession(1)
    await call(consoleRoutes.listCatalog)
    const answer = call(consoleRoutes.listCatalog)
    await expect.poll(waiting).toBe(1)
    comesBack()
    expect(await answer).toEqual([])
    expect(asked()).toBe(3)
  })

  test('is told when it is no better after that', async () => {
    const { call, waiting, comesBack } = endingSession(0)
    const answer = failure(call(consoleRoutes.listCatalog))
    await expect.poll(waiting).toBe(1)
    comesBack(false)
    expect((await answer).status).toBe(401)
  })

  test.each([consoleRoutes.getConsoleState, consoleRoutes.signOutOperator])(
    'is nothing that $operationId waits for',
    async route => {
      const { call, waiting } = endingSession(0)
      expect((await failure(call(route, {}))).status).toBe(401)
      expect(waiting()).toBe(0)
    },
  )
})

describe('a failure', () => {
  test('has the code, the message and the data of the answer', async () => {
    const body = { code: 'connector.invalid_config', message: 'No.', data: { issues: [] } }
    const { call } = clientOf(() => Response.json(body, { status: 400 }))
    expect(await failure(call(consoleRoutes.listCatalog))).toMatchObject({ status: 400, ...body })
  })

  test.each([
    ['HTML of a proxy', () => new Response('<h1>Bad gateway</h1>', { status: 502 }), 502],
    ['a body without a code', () => Response.json({ message: 'x' }, { status: 500 }), 500],
    ['a success that is not JSON', () => new Response('<html>'), 200],
  ])('is one error for %s', async (_, answer, status) => {
    const error = await failure(clientOf(answer).call(consoleRoutes.listCatalog))
    expect(error.status).toBe(status)
    expect(error.message).not.toContain('<')
  })

  test('has status 0 when no answer came', async () => {
    const { call } = clientOf(() => {
      throw new TypeError('fetch failed')
    })
    const error = await failure(call(consoleRoutes.listCatalog))
    expect(error).toMatchObject({ status: 0, code: 'network' })
    expect(sentenceOf(error, SENTENCES)).toBe('nobody answered')
  })

  test("is told in the server's words, and a fault of ours in none of its own", () => {
    expect(sentenceOf(new ApiError(422, 'x', 'The name is taken.'), SENTENCES)).toBe('The name is taken.')
    for (const fault of [
      new TypeError("Cannot read properties of undefined (reading 'x')"),
      'a text',
      undefined,
    ])
      expect(sentenceOf(fault, SENTENCES)).toBe('a fault')
  })
})
