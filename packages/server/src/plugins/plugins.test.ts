import type {
  AttemptEntry,
  CatalogEntry,
  ConnectorFactory,
  MessageEntry,
  Connector as WireConnector,
} from '@countersign/api'
import { expect, test } from 'vitest'
import { Browser } from '../testing/browser.ts'
import { type Launched, launch } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'
import { connectorsFolder, creatorSource, manifest } from './testing.ts'
import { httpGateway, smtpServer } from './testing-receivers.ts'

const ACCOUNT = { user: 'postmaster', pass: 'correct horse battery' }
const PHONE = '8613800138000'

const smtpConfig = (port: number, account = ACCOUNT) => ({
  host: '127.0.0.1',
  port,
  auth: { type: 'login', ...account },
  fromEmail: 'noreply@example.com',
  ignoreTLS: true,
  templates: ['SignIn', 'Register', 'ForgotPassword', 'Generic'].map(usageType => ({
    usageType,
    contentType: 'text/plain',
    subject: 'Your code',
    content: `${usageType}: {{code}}`,
  })),
})

/** A server with published packages beside our own connectors. */
async function launchWith(...names: string[]): Promise<Launched> {
  const folder = connectorsFolder()
  for (const name of names) folder.link(name.replace('/', '-'), name)
  return launch({ CONNECTORS_DIR: folder.path })
}

async function save(server: Launched, connectorId: string, config: object): Promise<WireConnector> {
  const answer = await server.manage('POST', '/api/connectors', { connectorId, config })
  const body = await answer.json()
  expect(answer.status, JSON.stringify(body)).toBe(200)
  return body as WireConnector
}

const send = (server: Launched, to: object) => server.manage('POST', '/api/verification-codes', to)

async function attempts(server: Launched): Promise<AttemptEntry[]> {
  const operator = await signInOperator(server.app)
  const messages = (await (await operator('GET', '/api/console/messages')).json()) as MessageEntry[]
  return messages.flatMap(message => message.attempts)
}

test('a code travels through the SMTP package and a real SMTP server, and is good', async () => {
  const { port, mails } = await smtpServer(ACCOUNT)
  const server = await launchWith('@logto/connector-smtp')
  await save(server, 'simple-mail-transfer-protocol', smtpConfig(port))
  const email = 'ada@example.com'
  expect((await send(server, { email })).status).toBe(204)
  expect(mails).toMatchObject([{ from: 'noreply@example.com', to: [email] }])
  const [, verificationCode] = /Generic: (\d{6})/.exec(mails[0]!.text)!
  const verified = await server.manage('POST', '/api/verification-codes/verify', { email, verificationCode })
  expect(verified.status).toBe(204)
  const [attempt] = await attempts(server)
  expect(attempt).toMatchObject({
    connector: 'simple-mail-transfer-protocol',
    state: 'accepted',
    ids: { messageId: expect.stringContaining('@example.com') },
  })
})

test("the SMTP package says what the operator's templates say, in a test too, and keeps its configuration", async () => {
  const { port, mails } = await smtpServer(ACCOUNT)
  const server = await launchWith('@logto/connector-smtp')
  const factory = 'simple-mail-transfer-protocol'
  const config = smtpConfig(port)
  await save(server, factory, config)
  const template = (languageTag: string, templateType: string, content: string) => ({
    languageTag,
    templateType,
    details: { subject: `Subject in ${languageTag}`, content, contentType: 'text/plain' },
  })
  const templates = [
    template('de', 'Generic', 'Allgemein {{code}}'),
    template('en', 'Generic', 'General {{code}}'),
    template('en', 'Register', 'Registering at {{application.name}} {{code}}'),
  ]
  expect((await server.manage('PUT', '/api/email-templates', { templates })).status).toBe(200)
  const email = 'ada@example.com'
  expect((await send(server, { email })).status).toBe(204)
  for (const locale of ['de', 'fr', undefined]) {
    const answer = await server.manage('POST', `/api/connectors/${factory}/test`, { email, config, locale })
    expect(answer.status).toBe(204)
  }
  const browser = new Browser(server.endpoint)
  await browser.authorize('demo-app', `${server.endpoint}/demo-app`, {})
  await browser.experience('PUT', '', { interactionEvent: 'Register' })
  await browser.experience('POST', '/verification/verification-code', {
    interactionEvent: 'Register',
    identifier: { type: 'email', value: 'grace@example.com' },
  })
  const said = mails.map(({ text }) =>
    text
      .split('\r\n\r\n')[1]
      ?.trim()
      .replace(/\d{6}$/, 'CODE'),
  )
  const general = 'General CODE'
  expect(said).toEqual([general, 'Allgemein CODE', general, general, 'Registering at Live Preview CODE'])
})

test('our own mail connector says in a test what the templates say', async () => {
  const server = await launch()
  await server.connect('aliyun-dm')
  const details = { subject: 'Votre code', content: '<b>Voici {{code}}</b>', sendFrom: 'Chez nous' }
  await server.manage('PUT', '/api/email-templates', {
    templates: [{ languageTag: 'fr', templateType: 'Generic', details }],
  })
  const [{ config }] = (await (await server.manage('GET', '/api/connectors')).json()) as [WireConnector]
  const body = { email: 'ada@example.com', config, locale: 'fr' }
  const answer = await server.manage('POST', '/api/connectors/aliyun-direct-mail/test', body)
  expect(answer.status).toBe(204)
  expect(JSON.stringify(server.clouds.inbox.messages())).toMatch(/Chez nous.*Voici/s)
})

test('a visitor registers with a code from a package', async () => {
  const { port, mails } = await smtpServer(ACCOUNT)
  const server = await launchWith('@logto/connector-smtp')
  await save(server, 'simple-mail-transfer-protocol', smtpConfig(port))
  await server.manage('PATCH', '/api/sign-in-exp', {
    signUp: { identifiers: ['email'], password: false, verify: true },
    signIn: {
      methods: [{ identifier: 'email', password: false, verificationCode: true, isPasswordPrimary: false }],
    },
  })
  const browser = await server.visit()
  await browser.experience('PUT', '', { interactionEvent: 'Register' })
  const identifier = { type: 'email', value: 'grace@example.com' }
  const sent = await browser.experience('POST', '/verification/verification-code', {
    interactionEvent: 'Register',
    identifier,
  })
  expect(sent.status).toBe(200)
  const [, code] = /Register: (\d{6})/.exec(mails[0]!.text)!
  const verified = await browser.experience('POST', '/verification/verification-code/verify', {
    identifier,
    verificationId: sent.json.verificationId,
    code,
  })
  expect(verified.status).toBe(200)
})

test('the HTTP packages post recipient, usage type, payload and caller to a gateway', async () => {
  const gateway = await httpGateway(() => ({ status: 200, body: '{}' }))
  const server = await launchWith('@logto/connector-http-sms', '@logto/connector-http-email')
  const config = { endpoint: gateway.endpoint, authorization: 'Bearer sesame-sesame' }
  await save(server, 'http-sms', config)
  await save(server, 'http-email', config)
  await send(server, { phone: PHONE })
  await send(server, { email: 'ada@example.com' })
  const code = expect.stringMatching(/^\d{6}$/)
  expect(gateway.posted).toMatchObject([
    { authorization: 'Bearer sesame-sesame', body: { to: PHONE, type: 'Generic', payload: { code } } },
    { body: { to: 'ada@example.com', type: 'Generic', payload: { code } } },
  ])
  expect(gateway.posted[0]!.body.ip).toMatch(/127\.0\.0\.1|::1/)
})

test('a test is sent with a configuration that is not saved', async () => {
  const gateway = await httpGateway(() => ({ status: 200, body: '{}' }))
  const server = await launchWith('@logto/connector-http-sms')
  const path = '/api/connectors/http-sms/test'
  const config = { endpoint: gateway.endpoint }
  expect((await server.manage('POST', path, { phone: PHONE, config, locale: 'de' })).status).toBe(204)
  expect(gateway.posted[0]!.body).toMatchObject({
    type: 'Generic',
    payload: { code: '000000', locale: 'de' },
  })
  expect(await (await server.manage('POST', path, { email: 'a@b.cc', config })).json()).toMatchObject({
    code: 'connector.unexpected_type',
  })
  expect(await (await server.manage('GET', '/api/connectors')).json()).toEqual([])
})

test('a package is offered in the API with its own words, form and logo', async () => {
  const server = await launchWith('@logto/connector-smtp')
  const all = (await (await server.manage('GET', '/api/connector-factories')).json()) as ConnectorFactory[]
  expect(all.map(({ id }) => id)).toEqual([
    'aliyun-short-message-service',
    'aliyun-short-message-auth-service',
    'aliyun-direct-mail',
    'tencent-short-message-service',
    'simple-mail-transfer-protocol',
  ])
  const one = await server.manage('GET', '/api/connector-factories/simple-mail-transfer-protocol')
  const factory = (await one.json()) as ConnectorFactory
  expect(factory).toEqual(all.at(-1))
  expect(factory).toMatchObject({ type: 'Email', target: 'smtp', platform: null, isDemo: false })
  expect(factory.logo).toMatch(/^data:image\/svg\+xml;base64,/)
  expect(factory.formItems).toContainEqual(
    expect.objectContaining({ key: 'host', type: 'Text', required: true }),
  )
})

test('a package is offered in the console with its form, its guide and where it comes from', async () => {
  const server = await launchWith('@logto/connector-smtp')
  const operator = await signInOperator(server.app)
  const catalog = (await (await operator('GET', '/api/console/catalog')).json()) as CatalogEntry[]
  expect(catalog.slice(0, -1).map(entry => entry.package)).toEqual(Array(4).fill(undefined))
  expect(catalog.at(-1)).toMatchObject({
    id: 'simple-mail-transfer-protocol',
    package: '@logto/connector-smtp',
    channel: 'email',
    connectionId: null,
  })
  expect(catalog.at(-1)!.fields.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['text', 'number', 'json', 'switch']),
  )
  expect(catalog.at(-1)!.guides.en).toContain('SMTP')
})

test('a configuration that the package refuses is not saved, and the wrong members are named', async () => {
  const server = await launchWith('@logto/connector-smtp')
  const config = { ...smtpConfig(25), port: 'twenty-five' }
  const answer = await server.manage('POST', '/api/connectors', {
    connectorId: 'simple-mail-transfer-protocol',
    config,
  })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({
    code: 'connector.invalid_config',
    data: { name: 'ZodError', issues: [{ code: 'invalid_type', path: ['port'] }] },
  })
})

test("a package's connection takes the place of ours, and the other way round", async () => {
  const server = await launchWith('@logto/connector-http-sms')
  await server.connect('aliyun-sms')
  await save(server, 'http-sms', { endpoint: 'http://127.0.0.1:1/' })
  const list = async () =>
    ((await (await server.manage('GET', '/api/connectors')).json()) as WireConnector[]).map(
      ({ connectorId }) => connectorId,
    )
  expect(await list()).toEqual(['http-sms'])
  await server.connect('aliyun-sms')
  expect(await list()).toEqual(['aliyun-short-message-service'])
})

test('a gateway that refuses is told as a failure, with its words for operators and none of the secrets', async () => {
  const gateway = await httpGateway(() => ({
    status: 400,
    body: '{"error":"no credit for Bearer sesame-sesame"}',
  }))
  const server = await launchWith('@logto/connector-http-sms')
  await save(server, 'http-sms', { endpoint: gateway.endpoint, authorization: 'Bearer sesame-sesame' })
  const answer = await send(server, { phone: PHONE })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ code: 'connector.general', data: { failure: 'unrecognized' } })
  const [attempt] = await attempts(server)
  expect(attempt).toMatchObject({ state: 'failed', providerCode: 'general' })
  expect(JSON.stringify(attempt)).not.toContain('sesame')
  expect(server.log.join()).not.toContain('sesame')
  const { code } = gateway.posted[0]!.body.payload
  expect(JSON.stringify(attempt) + server.log.join()).not.toContain(code)
})

test('a wrong password at the mail server is told without the password', async () => {
  const { port } = await smtpServer(ACCOUNT)
  const server = await launchWith('@logto/connector-smtp')
  const operator = await signInOperator(server.app)
  const config = smtpConfig(port, { user: 'postmaster', pass: 'wrong horse' })
  const answer = await operator('POST', '/api/console/catalog/simple-mail-transfer-protocol/test', {
    to: 'ada@example.com',
    config,
  })
  const story = await answer.text()
  expect(JSON.parse(story)).toMatchObject({
    delivered: false,
    providerCode: 'general',
    maybeSent: false,
    answer: { body: expect.stringContaining('may not come in') },
  })
  expect(story).not.toContain('wrong horse')
})

test('a gateway that never answers leaves the message unconfirmed and its code good', async () => {
  const gateway = await httpGateway(() => undefined)
  const server = await launchWith('@logto/connector-http-sms')
  await save(server, 'http-sms', { endpoint: gateway.endpoint })
  const answer = await send(server, { phone: PHONE })
  expect([answer.status, answer.headers.get('countersign-delivery')]).toEqual([204, 'unconfirmed'])
  expect(gateway.posted).toHaveLength(1)
  const verified = await server.manage('POST', '/api/verification-codes/verify', {
    phone: PHONE,
    verificationCode: gateway.posted[0]!.body.payload.code,
  })
  expect(verified.status).toBe(204)
  expect(await attempts(server)).toMatchObject([{ state: 'unconfirmed', failure: 'unreachable' }])
})

test('where nobody listens, nothing was sent', async () => {
  const server = await launchWith('@logto/connector-http-email')
  await save(server, 'http-email', { endpoint: 'http://127.0.0.1:1/' })
  const answer = await send(server, { email: 'ada@example.com' })
  expect(answer.status).toBe(400)
  expect(await attempts(server)).toMatchObject([{ state: 'failed' }])
})

/** The kit's error as a package with a kit of its own throws it: another class of the same shape. */
const kitError = `class ConnectorError extends Error {
  constructor(code, data) { super('refused'); this.code = code; this.data = data }
}`

test.each([
  ["throw new ConnectorError('rate_limit_exceeded')", 429, 'connector.rate_limit_exceeded', 'rate_limited'],
  [
    "throw new ConnectorError('usage_limit_exceeded')",
    429,
    'connector.usage_limit_exceeded',
    'balance_exhausted',
  ],
  ["throw new ConnectorError('template_not_found')", 400, 'connector.template_not_found', 'message_rejected'],
  ["throw new ConnectorError('invalid_config', {})", 400, 'connector.general', 'credentials_rejected'],
  ["throw new ConnectorError('general', 'no')", 400, 'connector.general', 'unrecognized'],
])('what a package means by %s is told as %i %s', async (source, status, code, failure) => {
  const folder = connectorsFolder()
  folder.write('a', {
    'package.json': manifest(),
    'lib/index.js': `${creatorSource({ before: kitError, send: source })}\nexport default createConnector\n`,
  })
  const server = await launch({ CONNECTORS_DIR: folder.path })
  await save(server, 'made-for-tests', { key: 'k' })
  const answer = await send(server, { phone: PHONE })
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject({ code, data: { failure } })
})

test.each([
  ["throw new TypeError('a bug')"],
  ["throw new ConnectorError('invalid_response')"],
  ["throw 'not even an error'"],
])('after %s the message may have gone out, so it is not sent again', async source => {
  const folder = connectorsFolder()
  folder.write('a', {
    'package.json': manifest(),
    'lib/index.js': `${creatorSource({ before: kitError, send: source })}\nexport default createConnector\n`,
  })
  const server = await launch({ CONNECTORS_DIR: folder.path })
  await save(server, 'made-for-tests', { key: 'k' })
  expect((await send(server, { phone: PHONE })).status).toBe(204)
  expect(await attempts(server)).toMatchObject([{ state: 'unconfirmed', failure: 'provider_fault' }])
})

test('of two packages with one id the second is skipped with a line in the log, and ours stay', async () => {
  const folder = connectorsFolder()
  folder.link('a', '@logto/connector-http-sms')
  folder.link('b', '@logto/connector-http-sms')
  folder.link('c', '@logto/connector-aliyun-sms')
  const server = await launch({ CONNECTORS_DIR: folder.path })
  const skipped = server.log.map(line => JSON.parse(line)).filter(({ event }) => /skipped/.test(event))
  expect(skipped).toMatchObject([
    { package: '@logto/connector-http-sms', error: expect.stringContaining('"http-sms" is taken') },
    { package: '@logto/connector-aliyun-sms', error: expect.stringContaining('our own aliyun-sms') },
  ])
  const answer = await server.manage('GET', '/api/connector-factories')
  expect(await answer.json()).toHaveLength(5)
})
