import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { callerOf, nodeCallerOf } from './request.ts'

describe('the address of who asks', () => {
  const seenAs = async (header: string | undefined, trustProxy = true) => {
    const request = new IncomingMessage(new Socket())
    if (header !== undefined) request.headers['x-forwarded-for'] = header
    Object.defineProperty(request.socket, 'remoteAddress', { value: '10.0.0.1' })
    const { ip } = nodeCallerOf(request, trustProxy)
    const app = new Hono().get('/', context => context.text(String(callerOf(context, trustProxy).ip)))
    const headers = header === undefined ? {} : { 'x-forwarded-for': header }
    const env = { incoming: { socket: { remoteAddress: '10.0.0.1' } } }
    return [ip, await (await app.request('/', { headers }, env)).text()]
  }

  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['spoofed, 198.51.100.1,  203.0.113.7 ', '203.0.113.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['203.0.113.7:51234', '203.0.113.7'],
    ['[2001:db8::7]:51234', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    [`fe80::1%${'x'.repeat(5_000)}`, 'fe80::1'],
    ['unknown', '10.0.0.1'],
    ['203.0.113.7, ', '10.0.0.1'],
    ['203.0.113.7, <script>', '10.0.0.1'],
    ['203.0.113.777', '10.0.0.1'],
    ['_hidden', '10.0.0.1'],
    ['x'.repeat(9_000), '10.0.0.1'],
    [undefined, '10.0.0.1'],
  ])('behind a proxy that says %j is %s', async (header, address) => {
    expect(await seenAs(header)).toEqual([address, address])
  })

  test('is the one of the connection where no proxy is trusted', async () => {
    expect(await seenAs('203.0.113.7', false)).toEqual(['10.0.0.1', '10.0.0.1'])
  })
})
