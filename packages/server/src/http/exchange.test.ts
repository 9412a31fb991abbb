import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { realFetch } from '../outside.ts'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const post = (url: string, body = 'x', signal = new AbortController().signal) =>
  realFetch(url, { method: 'POST', headers: { 'x-a': 'b' }, body, signal })

async function textOf({ body }: Awaited<ReturnType<typeof post>>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body ?? []) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test('a request arrives as it was given, and its answer comes whole', async () => {
  const url = await serve(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    response.writeHead(418, { 'x-many': ['a', 'b'] })
    response.end(JSON.stringify([request.method, request.url, request.headers['x-a'], body]))
  })
  const answer = await post(`${url}/a?b=%20c`, '验')
  expect(answer.status).toBe(418)
  expect(answer.headers.get('X-Many')).toBe('a, b')
  expect(answer.headers.get('x-none')).toBeNull()
  expect(await textOf(answer)).toBe(JSON.stringify(['POST', '/a?b=%20c', 'b', '验']))
})

test('an answer that is long and slow comes whole too', async () => {
  const piece = 'x'.repeat(50_000)
  const url = await serve((_, response) => {
    let left = 20
    const timer = setInterval(() => {
      if (left-- > 0) return void response.write(piece)
      clearInterval(timer)
      response.end()
    }, 1)
  })
  const answer = await post(url)
  await new Promise(resolve => setTimeout(resolve, 50))
  expect((await textOf(answer)).length).toBe(20 * piece.length)
})

test('what only announces an answer is passed over', async () => {
  const url = await serve((_, response) => {
    response.writeEarlyHints({ link: '</a>; rel=preload' })
    response.end('then')
  })
  const answer = await post(url)
  expect(answer.status).toBe(200)
  expect(await textOf(answer)).toBe('then')
})

test('an answer that breaks off fails where it breaks off', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half')
    setTimeout(() => response.destroy(), 10)
  })
  await expect(textOf(await post(url))).rejects.toThrow()
})

test('an aborted signal ends the request, before it is sent, while waiting and while reading', async () => {
  let answered = 0
  const url = await serve((_, response) => {
    answered++
    if (answered === 2) response.write('half')
  })
  const before = AbortSignal.abort(new Error('too late'))
  await expect(post(url, 'x', before)).rejects.toThrow('too late')

  const waiting = new AbortController()
  setTimeout(() => waiting.abort(new Error('waited')), 30)
  await expect(post(url, 'x', waiting.signal)).rejects.toThrow('waited')

  const reading = new AbortController()
  const answer = await post(url, 'x', reading.signal)
  setTimeout(() => reading.abort(new Error('read')), 10)
  await expect(textOf(answer)).rejects.toThrow('read')
})

test('an answer that nobody reads may break off or be called back, and nothing else fails', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half')
    setTimeout(() => response.destroy(), 10)
  })
  const calledBack = new AbortController()
  await post(url)
  await post(url, 'x', calledBack.signal)
  calledBack.abort(new Error('nobody waits'))
  // An error that nobody hears of ends the process, and this test with it.
  await new Promise(resolve => setTimeout(resolve, 50))
})

test('a reader that has had enough ends the request', async () => {
  let closed = () => {}
  const end = new Promise<void>(resolve => {
    closed = resolve
  })
  const url = await serve((_, response) => {
    const timer = setInterval(() => response.write('x'.repeat(1000)), 1)
    response.on('close', () => {
      clearInterval(timer)
      closed()
    })
  })
  for await (const _ of (await post(url)).body ?? []) break
  await end
})

test('a connection that cannot be made, and an address that is none, are told', async () => {
  const url = await serve(() => {})
  for (const close of open.splice(0)) close()
  await expect(post(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await expect(post('nonsense')).rejects.toThrow(TypeError)
})
