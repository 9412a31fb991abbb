import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { callerOf, nodeCallerOf } from './request.ts'
import { identified, requestId, withRequestId } from './request-id.ts'

describe('the address of who asks', () => {
  const seenAs = async (header: string | undefined, setting = 'true') => {
    const request = new IncomingMessage(new Socket())
    if (header !== undefined) request.headers['x-forwarded-for'] = header
    Object.defineProperty(request.socket, 'remoteAddress', { value: '10.0.0.1' })
    const { trustProxy } = readConfig({ TRUST_PROXY: setting })
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
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['2001:DB8:0:0::7', '2001:db8::7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['[::FFFF:cb00:7107]:8080', '203.0.113.7'],
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
    expect(await seenAs('203.0.113.7', 'false')).toEqual(['10.0.0.1', '10.0.0.1'])
  })

  test.each([
    ['1', '203.0.113.7, 162.158.94.179', '162.158.94.179'],
    ['2', '203.0.113.7, 162.158.94.179', '203.0.113.7'],
    ['2', '203.0.113.7:51234, 10.0.0.5', '203.0.113.7'],
    ['2', 'forged, 198.51.100.66, 203.0.113.7, 162.158.94.179:443', '203.0.113.7'],
    // Whoever comes in behind the first proxy is seen by the second alone.
    ['2', '203.0.113.7', '203.0.113.7'],
    ['2', 'unknown, 162.158.94.179', '162.158.94.179'],
    ['3', '198.51.100.66, 203.0.113.7, [2606:4700::1]:80, 10.0.0.5', '203.0.113.7'],
    ['0', '203.0.113.7', '10.0.0.1'],
  ])('behind %s proxies that say %j is %s', async (proxies, header, address) => {
    expect(await seenAs(header, proxies)).toEqual([address, address])
  })

  test.each([
    ['10.0.0.0/8', '203.0.113.7, 10.0.0.5', '203.0.113.7'],
    ['10.0.0.0/8', '198.51.100.66, 203.0.113.7, 10.2.3.4, 10.0.0.5', '203.0.113.7'],
    ['10.0.0.0/8', '10.9.9.9, 203.0.113.7', '203.0.113.7'],
    ['10.0.0.0/8', '10.9.9.9, 10.0.0.5', '10.9.9.9'],
    ['10.0.0.0/8', '203.0.113.7, 162.158.94.179', '162.158.94.179'],
    ['10.0.0.0/8, 162.158.0.0/15', '203.0.113.7, 162.158.94.179', '203.0.113.7'],
    ['10.0.0.1,2606:4700::/32', '[2001:db8::1]:443, 2606:4700:0::9', '2001:db8::1'],
    ['10.0.0.1 ::ffff:162.158.94.179', '203.0.113.7, ::ffff:162.158.94.179', '203.0.113.7'],
    // Whoever reaches the server past its proxies writes in vain.
    ['192.168.0.0/16', '203.0.113.7', '10.0.0.1'],
    ['10.0.0.0/8', 'unknown', '10.0.0.1'],
    ['10.0.0.0/8', '10.0.0.9, '.repeat(2_000).slice(0, -2), '10.0.0.9'],
  ])('behind proxies in %s that say %.60j is %s', async (networks, header, address) => {
    expect(await seenAs(header, networks)).toEqual([address, address])
  })

  test.each([
    'yes',
    '10.0.0.0/33',
    '10.0.0',
    'fd00::/129',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '0.0.0.0/0',
    '::/0',
    '17',
    '-1',
  ])('cannot be told by proxies that the setting calls %j, and the refusal names the forms', value => {
    expect(() => readConfig({ TRUST_PROXY: value })).toThrow(/TRUST_PROXY: must /)
  })

  test('is in one form, also where the connection names it', () => {
    const of = (remoteAddress: string) => {
      const request = new IncomingMessage(new Socket())
      Object.defineProperty(request.socket, 'remoteAddress', { value: remoteAddress })
      return nodeCallerOf(request, 0).ip
    }
    expect(of('::ffff:192.0.2.1')).toBe('192.0.2.1')
    expect(of('2001:DB8:0:0:0::1')).toBe('2001:db8::1')
  })
})

describe('the id of a request', () => {
  const world = { random: (size: number) => new Uint8Array(size) }
  const idOf = (id: string, trustProxy: number) =>
    identified(
      { headers: { 'x-request-id': id }, socket: { remoteAddress: '10.0.0.5' } } as never,
      { trustProxy, world },
      () => requestId(world),
    )
  const OURS = 'A'.repeat(16)
  const UUID = '9f3c2b10-7a54-4d7e-9c1e-0b7d6f5a4e3d'

  test('is that of a trusted proxy, where a proxy can have made it', () => {
    expect(idOf(UUID, 1)).toBe(UUID)
    expect(idOf(UUID, 0)).toBe(OURS)
    for (const bad of ['13800138000', '739154', 'a@example.com', 'x'.repeat(32), 'a'.repeat(65), `${UUID}\n`])
      expect(idOf(bad, 1), bad).toBe(OURS)
  })

  test('stands in every line of the log that is written for it', () => {
    const lines: unknown[] = []
    const log = withRequestId((_level, event, fields) => void lines.push([event, fields?.requestId]))
    log('warn', 'outside')
    identified({ headers: {}, socket: {} } as never, { trustProxy: 0, world }, () => log('warn', 'inside'))
    expect(lines).toEqual([
      ['outside', undefined],
      ['inside', OURS],
    ])
  })
})
