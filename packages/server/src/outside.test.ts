import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { aliyunSms } from '@countersign/connectors'
import { readCapped } from '@countersign/kit'
import { isSimulated, sampleSettings, startSimulators } from '@countersign/simulators'
import { afterEach, describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { parseConfig } from './connections/configuration.ts'
import { forwardedFetch, realFetch } from './outside.ts'
import { testWorld } from './testing/world.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A proxy that notes what it is asked for, answers plain requests itself and makes no tunnels. */
async function proxyServer(answer = 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n') {
  const asked: { method: string; target: string; login: string | undefined }[] = []
  const note = (method = '', target = '', headers: Record<string, unknown> = {}) =>
    asked.push({ method, target, login: headers['proxy-authorization'] as string | undefined })
  const server = createServer((request, response) => {
    note(request.method, request.url, request.headers)
    response.end('{"by":"proxy"}')
  })
  server.on('connect', (request, socket) => {
    note('CONNECT', request.url, request.headers)
    if (answer === '') socket.destroy()
    else socket.end(answer)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  open.push(server)
  return { asked, port: (server.address() as AddressInfo).port }
}

const send = (url: string, proxy?: string) =>
  realFetch(url, {
    method: 'POST',
    headers: {},
    body: 'x',
    signal: AbortSignal.timeout(10_000),
    ...(proxy && { proxy }),
  })

describe('a request with a proxy', () => {
  test('asks the proxy for a tunnel, with the login of its address', async () => {
    const { asked, port } = await proxyServer()
    await expect(
      send('https://cloud.invalid/', `http://ada:s%40cret@127.0.0.1:${port}`),
    ).rejects.toMatchObject({
      code: 'PROXY_REFUSED',
    })
    const login = `Basic ${Buffer.from('ada:s@cret').toString('base64')}`
    expect(asked).toEqual([{ method: 'CONNECT', target: 'cloud.invalid:443', login }])
  })

  test('that hangs up on it has certainly not left', async () => {
    const { port } = await proxyServer('')
    await expect(send('https://cloud.invalid/', `http://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'PROXY_REFUSED',
    })
  })

  test('without TLS is handed to the proxy as it is', async () => {
    const { asked, port } = await proxyServer()
    const answer = await send('http://cloud.invalid/path?a=b', `http://127.0.0.1:${port}`)
    expect(answer.status).toBe(200)
    for await (const _ of answer.body ?? []);
    expect(asked).toEqual([{ method: 'POST', target: 'http://cloud.invalid/path?a=b', login: undefined }])
  })

  test('does not go straight when the proxy is not there', async () => {
    const { port } = await proxyServer()
    for (const server of open.splice(0)) server.close()
    await expect(send('https://127.0.0.1:1/', `http://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
  })

  test('works with more proxies than are kept', async () => {
    const { asked, port } = await proxyServer()
    for (let index = 0; index < 12; index++) {
      const answer = await send('http://cloud.invalid/', `http://user${index}@127.0.0.1:${port}`)
      for await (const _ of answer.body ?? []);
    }
    expect(asked).toHaveLength(12)
  })
})

describe('simulators of another process', () => {
  test("take a signed send under the cloud's own name", async () => {
    const simulators = await startSimulators({ port: 0, quiet: true })
    const fetch = forwardedFetch(simulators.addresses.site!, isSimulated)
    const message = {
      to: '8613800000001',
      usageType: 'SignIn' as const,
      payload: { code: '739154' },
      attemptId: 'attempt-1',
    }
    const world = { ...testWorld(fetch), now: Date.now, deadline: 10_000 }
    const settings = parseConfig(aliyunSms as never, sampleSettings['aliyun-sms']!)
    await aliyunSms.send(message, settings as never, world)
    expect(simulators.clouds.inbox.messages()).toMatchObject([{ code: '739154' }])
    const file =
      'https://cn-hangzhou-eventbridge.oss-accelerate.aliyuncs.com/x509_public_certificate_2021012501.pem'
    const init = { method: 'GET', headers: {}, signal: AbortSignal.timeout(10_000) }
    const { bytes } = await readCapped((await fetch(file, init)).body, 10_000)
    expect(bytes.toString()).toMatch(/^-----BEGIN CERTIFICATE-----/)
    await simulators.close()
  })

  test('get nothing that is meant for another host', async () => {
    const fetch = forwardedFetch('http://127.0.0.1:1', isSimulated)
    const init = { method: 'GET', headers: {}, signal: AbortSignal.timeout(10_000) }
    await expect(fetch('https://example.com/', init)).rejects.toMatchObject({ cause: { code: 'ENOTFOUND' } })
  })

  test('are on this machine', () => {
    expect(() => readConfig({ SIMULATORS_URL: 'http://simulators.example.com' })).toThrow(
      'SIMULATORS_URL: must be an address of this machine',
    )
  })
})
