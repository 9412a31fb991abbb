import { registerApplication } from '../../e2e/ready.ts'
import { CLOUDS } from '../../packages/cli/src/cloud.ts'
import { type Management, managementAt } from '../../packages/cli/src/management.ts'
import type { Product } from '../../packages/cli/src/product.ts'
import type { RegisteredApplication } from '../../packages/cli/src/visitor.ts'
import { Browser } from '../../packages/server/src/testing/browser.ts'
import { sampleSettings } from '../../packages/simulators/src/index.ts'
import type { Chance } from '../chance.ts'
import type { Auth, Place } from './places.ts'

/** Who sends requests, by what they carry. */
export const ROLES = ['stranger', 'visitor', 'user', 'machine', 'operator'] as const
export type Role = (typeof ROLES)[number]

/** Somebody who sends requests, and what they know of the product. */
export interface Actor {
  role: Role
  ports: Readonly<Record<Place['port'], number>>
  /** What they carry to a place. */
  headers(place: Place): [string, string][]
  /** Ids that could stand for a parameter of a path. */
  known(parameter: string, path: string): readonly string[]
  /** Texts that the product has seen before: numbers, addresses, passwords, ids. */
  words(): readonly string[]
  /** Puts the application's id and a token where a form names them. */
  fill(form: string): string
}

/** Everybody at one product. */
export interface Cast {
  actor(role: Role): Actor
  /** Remembers the ids that an answer names. */
  learn(place: Place, body: string): void
  /** Lets everybody show who they are anew; what they had may be spent, expired, signed out or deleted. */
  renew(): Promise<void>
  /** Texts that must never stand in an answer to somebody. */
  secretsFrom(role: Role): readonly string[]
}

const PASSWORD = 'anemone-quartz-42'

/** No request knows it: whoever changed it would lock everybody out. */
const OPERATOR = { name: 'Wen', password: 'gentian-marble-57' }
const USER = { phone: '13800138000', email: 'ada@example.com', username: 'ada' }
const WORDS: readonly string[] = [
  ...Object.values(USER),
  '8613800138000',
  PASSWORD,
  '123456',
  'SignIn',
  'zh-CN',
]

/** So many ids of one collection are remembered; the newest stand for all. */
const REMEMBERED = 40

/** What the clouds gave the operator to sign with. */
const CLOUD_KEYS = CLOUDS.map(({ id }) => String(sampleSettings[id].accessKeySecret))

/** Who is let in where, by what the place asks for. */
export const RIGHTFUL: Readonly<Record<Auth, Role>> = {
  none: 'stranger',
  interaction: 'visitor',
  account: 'user',
  management: 'machine',
  operator: 'operator',
}

/** What everybody carries now. */
interface Held {
  cookies: Browser['cookies']
  user: string
  machine: string
  operator: string
  application: RegisteredApplication
}

async function tokenOf(endpoint: string, body: Record<string, string>): Promise<string> {
  const answer = await fetch(`${endpoint}/oidc/token`, { method: 'POST', body: new URLSearchParams(body) })
  return ((await answer.json()) as { access_token?: string }).access_token ?? ''
}

const CALLBACK = 'http://localhost:9/callback'

/** Signs the user in by password, as the Experience API lets everybody. Returns an access token of theirs. */
async function signInUser(endpoint: string, application: RegisteredApplication): Promise<string> {
  const browser = new Browser(endpoint)
  await browser.authorize(application.id, CALLBACK, {})
  await browser.experience('PUT', '', { interactionEvent: 'SignIn' })
  const proven = await browser.experience('POST', '/verification/password', {
    identifier: { type: 'username', value: USER.username },
    password: PASSWORD,
  })
  await browser.experience('POST', '/identification', { verificationId: proven.json?.verificationId })
  const { json } = await browser.experience('POST', '/submit')
  if (!json?.redirectTo) return ''
  await browser.open(String(json.redirectTo))
  return tokenOf(endpoint, {
    grant_type: 'authorization_code',
    code: browser.leftTo?.searchParams.get('code') ?? '',
    redirect_uri: CALLBACK,
    code_verifier: 'verifier-of-test-verifier-of-test-verifier-of-test',
    client_id: application.id,
    client_secret: application.secret,
  })
}

async function operatorSession({ consoleUrl, firstLink }: Product): Promise<string> {
  const post = (path: string, body: object) =>
    fetch(`${consoleUrl}/api/console/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const signedIn = await post('session', OPERATOR)
  const answer = signedIn.ok
    ? signedIn
    : await post('first-operator', {
        token: new URL(firstLink ?? consoleUrl).hash.replace('#token=', ''),
        ...OPERATOR,
      })
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

/** A program of its own that may manage everything; a request may have taken that from the one before. */
async function newMachine(manage: Management): Promise<{ client_id: string; client_secret: string }> {
  const { body } = await manage('POST', '/api/applications', { name: 'Robot', type: 'MachineToMachine' })
  const id = String(body.id)
  await manage('POST', `/api/applications/${id}/roles`, { roleIds: ['management-api-access'] })
  const secrets = await manage<{ value: string }[]>('GET', `/api/applications/${id}/secrets`)
  return { client_id: id, client_secret: secrets.body[0]!.value }
}

/** An address of a network of its own, which the server believes, as it trusts the proxy that we are. */
const address = (chance: Chance) => `${11 + chance.below(80)}.${chance.below(256)}.${chance.below(256)}.7`

/**
 * Everybody at one product, with an account, an application, tokens and a session.
 *
 * @example const cast = await gather(product, chance)
 */
export async function gather(product: Product, chance: Chance): Promise<Cast> {
  const { endpoint, installation } = product
  const ids = new Map<string, string[]>()
  // Who manages the product may read these; nobody else may. None of them is ever sent.
  const kept = [OPERATOR.password, installation.client.secret, ...CLOUD_KEYS]
  const held = await renewed()

  async function renewed(): Promise<Held> {
    const operator = await operatorSession(product)
    // As an operator, whom no request can take the right to.
    const manage = managementAt(product.consoleUrl, { cookie: operator })
    // What a request deleted a moment ago is needed again; what is there is refused and stays.
    await manage('POST', '/api/users', {
      username: USER.username,
      password: PASSWORD,
      primaryEmail: USER.email,
      primaryPhone: `86${USER.phone}`,
    })
    for (const { id, factoryId } of CLOUDS)
      await manage('POST', '/api/connectors', { connectorId: factoryId, config: sampleSettings[id] })
    const application = await registerApplication(manage, CALLBACK)
    const browser = new Browser(endpoint)
    await browser.authorize(application.id, CALLBACK, {})
    await browser.experience('PUT', '', { interactionEvent: 'SignIn' })
    return {
      application,
      cookies: browser.cookies,
      user: await signInUser(endpoint, application),
      machine: await tokenOf(endpoint, {
        grant_type: 'client_credentials',
        ...(await newMachine(manage)),
        resource: 'https://default.logto.app/api',
        scope: 'all',
      }),
      operator,
    }
  }

  function carried(role: Role, place: Place): [string, string][] {
    if (role === 'visitor') {
      const sent = [...held.cookies.values()].filter(({ path }) => place.path.startsWith(path))
      return [
        ['Cookie', sent.map(({ name, value }) => `${name}=${value}`).join('; ')],
        ['logto-app-id', held.application.id],
      ]
    }
    if (role === 'operator') return [['Cookie', held.operator]]
    return role === 'stranger' ? [] : [['Authorization', `Bearer ${held[role]}`]]
  }

  return {
    secretsFrom: role => (role === 'machine' || role === 'operator' ? [OPERATOR.password] : kept),
    actor: role => ({
      role,
      ports: { public: installation.ports.public, console: installation.ports.console },
      headers: place => [...carried(role, place), ['X-Forwarded-For', address(chance)]],
      known: (parameter, path) => ids.get(path.slice(0, path.indexOf(`{${parameter}}`))) ?? [],
      words: () => WORDS,
      fill: form =>
        form
          .replaceAll(/%7Bapplication%7D/g, held.application.id)
          .replaceAll(/%7Btoken%7D/g, role === 'machine' || role === 'user' ? held[role] : 'nobody'),
    }),
    learn({ path }, body) {
      const all = ids.get(`${path}/`) ?? []
      for (const [, id] of body.matchAll(/"(?:id|name|languageTag|tag|key|value)":"([\w.@+ -]{1,60})"/g))
        if (!all.includes(id!)) all.push(id!)
      ids.set(`${path}/`, all.slice(-REMEMBERED))
    },
    renew: async () => void Object.assign(held, await renewed()),
  }
}
