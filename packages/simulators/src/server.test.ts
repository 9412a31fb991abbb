import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunningSimulators, startSimulators } from './index.ts'
import { rpcRequest, sampleRequest, tc3Request } from './signed-requests.ts'

let simulators: RunningSimulators
let site: string
beforeEach(async () => {
  simulators = await startSimulators({ ports: { site: 0, 'aliyun-dm': 0, 'tencent-sms': 0 }, quiet: true })
  site = simulators.addresses.site!
})
afterEach(() => simulators.close())

/** A request made for another host, sent to an address here. */
async function sendTo(address: string, request: Request): Promise<Response> {
  const body = await request.text()
  return fetch(new URL(new URL(request.url).search, address), {
    method: request.method,
    headers: request.headers,
    ...(body !== '' && { body }),
    redirect: 'manual',
  })
}

const sms = () => {
  const about = { SignName: '示例应用', TemplateCode: 'SMS_100000002', TemplateParam: '{"code":"123456"}' }
  return rpcRequest('SendSms', '2017-05-25', { ...about, PhoneNumbers: '13800138000' })
}

const works = async () => {
  const answer = await sendTo(site, sms())
  return ((await answer.json()) as { Code: string }).Code === 'OK'
}

/** A raw connection: what was sent, and all that came back until the other side ended it. */
function raw(text: string): { socket: Socket; ended: Promise<string> } {
  const socket = connect(Number(new URL(site).port), '127.0.0.1')
  let received = ''
  socket.setEncoding('latin1')
  socket.on('data', chunk => {
    received += chunk
  })
  const ended = new Promise<string>(resolve => {
    socket.on('close', () => resolve(received))
    socket.on('error', () => resolve(received))
  })
  socket.write(text)
  return { socket, ended }
}

describe('simulators on ports of their own', () => {
  it('answer for all clouds on the site, and show inbox and control', async () => {
    expect(await works()).toBe(true)
    const tencent = tc3Request(
      'DescribePhoneNumberInfo',
      { PhoneNumberSet: ['13800138000'] },
      { host: new URL(site).host },
    )
    expect(await (await sendTo(site, tencent)).text()).toContain('"Code":"Ok"')
    expect(await (await fetch(simulators.addresses.inbox!)).text()).toContain('138 0013 8000')
    expect(await (await fetch(simulators.addresses.control!)).json()).toMatchObject({ messages: 1 })
    const options = { method: 'PUT', body: '{"on":false}' }
    expect(await (await fetch(`${simulators.addresses.control}/frequency`, options)).json()).toMatchObject({
      frequencyControl: false,
    })
  })

  it('answer as one cloud on its port, whatever the request says', async () => {
    const mail = await sendTo(simulators.addresses['aliyun-dm']!, sms())
    expect(await mail.json()).toMatchObject({ Code: 'InvalidVersion', HostId: 'dm.aliyuncs.com' })
    const tencent = await fetch(simulators.addresses['tencent-sms']!)
    expect(await tencent.json()).toMatchObject({ Response: { Error: { Code: 'MissingParameter' } } })
    expect(simulators.addresses['aliyun-sms']).toBeUndefined()
  })

  it('deliver receipts by themselves, over the network', async () => {
    let push = (_: string) => {}
    const pushed = new Promise<string>(resolve => {
      push = resolve
    })
    const receiver = createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      push(text)
      response.end('{"code":0}')
    })
    await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
    const { control } = simulators.clouds
    control.setReceipts({ delay: 0 })
    control.setCallback('aliyun-sms', {
      url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
    })
    await sendTo(site, sms())
    expect(JSON.parse(await pushed)).toMatchObject([{ phone_number: '13800138000', success: true }])
    await control.tick()
    expect(control.receipts()[0]?.push.state).toBe('acknowledged')
    receiver.closeAllConnections()
    await new Promise(resolve => receiver.close(resolve))
  })

  it('lose connections, trickle and send too much under faults, and are well again after', async () => {
    const { control } = simulators.clouds
    for (const kind of ['drop-before', 'drop-after'] as const) {
      control.setFault({ kind, times: 1 })
      await expect(sendTo(site, sms())).rejects.toThrow()
    }
    control.setFault({ kind: 'slow-body', times: 1 })
    const slow = await sendTo(site, sms())
    const reader = slow.body!.getReader()
    expect((await reader.read()).done).toBe(false)
    await reader.cancel()
    control.setFault({ kind: 'huge', times: 1 })
    const huge = await sendTo(site, sampleRequest('aliyun-sms'))
    await huge.body!.cancel()
    control.setFault({ kind: 'redirect', times: 1 })
    expect((await sendTo(site, sms())).status).toBe(307)
    control.reset()
    expect(await works()).toBe(true)
  })

  it('stop listening when closed, though clients still hold connections', async () => {
    const events = await fetch(`${simulators.addresses.inbox}/events`)
    const { ended } = raw('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf')
    await simulators.close()
    await expect(events.text()).rejects.toThrow()
    await ended
    await expect(fetch(site)).rejects.toThrow()
  })

  it('do not start halfway when a port is taken', async () => {
    const taken = Number(new URL(site).port)
    await expect(
      startSimulators({ ports: { site: 0, 'aliyun-sms': taken }, quiet: true }),
    ).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
    await expect(startSimulators({ port: taken, quiet: true })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

describe('a hostile client', () => {
  it.each([
    ['that speaks no HTTP', 'hello\r\n\r\n', 400],
    ['that speaks TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['with a method that does not exist', 'FETCH / HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    [
      'with headers beyond the limit',
      `GET / HTTP/1.1\r\nHost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
    ['with a Host that is none', 'GET /inbox HTTP/1.1\r\nHost: a b/c@d\r\nConnection: close\r\n\r\n', 400],
    ['without a Host', 'GET /inbox HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['with a header that breaks its line', 'GET / HTTP/1.1\r\nHost: localhost\r\nx y: z\r\n\r\n', 400],
    [
      'with two lengths',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['with a length below zero', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n', 400],
    ['that traces', 'TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 400],
    [
      'that asks for an address of no meaning',
      'GET http://[ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      400,
    ],
    [
      'under a name from elsewhere',
      'GET /control HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
      403,
    ],
  ])('%s is told so', async (_, text, status) => {
    expect(await raw(text).ended).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(await works()).toBe(true)
  })

  it.each([
    ['stops in the middle of its headers', 'GET / HTTP/1.1\r\nHost: loc'],
    [
      'stops in the middle of its body',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nAction=',
    ],
    [
      'sends a chunk that never ends',
      'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\nx',
    ],
    ['asks for a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n'],
    ['says nothing', ''],
  ])('that %s keeps nobody else waiting', async (_, text) => {
    const many = Array.from({ length: 20 }, () => raw(text))
    expect(await works()).toBe(true)
    for (const { socket } of many) socket.destroy()
    await Promise.all(many.map(({ ended }) => ended))
    expect(await works()).toBe(true)
  })

  it('that leaves in the middle of everything leaves no trace', async () => {
    for (const text of [
      'GET /inbox/events HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'GET /inbox HTTP/1.1\r\nHost: localhost\r\n\r\n',
    ]) {
      const { socket, ended } = raw(text)
      socket.once('data', () => socket.resetAndDestroy())
      await ended
    }
    expect(await works()).toBe(true)
    expect(simulators.clouds.control.requests().some(({ code }) => code === 'crash')).toBe(false)
  })

  it('that sends more than anybody reads gets an answer all the same', async () => {
    const body = 'x'.repeat(11 * 1024 * 1024)
    const answer = await fetch(simulators.addresses['tencent-sms']!, { method: 'POST', body })
    expect(await answer.text()).toContain('RequestSizeLimitExceeded')
    expect(await works()).toBe(true)
  })
})
