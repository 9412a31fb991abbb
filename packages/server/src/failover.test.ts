import type { MessageEntry } from '@countersign/api'
import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { eachServerDatabase } from './db/testing.ts'
import { call, callWithHeaders, code } from './testing/calls.ts'
import { type Launched, launch } from './testing/launch.ts'
import { signInOperator } from './testing/operator.ts'

const ALIYUN = 'aliyun-short-message-service'
const TENCENT = 'tencent-short-message-service'
const aliyun = sampleSettings['aliyun-sms']
/** The simulated clouds send any number of messages to it and to the next ones. */
const NUMBER = 8_613_800_138_000
const GERMAN = '4915112345678'

async function add(server: Launched, connectorId: string, config: object, more: object = {}) {
  const made = await call(server, 'POST', '/api/connections', { connectorId, config, ...more })
  expect(made.status).toBe(201)
  return made.body.id as string
}

/** A server with Aliyun SMS first and Tencent Cloud SMS behind it. */
async function launchWithTwo(env: Record<string, string> = {}, change: object = {}) {
  // So long that on a busy machine nobody is taken for silent.
  const server = await launch({ SEND_TIMEOUT: '8000', ...env })
  const first = await add(server, ALIYUN, { ...aliyun, ...change })
  const second = await add(server, TENCENT, sampleSettings['tencent-sms'])
  const operator = await signInOperator(server.app)
  /** What an operator reads of the newest message. */
  async function newest() {
    const [message] = (await (await operator('GET', '/api/console/messages')).json()) as MessageEntry[]
    return {
      state: message!.state,
      attempts: message!.attempts.map(({ connector, state, failure }) => [connector, state, failure]),
      codes: message!.attempts.map(({ code, reason }) => [code, reason]),
      usedCode: message!.usedCode,
    }
  }
  return { server, first, second, newest }
}

const send = (server: Launched, phone: number | string) =>
  callWithHeaders(server, 'POST', '/api/verification-codes', { phone: `${phone}` })
const verify = (server: Launched, phone: number | string, verificationCode: string) =>
  call(server, 'POST', '/api/verification-codes/verify', { phone: `${phone}`, verificationCode })
/** Which cloud each message in the inbox came over. */
const inbox = (server: Launched, phone: number | string) =>
  server.clouds.inbox.messages().flatMap(({ to, cloud }) => (to === `+${phone}` ? [cloud] : []))

const tencentKey = (name: string) => ({
  accessKeyId: `AKID-simulated-${name}`,
  accessKeySecret: `simulated-secret-${name}`,
})
const connectionIds = async (server: Launched): Promise<string[]> =>
  (await call(server, 'GET', '/api/connections')).body.map(({ id }: { id: string }) => id)

const key = (name: string) => ({
  accessKeyId: `LTAI-simulated-${name}`,
  accessKeySecret: `simulated-secret-${name}`,
})

eachServerDatabase('a code that the first connection certainly could not send', fresh => {
  test.each([
    ['its account is out of balance', key('no-balance'), 'balance_exhausted'],
    ['its keys are rejected', key('disabled'), 'credentials_rejected'],
    ['its signature is refused', { signName: '驳回签名' }, 'message_rejected'],
  ])('goes over the second when %s', async (_, change, failure) => {
    const { server, newest } = await launchWithTwo(await fresh(), change)
    expect((await send(server, NUMBER)).status).toBe(204)
    expect(inbox(server, NUMBER)).toEqual(['tencent-sms'])
    expect(await newest()).toMatchObject({
      state: 'accepted',
      attempts: [
        ['aliyun-sms', 'failed', failure],
        ['tencent-sms', 'accepted', null],
      ],
    })
    expect((await verify(server, NUMBER, server.codeFor(`+${NUMBER}`))).status).toBe(204)
  })

  test('goes over the second when its provider refuses the connection, is out of service or at fault, or answers what nobody knows', async () => {
    const { server, newest } = await launchWithTwo(await fresh())
    for (const [at, [fault, failure]] of [
      [{ kind: 'drop-before' }, 'unreachable'],
      [{ code: 'isp.SYSTEM_ERROR' }, 'provider_fault'],
      [{ code: 'isv.UNHEARD_OF' }, 'unrecognized'],
      // Last, for the next message would not go over it first any more.
      [{ code: 'isv.OUT_OF_SERVICE' }, 'balance_exhausted'],
    ].entries() as Iterable<[number, [object, string]]>) {
      server.clouds.control.setFault({ ...fault, cloud: 'aliyun-sms' })
      expect((await send(server, NUMBER + at)).status).toBe(204)
      expect(inbox(server, NUMBER + at)).toEqual(['tencent-sms'])
      expect((await newest()).attempts).toEqual([
        ['aliyun-sms', 'failed', failure],
        ['tencent-sms', 'accepted', null],
      ])
      expect((await verify(server, NUMBER + at, server.codeFor(`+${NUMBER + at}`))).status).toBe(204)
    }
  })

  test('takes one place among those of its recipient, however many were asked', async () => {
    const { server } = await launchWithTwo(await fresh(), key('no-balance'))
    for (let time = 0; time < 10; time += 1) expect((await send(server, NUMBER)).status).toBe(204)
    expect(await send(server, NUMBER)).toMatchObject(code(429, 'request.message_rate_limited'))
    expect(inbox(server, NUMBER)).toHaveLength(10)
    expect((await verify(server, NUMBER, server.codeFor(`+${NUMBER}`))).status).toBe(204)
  })
})

const codesFor = (server: Launched, phone: number) =>
  server.clouds.inbox
    .messages()
    .flatMap(({ to, cloud, code: sent }) => (to === `+${phone}` ? [{ cloud, sent }] : []))

eachServerDatabase('a code that the first connection may have sent', fresh => {
  test('goes over the second with a code of its own, and either of the two is taken once', async () => {
    const { server, newest } = await launchWithTwo(await fresh())
    for (const [at, [kind, failure, used]] of [
      ['drop-after', 'unreachable', 'first'],
      ['drop-after', 'unreachable', 'second'],
      ['html', 'provider_fault', 'second'],
      ['http-500', 'provider_fault', 'second'],
    ].entries() as Iterable<[number, [string, string, string]]>) {
      server.clouds.control.setFault({ kind, cloud: 'aliyun-sms' } as never)
      const { status, headers } = await send(server, NUMBER + at)
      expect([status, headers.get('countersign-delivery')]).toEqual([204, null])
      expect(await newest()).toEqual({
        state: 'accepted',
        attempts: [
          ['aliyun-sms', 'unconfirmed', failure],
          ['tencent-sms', 'accepted', null],
        ],
        codes: [
          ['first', null],
          ['second', null],
        ],
        usedCode: null,
      })
      const messages = codesFor(server, NUMBER + at)
      expect(messages.map(({ cloud }) => cloud)).toEqual(
        kind === 'drop-after' ? ['tencent-sms', 'aliyun-sms'] : ['tencent-sms'],
      )
      expect(new Set(messages.map(({ sent }) => sent)).size).toBe(messages.length)
      const [right, ...others] = used === 'second' ? messages : messages.toReversed()
      expect((await verify(server, NUMBER + at, right!.sent!)).status).toBe(204)
      for (const { sent } of others)
        expect(await verify(server, NUMBER + at, sent!)).toMatchObject(
          code(400, 'verification_code.not_found'),
        )
      expect((await newest()).usedCode).toBe(used)
    }
  })
})

test('a connection that cannot be made in time has certainly sent nothing: the code goes on as it is', async () => {
  const { server, newest } = await launchWithTwo()
  const { fetch } = server.clouds
  server.clouds.fetch = async request => {
    if (!request.url.includes('aliyuncs')) return fetch(request)
    const cause = Object.assign(new Error('Connect Timeout Error'), { code: 'UND_ERR_CONNECT_TIMEOUT' })
    throw new TypeError('fetch failed', { cause })
  }
  expect((await send(server, NUMBER)).status).toBe(204)
  expect(await newest()).toMatchObject({
    attempts: [
      ['aliyun-sms', 'failed', 'unreachable'],
      ['tencent-sms', 'accepted', null],
    ],
    codes: [
      ['first', null],
      ['first', null],
    ],
  })
})

test('whoever asks again is sent the next code over another connection when the first did not bring it', async () => {
  const { server } = await launchWithTwo()
  server.clouds.control.setFault({ kind: 'html', cloud: 'aliyun-sms' })
  expect((await send(server, NUMBER)).status).toBe(204)
  server.clouds.control.setFault(null)
  for (const [phone, clouds] of [
    [NUMBER, ['tencent-sms', 'tencent-sms']],
    [NUMBER + 1, ['aliyun-sms']],
  ] as const) {
    expect((await send(server, phone)).status).toBe(204)
    expect(inbox(server, phone)).toEqual(clouds)
  }
  expect((await verify(server, NUMBER, server.codeFor(`+${NUMBER}`))).status).toBe(204)
  // As long as a code lives, and no longer.
  server.wait(601_000)
  expect((await send(server, NUMBER)).status).toBe(204)
  expect(inbox(server, NUMBER)).toEqual(['aliyun-sms', 'tencent-sms', 'tencent-sms'])
})

test('a message that may have left over two connections is sent over no third', async () => {
  const { server, newest } = await launchWithTwo()
  await add(server, ALIYUN, aliyun)
  for (const [at, kind] of ['drop-after', 'html'].entries()) {
    server.clouds.control.setFault({ kind } as never)
    const { status, headers } = await send(server, NUMBER + at)
    expect([status, headers.get('countersign-delivery')]).toEqual([204, 'unconfirmed'])
    expect(await newest()).toMatchObject({
      state: 'unconfirmed',
      attempts: [
        ['aliyun-sms', 'unconfirmed', expect.any(String)],
        ['tencent-sms', 'unconfirmed', expect.any(String)],
      ],
      codes: [
        ['first', null],
        ['second', null],
      ],
    })
  }
  // The second one certainly could not: the second code goes on to the third.
  server.clouds.control.setFault({ kind: 'drop-after', cloud: 'aliyun-sms' })
  await call(server, 'PATCH', `/api/connections/${(await connectionIds(server))[1]}`, {
    config: { ...sampleSettings['tencent-sms'], ...tencentKey('disabled') },
  })
  expect((await send(server, NUMBER + 2)).headers.get('countersign-delivery')).toBe('unconfirmed')
  expect((await newest()).codes.map(([which]) => which)).toEqual(['first', 'second', 'second'])
  expect((await verify(server, NUMBER + 2, server.codeFor(`+${NUMBER + 2}`))).status).toBe(204)
})

test('a code goes over the second connection while the first is silent, and what becomes of the first is written when it comes', async () => {
  const { server, first, newest } = await launchWithTwo({ SEND_TIMEOUT: '2400' })
  const healthOf = async (id: string) => (await call(server, 'GET', `/api/connections/${id}`)).body.health
  const silent = (state: string, failure: string | null) => ({
    state: 'accepted',
    attempts: [
      ['aliyun-sms', state, failure],
      ['tencent-sms', 'accepted', null],
    ],
    codes: [
      ['first', 'hedged'],
      ['second', null],
    ],
  })
  server.clouds.control.setFault({ kind: 'slow', delay: 1900, cloud: 'aliyun-sms' })
  expect((await send(server, NUMBER)).headers.get('countersign-delivery')).toBe(null)
  expect(await newest()).toMatchObject(silent('unconfirmed', null))
  expect(inbox(server, NUMBER)).toEqual(['tencent-sms'])
  const early = server.codeFor(`+${NUMBER}`)
  server.clouds.control.setFault({ kind: 'hang', cloud: 'aliyun-sms' })
  expect((await send(server, NUMBER + 1)).headers.get('countersign-delivery')).toBe(null)
  await server.app.settled()
  expect(await newest()).toMatchObject(silent('unconfirmed', 'unreachable'))
  expect(inbox(server, NUMBER + 1)).toEqual(['tencent-sms'])
  // The slow one came, with the other code.
  const late = codesFor(server, NUMBER).find(({ cloud }) => cloud === 'aliyun-sms')!.sent!
  expect(late).not.toBe(early)
  expect((await verify(server, NUMBER, late)).status).toBe(204)

  // Silence counts while it lasts: with the one before, these are five in a row.
  server.wait(2500)
  const more = await Promise.all([3, 4, 5, 6].map(nth => send(server, NUMBER + nth)))
  expect(more.map(({ status }) => status)).toEqual([204, 204, 204, 204])
  expect((await newest()).attempts[0]).toEqual(['aliyun-sms', 'unconfirmed', null])
  await expect.poll(() => healthOf(first)).toMatchObject({ state: 'resting', reason: 'failing' })
  await call(server, 'POST', `/api/connections/${first}/health`, { state: 'healthy' })

  // Whoever has used the code wants no other one.
  server.clouds.control.setFault({ kind: 'slow-body', cloud: 'aliyun-sms' })
  const sent = send(server, NUMBER + 2)
  await expect.poll(() => inbox(server, NUMBER + 2)).toEqual(['aliyun-sms'])
  expect((await verify(server, NUMBER + 2, server.codeFor(`+${NUMBER + 2}`))).status).toBe(204)
  expect((await sent).headers.get('countersign-delivery')).toBe('unconfirmed')
  expect(await newest()).toMatchObject({
    attempts: [['aliyun-sms', 'unconfirmed', 'unreachable']],
    codes: [['first', null]],
    usedCode: 'first',
  })
})

test('a recipient that one provider refuses, or limits, is asked of no other', async () => {
  const { server, newest } = await launchWithTwo()
  for (const [phone, failure, status] of [
    ['8613900000001', 'recipient_blocked', 400],
    ['8613900000003', 'recipient_invalid', 400],
    ['8613900000012', 'rate_limited', 429],
  ] as const) {
    const refused = await send(server, phone)
    expect([refused.status, refused.body.data.failure]).toEqual([status, failure])
    expect((await newest()).attempts).toEqual([['aliyun-sms', 'failed', failure]])
  }
  expect(server.clouds.control.requests().filter(({ cloud }) => cloud === 'tencent-sms')).toEqual([])
})

test('when all refuse, the failure is told that says most, and nothing of the message is left', async () => {
  const { server, first, second, newest } = await launchWithTwo({}, key('no-balance'))
  expect((await send(server, NUMBER)).status).toBe(204)
  const code1 = server.codeFor(`+${NUMBER}`)
  server.clouds.control.setFault({ kind: 'drop-before', cloud: 'tencent-sms' })
  expect(await send(server, NUMBER)).toMatchObject({
    ...code(429, 'connector.usage_limit_exceeded'),
    body: { data: { failure: 'balance_exhausted' } },
  })
  expect(await newest()).toMatchObject({
    state: 'failed',
    // The first message has found the balance gone; since then that connection is asked last.
    attempts: [
      ['tencent-sms', 'failed', 'unreachable'],
      ['aliyun-sms', 'failed', 'balance_exhausted'],
    ],
  })
  // The code that is out is still the one that counts.
  expect((await verify(server, NUMBER, code1)).status).toBe(204)
  server.clouds.control.setFault(null)
  await call(server, 'PUT', '/api/connections/order', { channel: 'sms', ids: [second, first] })
  expect((await send(server, NUMBER)).status).toBe(204)
  expect((await newest()).attempts).toEqual([['tencent-sms', 'accepted', null]])
})

test('a code goes over connections that send to its country, and is refused where none does', async () => {
  const server = await launch()
  /** Settings with one template for the mainland and one for elsewhere. */
  const worldwide = (config: { templates: unknown }, templateCode: object, more = {}) => {
    const rows = config.templates as object[]
    return { ...config, templates: rows.map(row => ({ ...row, templateCode })), ...more }
  }
  const ours = worldwide(aliyun as never, { china: 'SMS_100000004', overseas: 'SMS_100000024' })
  const first = await add(server, ALIYUN, ours, { destinations: ['CN'] })
  const theirs = sampleSettings['tencent-sms']
  const abroad = worldwide(
    theirs as never,
    { china: '1000004', overseas: '1000024' },
    { signName: 'Example' },
  )
  const second = await add(server, TENCENT, abroad, { destinations: ['HK', 'DE'] })
  const reaches = (id: string, destinations: string[]) =>
    call(server, 'PATCH', `/api/connections/${id}`, { destinations })
  expect((await send(server, NUMBER)).status).toBe(204)
  expect(inbox(server, NUMBER)).toEqual(['aliyun-sms'])
  expect((await send(server, GERMAN)).status).toBe(204)
  expect(inbox(server, GERMAN)).toEqual(['tencent-sms'])
  await reaches(second, ['HK'])
  expect(await send(server, GERMAN)).toMatchObject({
    ...code(400, 'connector.general'),
    body: { data: { failure: 'region_unsupported' } },
  })
  const operator = await signInOperator(server.app)
  const [newest] = (await (await operator('GET', '/api/console/messages')).json()) as MessageEntry[]
  expect(newest).toMatchObject({ state: 'refused', reason: 'no_destination', attempts: [] })
  await reaches(first, ['elsewhere'])
  expect((await send(server, GERMAN)).status).toBe(204)
  expect(inbox(server, GERMAN)).toEqual(['aliyun-sms', 'tencent-sms'])
})
