import { argon2Sync, createHash, pbkdf2Sync } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openMoveIn } from '@countersign/server/move-in'
import { ADMIN, type Launched } from '@countersign/server/testing/launch'
import { onTestFinished } from 'vitest'
import { KINDS, type KindName } from './outcome.ts'
import { type SourceWorld, sourceWorld } from './requests.ts'
import { beginMove, emptyResult, type KindResult, moveKind } from './run.ts'
import { openSource } from './source.ts'

/** The key of servers that tests launch. */
export const KEY = { SECRET_KEY: '11'.repeat(32) }

const RESOURCE = 'https://default.logto.app/api'

/** What stands between the import and the Logto that it reads. */
export interface Front {
  endpoint: string
  /** Every request so far, as `GET /api/users?page=1`. */
  requests: string[]
  /** Answers in the Logto's place, or ends the connection; undefined lets the request through. */
  instead?: (path: string, count: number, response: ServerResponse) => boolean
  /** Changes what the Logto answered. */
  rewrite?: (path: string, body: unknown) => unknown
}

/** Opens a front before a server, for the running test. */
export async function openFront(server: Pick<Launched, 'endpoint'>): Promise<Front> {
  const front: Front = { endpoint: '', requests: [] }
  const listener = createServer(async (request, response) => {
    const path = request.url ?? ''
    front.requests.push(`${request.method} ${path}`)
    if (front.instead?.(path, front.requests.length, response)) return
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { authorization = '', 'content-type': type } = request.headers
    const answer = await fetch(server.endpoint + path, {
      method: request.method!,
      headers: { authorization, ...(type && { 'content-type': type }) },
      ...(request.method !== 'GET' && { body: Buffer.concat(chunks) }),
    })
    const text = await answer.text()
    const body = front.rewrite && answer.ok ? JSON.stringify(front.rewrite(path, JSON.parse(text))) : text
    const total = answer.headers.get('total-number')
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'text/plain',
      ...(total !== null && { 'total-number': total }),
    })
    response.end(body)
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  front.endpoint = `http://localhost:${(listener.address() as AddressInfo).port}`
  onTestFinished(async () => {
    listener.closeAllConnections()
    await new Promise(resolve => listener.close(resolve))
  })
  return front
}

/** A world in which waiting takes no time; what was waited, in milliseconds, goes to the list. */
export const patient = (waits: number[] = []): SourceWorld => ({
  ...sourceWorld(),
  sleep: async milliseconds => void waits.push(milliseconds),
})

/** The options for a server of these tests. */
export const optionsFor = (
  from: string,
  change: Partial<{ clientId: string; clientSecret: string }> = {},
) => ({
  from,
  clientId: ADMIN.id,
  clientSecret: ADMIN.secret,
  resource: RESOURCE,
  ...change,
})

export interface Moved {
  results: Record<KindName, KindResult>
  /** What ended it early. */
  error?: Error
}

/** Imports as the command does, without printing. */
export async function moveIn(
  from: string,
  env: Record<string, string>,
  { trial = false, overwrite = false, kinds = KINDS as readonly KindName[], world = patient() } = {},
): Promise<Moved> {
  const source = await openSource(optionsFor(from), world)
  const here = await openMoveIn({ ...KEY, ...env }, { trial, write: () => {} })
  const results = Object.fromEntries(KINDS.map(kind => [kind, emptyResult(kind)])) as Moved['results']
  try {
    const move = await beginMove({ source, here, resource: RESOURCE, trial, overwrite })
    for (const kind of kinds) await moveKind(move, results[kind], () => {})
    return { results }
  } catch (error) {
    return { results, error: error as Error }
  } finally {
    await here.close()
  }
}

/** The counts that are not zero. */
export const countsOf = ({ counts }: KindResult) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))

/** Calls a server's Management API and expects it to agree. */
export async function call<T = Record<string, unknown>>(
  server: Launched,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await server.manage(method, path, body)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text) as T
}

const argon = (kind: 'argon2i' | 'argon2id' | 'argon2d', password: string) => {
  const nonce = Buffer.from('salt of sixteen.')
  const tag = argon2Sync(kind, {
    message: password,
    nonce,
    memory: 64,
    passes: 2,
    parallelism: 1,
    tagLength: 32,
  })
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  return `$${kind}$v=19$m=64,t=2,p=1$${text(nonce)}$${text(tag)}`
}
const hex = (algorithm: string, password: string) => createHash(algorithm).update(password).digest('hex')

/** One user for each kind of hash: username, password, algorithm, digest. */
export const HASHED = [
  ['argon_i', 'pass word 1', 'Argon2i', argon('argon2i', 'pass word 1')],
  ['argon_id', 'pass word 2', 'Argon2id', argon('argon2id', 'pass word 2')],
  ['argon_d', 'pass word 3', 'Argon2d', argon('argon2d', 'pass word 3')],
  ['sha_1', 'pass word 4', 'SHA1', hex('sha1', 'pass word 4')],
  ['sha_256', 'pass word 5', 'SHA256', hex('sha256', 'pass word 5')],
  ['md_5', 'pass word 6', 'MD5', hex('md5', 'pass word 6')],
  // Published with the reference implementation.
  ['bcrypt', 'U*U', 'Bcrypt', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  [
    'legacy',
    'pass word 7',
    'Legacy',
    JSON.stringify(['sha256', ['salt', '@'], hex('sha256', 'saltpass word 7')]),
  ],
  [
    'pbkdf',
    'pass word 8',
    'Legacy',
    JSON.stringify([
      'pbkdf2',
      ['salt', '1000', '20', 'sha512', '@'],
      pbkdf2Sync('pass word 8', 'salt', 1000, 20, 'sha512').toString('hex'),
    ]),
  ],
] as const

/** Settings that differ from those of a new installation. */
export const SETTINGS = {
  color: { primaryColor: '#123456', isDarkModeEnabled: true, darkPrimaryColor: '#abcdef' },
  languageInfo: { autoDetect: false, fallbackLanguage: 'fr' },
  termsOfUseUrl: 'https://example.com/terms',
  signUp: { identifiers: ['phone'], password: false, verify: true },
  signIn: {
    methods: [
      { identifier: 'phone', password: true, verificationCode: true, isPasswordPrimary: false },
      { identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true },
    ],
  },
  forgotPasswordMethods: ['PhoneVerificationCode'],
  verificationCodePolicy: { expirationDuration: 300 },
  passwordPolicy: { length: { min: 9 } },
}

export interface Filled {
  /** Ids of the applications by name, and their secrets. */
  applications: Record<string, { id: string; secret: string }>
  /** Ids of users by username. */
  users: Record<string, string>
}

/** Fills a server that plays Logto with something of everything. */
export async function fill(server: Launched): Promise<Filled> {
  await server.connect('aliyun-sms')
  await server.connect('aliyun-dm')
  await call(server, 'PUT', '/api/custom-phrases/fr', { action: { sign_in: 'Connexion' } })
  await call(server, 'PUT', '/api/email-templates', {
    templates: [
      { languageTag: 'en', templateType: 'Generic', details: { subject: 'Code', content: '{{code}}' } },
      { languageTag: 'fr', templateType: 'SignIn', details: { subject: 'Le code', content: '{{code}}' } },
    ],
  })
  await call(server, 'PATCH', '/api/sign-in-exp', SETTINGS)
  const { id: resourceId } = await call<{ id: string }>(server, 'POST', '/api/resources', {
    name: 'Orders',
    indicator: 'https://orders.example.com',
    accessTokenTtl: 600,
  })
  await call(server, 'POST', `/api/resources/${resourceId}/scopes`, { name: 'read', description: 'Read' })
  await call(server, 'PATCH', `/api/resources/${resourceId}/is-default`, { isDefault: true })

  const applications: Filled['applications'] = {}
  for (const [name, type] of [
    ['Shop', 'Traditional'],
    ['Phone', 'Native'],
    ['Page', 'SPA'],
    ['Robot', 'MachineToMachine'],
    ['Janitor', 'MachineToMachine'],
  ]) {
    const { id } = await call<{ id: string }>(server, 'POST', '/api/applications', {
      name,
      type,
      oidcClientMetadata: { redirectUris: ['https://shop.example.com/cb'], postLogoutRedirectUris: [] },
      customData: { of: name },
    })
    const secrets = await call<{ value: string }[]>(server, 'GET', `/api/applications/${id}/secrets`)
    applications[name!] = { id, secret: secrets[0]?.value ?? '' }
  }
  const robot = `/api/applications/${applications.Robot!.id}`
  const [role] = await call<{ id: string }[]>(server, 'GET', '/api/roles?type=MachineToMachine')
  await call(server, 'POST', `${robot}/roles`, { roleIds: [role!.id] })
  await call(server, 'POST', `${robot}/secrets`, { name: 'second', expiresAt: Date.now() + 86_400_000 })

  const users: Filled['users'] = {}
  for (const [index, [username, , passwordAlgorithm, passwordDigest]] of HASHED.entries())
    users[username] = (
      await call<{ id: string }>(server, 'POST', '/api/users', {
        username,
        passwordAlgorithm,
        passwordDigest,
        primaryPhone: `861380013${8100 + index}`,
        primaryEmail: `${username}.Mail@example.com`,
        name: `Name of ${username}`,
        customData: { plan: index },
        profile: { nickname: username, address: { country: 'CN' } },
      })
    ).id
  users.own = (
    await call<{ id: string }>(server, 'POST', '/api/users', { username: 'own', password: 'pass word 9' })
  ).id
  await call(server, 'PATCH', `/api/users/${users.sha_1}/is-suspended`, { isSuspended: true })
  return { applications, users }
}
