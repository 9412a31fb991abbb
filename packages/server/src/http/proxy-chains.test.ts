import { request as ask, createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { createListener } from './listening.ts'
import type { TrustProxy } from './proxies.ts'
import { callerOf, nodeCallerOf } from './request.ts'
import {
  addressLines,
  NOT_A_VISITOR,
  NOT_A_VISITOR_OF_PROXY,
  NOT_BELIEVED,
  watchAddresses,
} from './unknown-addresses.ts'

// Real connections: a visitor, two proxies one behind the other, and the server, each at an address of its own.

const VISITOR = '127.0.0.9'
const OUTER = '127.0.0.2'
const INNER = '127.0.0.3'

/** How a proxy says whom it saw, after what it was told itself. */
type Style = (told: string | undefined, seen: string) => string | string[]

const appends: Style = (told, seen) => [told, seen].filter(Boolean).join(', ')
const STYLES: Record<string, Style> = {
  'one header': appends,
  'a header more': (told, seen) => (told === undefined ? seen : [told, seen]),
  'a port': (told, seen) => appends(told, `${seen}:51234`),
  'IPv4 in IPv6': (told, seen) => appends(told, `[::ffff:${seen}]:51234`),
}

let trustProxy: TrustProxy = 0
let style: Style = appends
const servers: Server[] = []

const listening = async (server: Server, host = '127.0.0.1') => {
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, host, resolve))
  return (server.address() as AddressInfo).port
}

const plain = (address = '') => address.replace('::ffff:', '')

/** A proxy that asks from its own address for whoever asks it. */
const proxyTo = (port: number, own: string) =>
  listening(
    createServer((incoming, outgoing) => {
      const forwarded = style(
        incoming.headers['x-forwarded-for']?.toString(),
        plain(incoming.socket.remoteAddress),
      )
      const headers = { ...incoming.headers, 'x-forwarded-for': forwarded }
      const onward = ask({ port, host: '127.0.0.1', localAddress: own, headers, agent: false }, answer => {
        outgoing.writeHead(answer.statusCode!)
        answer.pipe(outgoing)
      })
      onward.end()
    }),
  )

let ports: { server: number; inner: number; outer: number }
beforeAll(async () => {
  const app = new Hono().get('/', context => context.text(String(callerOf(context, trustProxy).ip)))
  const answer = getRequestListener(app.fetch)
  // Both ways in which the product reads it; on an address that takes both versions, where IPv4 shows as IPv6.
  const server = createListener(
    (request, response) => {
      response.setHeader('x-seen', String(nodeCallerOf(request, trustProxy).ip))
      void answer(request, response)
    },
    { keepAlive: 1_000, log: () => {} },
  )
  const own = await listening(server, '::')
  const inner = await proxyTo(own, INNER)
  ports = { server: own, inner, outer: await proxyTo(inner, OUTER) }
})
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
})

/** Whom the server takes a visitor for, who comes in somewhere and says something. */
function seen(port: number, headers: Record<string, string | string[]>, from = VISITOR): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = ask({ port, host: '127.0.0.1', localAddress: from, headers, agent: false }, answer => {
      let text = ''
      answer.on('data', chunk => {
        text += chunk
      })
      answer.on('end', () => resolve(text))
    })
    asked.on('error', reject)
    asked.end()
  })
}

const LIE = '198.51.100.66'
const FORGERIES: Record<string, string | string[]>[] = [
  {},
  { 'x-forwarded-for': LIE },
  { 'x-forwarded-for': `${LIE}, ${OUTER}, ${INNER}` },
  { 'x-forwarded-for': [LIE, OUTER, '203.0.113.1'] },
  { 'x-forwarded-for': `${LIE},`.repeat(200) },
  { 'x-forwarded-for': '2001:db8::66' },
  { 'x-forwarded-for': `[2001:db8::66]:443, ::ffff:${LIE}` },
  { 'x-forwarded-for': ', ,unknown, _hidden, <script>, 999.1.1.1' },
  { 'x-real-ip': LIE, forwarded: `for=${LIE};proto=https`, 'true-client-ip': LIE, 'cf-connecting-ip': LIE },
]

const trusting = (setting: string) => {
  trustProxy = readConfig({ TRUST_PROXY: setting }).trustProxy
}

describe('whatever a visitor forges, the server sees', () => {
  test.each(Object.keys(STYLES))('their own address behind two proxies that write %s', async name => {
    style = STYLES[name]!
    for (const setting of ['2', `${OUTER},${INNER}`, '127.0.0.2/31']) {
      trusting(setting)
      for (const forgery of FORGERIES)
        expect(await seen(ports.outer, forgery), `${setting} ${JSON.stringify(forgery)}`).toBe(VISITOR)
    }
  })

  test('their own behind one, also where they come in behind the outer one', async () => {
    style = appends
    for (const setting of ['1', `${OUTER},${INNER}`]) {
      trusting(setting)
      for (const forgery of FORGERIES) expect(await seen(ports.inner, forgery)).toBe(VISITOR)
    }
  })

  test('their own where they reach the server directly and proxies are named by their networks', async () => {
    trusting(`${OUTER},${INNER}`)
    for (const forgery of FORGERIES) expect(await seen(ports.server, forgery)).toBe(VISITOR)
  })

  test('the last proxy where none is trusted, and never what anybody wrote', async () => {
    trusting('false')
    for (const forgery of FORGERIES) {
      expect(await seen(ports.server, forgery)).toBe(VISITOR)
      expect(await seen(ports.outer, forgery)).toBe(INNER)
    }
  })
})

describe('that addresses cannot be known', () => {
  function watching(setting: string) {
    const lines: string[] = []
    const watch = watchAddresses(readConfig({ TRUST_PROXY: setting }).trustProxy, (level, line) => {
      expect(level).toBe('warn')
      lines.push(line)
    })
    const come = (remoteAddress: string, url: string, forwarded?: string) =>
      watch({
        socket: { remoteAddress },
        url,
        headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
      } as IncomingMessage)
    return { lines, come }
  }

  test('is said once where a proxy is not trusted', () => {
    const { lines, come } = watching('false')
    come('8.8.8.8', '/sign-in')
    come('10.0.0.1', '/api/health/ready')
    expect(lines).toEqual([])
    for (const _ of [1, 2]) come('10.0.0.1', '/oidc/auth?client_id=x', '8.8.8.8')
    expect(lines).toEqual([NOT_BELIEVED, NOT_A_VISITOR])
  })

  test('is said where others stand before the one that is trusted, and not where all is well', () => {
    const named = watching('10.0.0.1')
    named.come('10.0.0.1', '/sign-in', '8.8.8.8')
    expect(named.lines).toEqual([])
    named.come('10.0.0.2', '/sign-in', '8.8.8.8')
    expect(named.lines).toEqual([NOT_BELIEVED, NOT_A_VISITOR])
    const one = watching('1')
    one.come('10.0.0.1', '/api/experience', '8.8.8.8')
    expect(one.lines).toEqual([])
    one.come('10.0.0.1', '/api/experience', '8.8.8.8, 172.16.0.9')
    // It may also be a visitor in the operator's own network, who is no reason to set what is set already.
    for (const _ of [1, 2]) one.come('10.0.0.1', '/sign-in', '172.16.0.9')
    expect(one.lines).toEqual([NOT_A_VISITOR_OF_PROXY])
  })

  test('is said at the start where others reach the server and no proxy is trusted', () => {
    expect(addressLines({ trustProxy: 0, isReachable: true }).join(' ')).toContain('TRUST_PROXY')
    expect(addressLines({ trustProxy: 1, isReachable: true })).toEqual([])
    expect(addressLines({ trustProxy: 0, isReachable: false })).toEqual([])
  })
})
