import { expect, test } from 'vitest'
import { eachServerDatabase } from './db/testing.ts'
import { Browser } from './testing/browser.ts'
import { type Launched, launch } from './testing/launch.ts'
import { byPhone } from './testing/visitor.ts'

const MANAGEMENT_API = 'https://default.logto.app/api'

interface Change {
  what: string
  /** Asks the second node, which thereby remembers how things are. */
  look(two: Launched): Promise<unknown>
  /** What the first node is told, and what the second says from then on. */
  steps: [act: (one: Launched) => Promise<unknown>, seen: unknown][]
}

/** A call that must succeed. */
async function call(server: Launched, method: string, path: string, body?: unknown) {
  const answer = await server.manage(method, path, body)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return text ? JSON.parse(text) : undefined
}

/** What anybody may ask. */
// biome-ignore lint/suspicious/noExplicitAny: each look knows what it asks for
async function json(server: Launched, path: string): Promise<any> {
  return (await fetch(`${server.endpoint}${path}`)).json()
}

/** What a machine's secret gets at a node: a token, or the status of its refusal. */
async function tokenAt(server: Launched, { id, secret }: { id: string; secret: string }, resource: string) {
  const answer = await fetch(`${server.endpoint}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
      resource,
    }),
  })
  const { access_token } = (await answer.json()) as { access_token?: string }
  return access_token ? ('a token' as const) : answer.status
}

async function machineOf(one: Launched) {
  const { id } = await call(one, 'POST', '/api/applications', { name: 'machine', type: 'MachineToMachine' })
  const [{ value }] = await call(one, 'GET', `/api/applications/${id}/secrets`)
  return { id: id as string, secret: value as string }
}

const CHANGES: Change[] = [
  {
    what: 'who may sign in',
    look: async two => (await json(two, '/api/.well-known/sign-in-exp')).signInMode,
    steps: [
      [one => call(one, 'PATCH', '/api/sign-in-exp', { signInMode: 'SignIn' }), 'SignIn'],
      [one => call(one, 'PATCH', '/api/sign-in-exp', { signInMode: 'Register' }), 'Register'],
    ],
  },
  {
    what: 'which pages users have for their account',
    look: async two => (await json(two, '/api/.well-known/account-center')).enabled,
    steps: [
      [one => call(one, 'PATCH', '/api/account-center', { enabled: true }), true],
      [one => call(one, 'PATCH', '/api/account-center', { enabled: false }), false],
    ],
  },
  {
    what: 'a connection',
    look: async two => (await call(two, 'GET', '/api/connectors')).map((each: { type: string }) => each.type),
    steps: [
      [one => one.connect('aliyun-dm'), ['Email']],
      [
        async one => {
          const [{ id }] = await call(one, 'GET', '/api/connectors')
          await call(one, 'DELETE', `/api/connectors/${id}`)
        },
        [],
      ],
    ],
  },
  {
    what: 'which of two connections of a channel comes first',
    look: async two =>
      (await call(two, 'GET', '/api/connectors')).map((each: { target: string }) => each.target),
    steps: [
      [one => one.connect('aliyun-sms'), ['aliyun-sms']],
      [one => one.connect('tencent-sms'), ['tencent-sms']],
      [
        async one => {
          const all = await call(one, 'GET', '/api/connections')
          const { id } = all.find((each: { enabled: boolean }) => !each.enabled)
          await call(one, 'PATCH', `/api/connections/${id}`, { enabled: true })
          const ids = all.map((each: { id: string }) => each.id).reverse()
          await call(one, 'PUT', '/api/connections/order', { channel: 'sms', ids })
        },
        ['aliyun-sms'],
      ],
      [
        async one => {
          for (const { id } of await call(one, 'GET', '/api/connections'))
            await call(one, 'DELETE', `/api/connections/${id}`)
        },
        [],
      ],
    ],
  },
  {
    what: 'what pages say',
    look: async two => (await json(two, '/api/.well-known/phrases?lng=en')).translation.action.sign_in,
    steps: [
      [one => call(one, 'PUT', '/api/custom-phrases/en', { action: { sign_in: 'Enter' } }), 'Enter'],
      [one => call(one, 'PUT', '/api/custom-phrases/en', { action: { sign_in: 'Come in' } }), 'Come in'],
    ],
  },
  {
    what: 'the signing keys',
    look: async two => (await json(two, '/oidc/jwks')).keys.length,
    steps: [
      [one => call(one, 'POST', '/api/configs/oidc/private-keys/rotate'), 2],
      [
        async one => {
          const [{ id }] = await call(one, 'GET', '/api/configs/oidc/private-keys')
          await call(one, 'DELETE', `/api/configs/oidc/private-keys/${id}`)
        },
        1,
      ],
    ],
  },
  {
    what: 'how long sessions live',
    look: async two => (await call(two, 'GET', '/api/configs/oidc/session')).ttl,
    steps: [[one => call(one, 'PATCH', '/api/configs/oidc/session', { ttl: 4711 }), 4711]],
  },
]

eachServerDatabase('what one node has changed', fresh => {
  async function launchTwo(): Promise<[Launched, Launched]> {
    const settings = await fresh()
    const one = await launch(settings)
    return [one, await launch({ ...settings, ENDPOINT: one.endpoint })]
  }

  test('is what the next request at another goes by: settings, connections, texts and keys', async () => {
    const [one, two] = await launchTwo()
    await one.connect('aliyun-sms')
    await call(one, 'PATCH', '/api/sign-in-exp', byPhone)
    await call(one, 'PATCH', '/api/sign-in-exp', { forgotPasswordMethods: [] })
    const sms = (await call(one, 'GET', '/api/connectors'))[0]
    await call(one, 'DELETE', `/api/connectors/${sms.id}`)
    for (const { what, look, steps } of CHANGES) {
      // Twice, so that the second answer comes from memory.
      await look(two)
      let before = await look(two)
      for (const [act, seen] of steps) {
        expect(before, what).not.toEqual(seen)
        await act(one)
        before = await look(two)
        expect(before, what).toEqual(seen)
      }
    }
  })

  test('ends what secrets, applications, rights and APIs opened there', async () => {
    const [one, two] = await launchTwo()
    const machine = await machineOf(one)
    const indicator = 'https://shop.example.com/api'
    expect(await tokenAt(two, machine, indicator)).toBe(400)
    const { id } = await call(one, 'POST', '/api/resources', { name: 'shop', indicator })
    expect(await tokenAt(two, machine, indicator)).toBe('a token')
    await call(one, 'DELETE', `/api/resources/${id}`)
    expect(await tokenAt(two, machine, indicator)).toBe(400)

    expect(await tokenAt(two, machine, MANAGEMENT_API)).toBe('a token')
    const [secret] = await call(one, 'GET', `/api/applications/${machine.id}/secrets`)
    await call(one, 'DELETE', `/api/applications/${machine.id}/secrets/${encodeURIComponent(secret.name)}`)
    expect(await tokenAt(two, machine, MANAGEMENT_API)).toBe(401)

    const other = await machineOf(one)
    expect(await tokenAt(two, other, MANAGEMENT_API)).toBe('a token')
    await call(one, 'DELETE', `/api/applications/${other.id}`)
    expect(await tokenAt(two, other, MANAGEMENT_API)).toBe(400)

    // The token stays good for an hour; the right that it was given for does not.
    expect((await two.manage('GET', '/api/applications')).status).toBe(200)
    expect((await two.manage('GET', '/api/applications')).status).toBe(200)
    await one.app.applications.update('bootstrap-client', { isAdmin: false })
    expect((await two.manage('GET', '/api/applications')).status).toBe(403)
  })

  test('ends interactions whose cookie only a deleted key had signed', async () => {
    const [one, two] = await launchTwo()
    const visitor = await one.visit()
    const there = new Browser(two.endpoint)
    for (const [key, cookie] of visitor.cookies) there.cookies.set(key, cookie)
    const start = () => there.experience('PUT', '', { interactionEvent: 'SignIn' })
    expect((await start()).status).toBe(204)
    await call(one, 'POST', '/api/configs/oidc/cookie-keys/rotate', { rotationGracePeriod: 0 })
    for (const node of [one, two]) node.wait(11_000)
    expect((await start()).status).toBe(204)
    const keys = await call(one, 'GET', '/api/configs/oidc/cookie-keys')
    await call(one, 'DELETE', `/api/configs/oidc/cookie-keys/${keys.at(-1).id}`)
    expect(await start()).toMatchObject({ status: 400, json: { code: 'session.not_found' } })
  })
})
