import { randomBytes } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Fetch } from '@countersign/kit'
import type Provider from 'oidc-provider'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import type { Facts } from '../audit/audit.ts'
import { eachDatabase } from '../db/testing.ts'
import { guardedFetch } from '../http/targets.ts'
import { askForCode, go, INBOX, ready } from '../testing/visitor.ts'
import type { LogFields } from '../world.ts'
import { createBackChannel } from './back-channel.ts'
import { Browser, startProvider, type TestProvider } from './testing.ts'
import { CALLBACK, headerOf, payloadOf, register, tokensOf } from './testing-client.ts'

/** An application on this machine; returns where it hears of logouts. */
async function listenHere(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/bye`
}

eachDatabase('signing out of applications that want to hear of it', openFresh => {
  async function start(fetch?: Fetch): Promise<TestProvider> {
    const server = await startProvider(await openFresh(), {}, fetch)
    onTestFinished(() => server.close())
    return server
  }

  /** Signs alice in to an application that hears of logouts at `uri`, and out; returns her ID token. */
  async function inAndOut(server: TestProvider, uri: string, withSession = false): Promise<string> {
    await server.users.create({ username: 'alice' })
    const client = await register(server, 'SPA', {
      oidcClientMetadata: {
        redirectUris: [CALLBACK],
        postLogoutRedirectUris: [],
        backchannelLogoutUri: uri,
        backchannelLogoutSessionRequired: withSession,
      },
    })
    const browser = new Browser()
    const { id_token } = await tokensOf(server, client, {}, browser)
    const page = await (await browser.open(`${server.oidc.issuer}/session/end`)).text()
    const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(page)!
    const body = new URLSearchParams({ xsrf: xsrf!, logout: 'yes' })
    const done = await browser.open(`${server.oidc.issuer}/session/end/confirm`, { method: 'POST', body })
    expect(done.status).toBe(303)
    return id_token!
  }

  const told = ({ audited }: TestProvider) => audited.filter(({ key }) => key === 'BackchannelLogout')

  it.each([true, false])(
    'sends a logout token, with the session (%s) when it is wanted',
    async withSession => {
      const sent: { url: string; token: string }[] = []
      const server = await start(async (url, { body }) => {
        sent.push({ url, token: new URLSearchParams(body).get('logout_token')! })
        return new Response(null)
      })
      const claims = payloadOf(await inAndOut(server, 'https://app.example.com/bye', withSession))
      await server.oidc.settled()
      expect(sent.map(({ url }) => url)).toEqual(['https://app.example.com/bye'])
      expect(headerOf(sent[0]!.token)).toEqual({ alg: 'ES384', typ: 'logout+jwt', kid: expect.any(String) })
      const payload = payloadOf(sent[0]!.token)
      expect(payload).toMatchObject({
        sub: claims.sub,
        aud: claims.aud,
        iss: server.oidc.issuer,
        exp: (payload.iat as number) + 120,
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      })
      expect(payload.sid).toBe(withSession ? claims.sid : undefined)
      expect(claims.sid === undefined).toBe(!withSession)
      expect(told(server)).toMatchObject([
        { facts: { applicationId: claims.aud, userId: claims.sub, backchannelLogout: { tries: 1 } } },
      ])
    },
  )

  it('sends nothing to private addresses, signs out all the same, and says how to change that', async () => {
    const heard: string[] = []
    const uri = await listenHere((request, response) => {
      heard.push(request.url!)
      response.end()
    })
    const server = await start()
    await inAndOut(server, uri)
    await server.oidc.settled()
    expect(heard).toEqual([])
    expect(told(server)).toMatchObject([
      {
        facts: {
          applicationId: expect.any(String),
          backchannelLogout: { url: uri, tries: 1, reason: 'private_address' },
          error: { error_description: expect.stringContaining('BACKCHANNEL_ALLOW_PRIVATE=true') },
        },
      },
    ])
    expect(server.log).toContainEqual({
      event: 'logout token not delivered',
      fields: expect.objectContaining({
        failure: 'private_address',
        error: expect.stringContaining('BACKCHANNEL_ALLOW_PRIVATE=true'),
      }),
    })
  })

  it('does not wait for an application that does not answer', async () => {
    const { promise: silence, resolve: answer } = Promise.withResolvers<void>()
    const server = await start(() => silence.then(() => new Response(null)))
    await inAndOut(server, 'https://app.example.com/bye')
    expect(told(server)).toEqual([])
    answer()
    await server.oidc.settled()
    expect(told(server)).toHaveLength(1)
  })
})

describe('the back channel', () => {
  /** A client that is told once over a back channel of its own; what the audit log and the log got. */
  async function tell(fetch: Fetch, settings: { pauses?: number[]; deadline?: number } = {}) {
    const entries: Facts[] = []
    const lines: LogFields[] = []
    const channel = createBackChannel({
      world: {
        fetch,
        now: Date.now,
        random: randomBytes,
        log: (_level, _event, fields = {}) => void lines.push(fields),
      },
      fetch,
      audit: { record: (_key, facts) => void entries.push(facts as Facts) },
      pauses: [1, 1],
      ...settings,
    })
    // As oidc-provider's: asks, and is content with 200 and 204.
    class Client {
      clientId = 'shop'
      backchannelLogoutUri = 'https://shop.example.com/bye?key=secret'
      async backchannelLogout(_userId: string, _sid: string) {
        const response = await channel.fetch(this.backchannelLogoutUri, { body: new URLSearchParams() })
        if (![200, 204].includes(response.status))
          throw Object.assign(new Error('expected 200'), { response })
      }
    }
    channel.teach({ Client } as unknown as Provider)
    const again = () => new Client().backchannelLogout('alice', 'sid')
    await again()
    return { channel, entries, lines, again }
  }

  const failing = (code: string): Fetch =>
    Promise.reject.bind(Promise, Object.assign(new Error(code), { code })) as Fetch
  const answering =
    (status: number): Fetch =>
    async () =>
      new Response(null, { status })

  test.each([
    ['no_such_host', failing('ENOTFOUND'), 3, 'There is no host of this name'],
    ['not_listening', failing('ECONNREFUSED'), 3, 'Nobody listens'],
    ['certificate', failing('DEPTH_ZERO_SELF_SIGNED_CERT'), 1, 'NODE_EXTRA_CA_CERTS'],
    ['network', failing('ECONNRESET'), 3, 'ECONNRESET'],
    ['redirects', answering(302), 1, 'redirects are not followed'],
    ['refused', answering(404), 1, 'status 404 in place of 200'],
    ['faulty', answering(503), 3, 'status 503, again and again'],
  ] as const)('tells operators of %s, with the remedy, after as many tries as may help', async (...row) => {
    const [reason, fetch, tries, sentence] = row
    const { channel, entries, lines } = await tell(fetch)
    await channel.settled()
    expect(entries).toMatchObject([
      {
        applicationId: 'shop',
        userId: 'alice',
        backchannelLogout: { url: 'https://shop.example.com/bye', tries, reason },
        error: { error_description: expect.stringContaining(sentence) },
      },
    ])
    expect(lines).toMatchObject([{ applicationId: 'shop', failure: reason }])
    expect(JSON.stringify([entries, lines])).not.toContain('secret')
  })

  test('gives up on an application that keeps silent', async () => {
    const silent: Fetch = (_url, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const { channel, entries } = await tell(silent, { pauses: [], deadline: 5 })
    await channel.settled()
    expect(entries).toMatchObject([{ backchannelLogout: { tries: 1, reason: 'no_answer' } }])
  })

  test('reaches an application that comes back after a restart', async () => {
    const answers = [503, 200]
    const { channel, entries } = await tell(async () => new Response(null, { status: answers.shift()! }))
    await channel.settled()
    expect(entries).toMatchObject([{ backchannelLogout: { tries: 2 } }])
    expect(entries[0]).not.toHaveProperty('error')
  })

  test('tries nothing again once the server stops, and writes down what failed', async () => {
    const { channel, entries } = await tell(answering(503), { pauses: [600_000] })
    await channel.stop()
    expect(entries).toMatchObject([{ backchannelLogout: { tries: 1, reason: 'faulty', status: 503 } }])
  })

  test('lets no more than 500 wait for another try, and no more than 500 be tried at once', async () => {
    const down = await tell(answering(503), { pauses: [600_000] })
    for (const length of [300, 201]) await Promise.all(Array.from({ length }, down.again))
    expect(down.entries).toMatchObject(Array(2).fill({ backchannelLogout: { tries: 1, reason: 'faulty' } }))
    await down.channel.stop()
    expect(down.entries).toHaveLength(502)

    const { promise: silence, resolve: answer } = Promise.withResolvers<void>()
    const silent = await tell(() => silence.then(() => new Response(null)))
    await Promise.all(Array.from({ length: 501 }, silent.again))
    expect(silent.entries).toMatchObject(Array(2).fill({ backchannelLogout: { tries: 0, reason: 'busy' } }))
    answer()
    await silent.channel.settled()
    expect(silent.entries).toHaveLength(502)
  })

  test('reads no more of an answer than it must', async () => {
    let read = 0
    async function* endless() {
      for (;;) {
        read += 1
        yield new Uint8Array(1024)
      }
    }
    const { channel, entries } = await tell(async () => ({
      status: 200,
      headers: { get: () => null },
      body: endless(),
    }))
    await channel.settled()
    expect(read).toBeLessThan(100)
    expect(entries).toMatchObject([{ backchannelLogout: { tries: 1 } }])
  })

  test('takes an answer over the network for what it is', async () => {
    const uri = await listenHere((_request, response) => response.writeHead(204).end())
    const { channel } = await tell(guardedFetch('public-and-this-machine', 'BACKCHANNEL_ALLOW_PRIVATE'))
    expect((await channel.fetch(uri, { body: 'logout_token=x' })).status).toBe(204)
    await channel.stop()
  })
})

test.each([
  ['the development world', { CLOUDS: 'simulated' }, true],
  ['the real world', { CLOUDS: 'real' }, false],
  [
    'the real world where the operator allows it',
    { CLOUDS: 'real', BACKCHANNEL_ALLOW_PRIVATE: 'true' },
    true,
  ],
])(
  'in %s, whether an application on this machine hears stands in the audit log',
  async (_, settings, hears) => {
    const server = await ready({}, settings)
    let calls = 0
    const backchannelLogoutUri = await listenHere((_request, response) => {
      calls += 1
      response.end()
    })
    const visitor = await server.visit()
    await server.manage('PATCH', `/api/applications/${visitor.applicationId}`, {
      oidcClientMetadata: { redirectUris: [CALLBACK], postLogoutRedirectUris: [], backchannelLogoutUri },
    })
    await visitor.submit(await askForCode(visitor), { code: server.codeFor(INBOX) })
    await visitor.submit(await go(visitor, '/sign-in/create'), {})
    await visitor.submit(await visitor.open('/oidc/session/end'), {})
    await server.app.settled()
    expect(calls).toBe(hears ? 1 : 0)
    const query = new URLSearchParams({ applicationId: visitor.applicationId, logKey: 'BackchannelLogout' })
    const entries = await (await server.manage('GET', `/api/logs?${query}`)).json()
    expect(entries).toMatchObject([
      {
        payload: {
          ip: expect.any(String),
          result: hears ? 'Success' : 'Error',
          ...(!hears && { error: { message: expect.stringContaining('BACKCHANNEL_ALLOW_PRIVATE=true') } }),
        },
      },
    ])
  },
)
