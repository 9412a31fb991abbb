import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { guardedFetch, mayReach, type Reach } from './targets.ts'

describe('addresses that requests may go to', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700::1111', '2400:3200::1'])(
    '%s is public',
    address => {
      expect(mayReach(address, 'public')).toBe(true)
    },
  )

  test.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.100.100.200',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'no address',
  ])('%s is not', address => {
    expect(mayReach(address, 'public')).toBe(false)
  })

  test('in the development world this machine is allowed, and its neighbours are not', () => {
    const reach: Reach = 'public-and-this-machine'
    expect(['127.0.0.1', '::1', '8.8.8.8'].every(address => mayReach(address, reach))).toBe(true)
    expect(
      ['0.0.0.0', '10.0.0.1', '169.254.169.254', 'fe80::1'].some(address => mayReach(address, reach)),
    ).toBe(false)
  })

  test('where the operator says so, all are', () => {
    expect(mayReach('10.0.0.1', 'anywhere')).toBe(true)
  })
})

describe('the fetch for addresses that operators typed', () => {
  async function serve(status: number, headers: Record<string, string> = {}) {
    let calls = 0
    const server = createServer((_, response) => {
      calls += 1
      response.writeHead(status, headers).end('said')
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return { port: (server.address() as AddressInfo).port, calls: () => calls }
  }

  const ask = (reach: Reach, url: string) =>
    guardedFetch(reach, 'WEBHOOK_ALLOW_PRIVATE')(url, {
      method: 'POST',
      headers: {},
      body: '{}',
      signal: new AbortController().signal,
    })

  // The parser of addresses knows many spellings of one number; names are judged by what they resolve to.
  test.each(['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1', '127.1', '[::ffff:127.0.0.1]', '0'])(
    'never connects to %s',
    async host => {
      const { port, calls } = await serve(200)
      await expect(ask('public', `http://${host}:${port}/`)).rejects.toThrow('WEBHOOK_ALLOW_PRIVATE')
      expect(calls()).toBe(0)
    },
  )

  test('reaches this machine, by number and by name, where that is allowed', async () => {
    const { port, calls } = await serve(200)
    expect((await ask('public-and-this-machine', `http://127.0.0.1:${port}/`)).status).toBe(200)
    expect((await ask('public-and-this-machine', `http://localhost:${port}/`)).status).toBe(200)
    expect(calls()).toBe(2)
  })

  test('judges a name at each connection, and goes to no address but those that it judged', async () => {
    const { port, calls } = await serve(200, { connection: 'close' })
    const answers = [['10.0.0.1', '127.0.0.1'], ['10.0.0.1'], ['127.0.0.1'], ['169.254.169.254', 'fe80::1']]
    const send = guardedFetch(
      'public-and-this-machine',
      'BACKCHANNEL_ALLOW_PRIVATE',
      (_name, _options, callback) =>
        callback(
          null,
          answers.shift()!.map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
    )
    const { signal } = new AbortController()
    const go = () =>
      send(`http://shop.example:${port}/`, { method: 'POST', headers: {}, body: '', signal }).then(
        ({ status }) => status,
        error => String(error),
      )
    expect(await go()).toBe(200)
    expect(await go()).toContain('BACKCHANNEL_ALLOW_PRIVATE')
    expect(await go()).toBe(200)
    expect(await go()).toContain('BACKCHANNEL_ALLOW_PRIVATE')
    expect([calls(), answers]).toEqual([2, []])
  })

  test('hands a redirect over as it is', async () => {
    const elsewhere = await serve(200)
    const { port } = await serve(307, { location: `http://127.0.0.1:${elsewhere.port}/` })
    expect((await ask('anywhere', `http://127.0.0.1:${port}/`)).status).toBe(307)
    expect(elsewhere.calls()).toBe(0)
  })
})
