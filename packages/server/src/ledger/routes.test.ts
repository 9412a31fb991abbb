import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MessageEntry } from '@countersign/api'
import { sampleSettings } from '@countersign/simulators'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { newUser, OPEN, signIn, ready as withAccounts } from '../account/testing.ts'
import { openDatabase } from '../db/database.ts'
import { eachServerDatabase } from '../db/testing.ts'
import { ADMIN, type Launched, launch } from '../testing/launch.ts'
import { type ConsoleCall, callConsole, signInOperator } from '../testing/operator.ts'
import { askForCode, INBOX, PHONE, ready } from '../testing/visitor.ts'

const send = (server: Launched, to: object) => server.manage('POST', '/api/verification-codes', to)

/** What an operator's list shows. */
async function listed(operator: ConsoleCall, query: Record<string, string> = {}): Promise<MessageEntry[]> {
  const answer = await operator('GET', `/api/console/messages?${new URLSearchParams(query)}`)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return (await answer.json()) as MessageEntry[]
}

const brief = (messages: MessageEntry[]) =>
  messages.map(({ state, reason, times, recipient }) => [state, reason, times, recipient])

/** All bytes that a server keeps, as text. */
async function everything(env: { DATABASE_URL?: string; DATA_DIR?: string }): Promise<string> {
  const folder = env.DATA_DIR
  const files = folder ? readdirSync(folder).filter(name => name.startsWith('countersign.db')) : []
  const bytes = files.map(name => readFileSync(join(folder!, name)).toString('latin1'))
  const db = await openDatabase(env.DATABASE_URL ?? '', env.DATA_DIR ?? '')
  onTestFinished(() => db.destroy())
  for (const { name } of await db.introspection.getTables())
    bytes.push(JSON.stringify((await sql`select * from ${sql.table(name)}`.execute(db)).rows))
  return bytes.join('\n')
}

eachServerDatabase('the list of messages', fresh => {
  test('says who asked for each, what was decided, and whether its code was used', async () => {
    const verificationCodePolicy = { resendInterval: 0 }
    const server = await withAccounts(OPEN, { verificationCodePolicy }, await fresh())
    await newUser(server)
    const operator = await signInOperator(server.app)
    expect((await send(server, { phone: PHONE })).status).toBe(204)
    const verificationCode = server.codeFor(INBOX)
    server.wait(1000)
    await server.manage('POST', '/api/verification-codes/verify', { phone: PHONE, verificationCode })
    await operator('POST', '/api/verification-codes', { email: 'ada@example.com' })
    server.wait(1)
    const visitor = await server.visit()
    await askForCode(visitor)
    server.wait(1)
    const user = await signIn(server)
    await user.call('POST', '/api/verifications/verification-code', {
      identifier: { type: 'phone', value: '8613800138001' },
    })
    server.wait(1)
    const config = sampleSettings['aliyun-sms']
    await operator('POST', '/api/console/catalog/aliyun-sms/test', { to: PHONE, config })
    const [tested, proved, visited, byOperator, byProgram] = await listed(operator)
    const operatorId = tested!.operatorId
    expect(tested).toMatchObject({
      askedBy: 'test',
      operatorId: expect.any(String),
      attempts: [{ connectionId: null, state: 'accepted' }],
    })
    expect(proved).toMatchObject({
      askedBy: 'account',
      userId: expect.any(String),
      applicationId: expect.any(String),
      usageType: 'BindNewIdentifier',
    })
    expect(visited).toMatchObject({
      askedBy: 'interaction',
      applicationId: visitor.applicationId,
      interactionId: expect.any(String),
      operatorId: null,
      verifiedAt: null,
    })
    expect(byOperator).toMatchObject({ askedBy: 'api', operatorId, channel: 'email', country: null })
    expect(byProgram).toMatchObject({ askedBy: 'api', applicationId: ADMIN.id, operatorId: null })
    expect(byProgram!.verifiedAt).toBeGreaterThanOrEqual(byProgram!.createdAt + 1000)
  })

  test('is a table in CSV too, by the same filters, with recipients masked and nothing that a spreadsheet would run', async () => {
    const server = await launch(await fresh())
    await server.connect('tencent-sms')
    await server.connect('aliyun-dm')
    const operator = await signInOperator(server.app)
    await send(server, { phone: PHONE })
    await send(server, { email: 'ada@example.com' })
    // There is no template for numbers abroad.
    await send(server, { phone: '85261234567' })
    const csv = async (query = '') => {
      const answer = await operator('GET', `/api/console/messages.csv${query}`)
      expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer())
      expect(text.at(0)).toBe('\uFEFF')
      return text
        .slice(1)
        .trimEnd()
        .split('\r\n')
        .map(line => line.split(','))
    }
    const [head, ...lines] = await csv()
    const told = (name: string) => lines.map(line => line[head!.indexOf(name)]).sort()
    expect(told('recipient')).toEqual(["'+852 6****4567", "'+86 138****8000", 'a***@example.com'])
    expect(told('CNY')).toEqual(['0', '0.002', '0.05'])
    expect(told('cost')).toEqual(['', 'certain', 'certain'])
    expect(told('segments')).toEqual(['', '', '1'])
    expect(lines.flat().join()).not.toContain('13800138000')
    expect((await csv('?state=failed')).slice(1)).toHaveLength(1)
    expect((await csv(`?recipient=${PHONE}`)).slice(1)).toHaveLength(1)
    expect((await operator('GET', '/api/console/messages.csv?recipient=ada')).status).toBe(400)
    expect((await callConsole(server.app)('GET', '/api/console/messages.csv')).status).toBe(401)
  })

  test('can be cut down by everything that it shows, and finds a whole number in any spelling', async () => {
    const server = await launch(await fresh())
    await server.connect('aliyun-sms')
    await server.connect('aliyun-dm')
    const operator = await signInOperator(server.app)
    const start = Date.now()
    await send(server, { phone: PHONE })
    server.wait(1_200_000)
    server.clouds.control.setFault({ code: 'isv.BLACK_KEY_CONTROL_LIMIT' })
    await send(server, { phone: '61412345678' })
    server.clouds.control.setFault(null)
    await send(server, { email: 'ada@example.com' })
    const connections = (await (await operator('GET', '/api/connections')).json()) as {
      id: string
      channel: string
    }[]
    const over = (channel: string) => connections.find(one => one.channel === channel)!.id
    const recipients = async (query: Record<string, string>) =>
      (await listed(operator, query)).map(({ recipient }) => recipient)
    const [cn, au, mail] = ['+86 138****8000', '+61 412****678', 'a***@example.com']
    for (const [query, expected] of [
      ...[
        '+86 138-0013-8000',
        '0086 138 0013 8000',
        '138 0013 8000',
        '(138) 0013 8000',
        '8613800138000',
        '+８６ １３８００１３８０００',
      ].map(recipient => [{ recipient }, [cn]] as const),
      [{ recipient: '00 61 412 345 678' }, [au]],
      [{ recipient: 'ada＠EXAMPLE.com' }, [mail]],
      [{ recipient: 'ADA@example.com' }, [mail]],
      [{ country: 'AU' }, [au]],
      [{ connector: 'aliyun-dm' }, [mail]],
      [{ connectionId: over('email') }, [mail]],
      [{ connectionId: over('sms'), state: 'failed' }, [au]],
      [{ connectionId: 'none' }, []],
      [{ state: 'failed' }, [au]],
      [{ usageType: 'Generic', country: 'CN' }, [cn]],
      [{ usageType: 'SignIn' }, []],
      [{ applicationId: ADMIN.id }, [mail, au, cn]],
      [{ end_time: String(start + 600_000) }, [cn]],
      [{ start_time: String(start + 600_000), connector: 'aliyun-sms' }, [au]],
      [{ page: '2', page_size: '2' }, [cn]],
    ] as const)
      expect(
        (await recipients(query as never)).map(one => one.slice(0, 7)),
        JSON.stringify(query),
      ).toEqual(expected.map(one => one.slice(0, 7)))
    const status = async (query: string) => (await operator('GET', `/api/console/messages?${query}`)).status
    for (const query of ['recipient=138****8000', 'recipient=ada', 'state=lost', 'start_time=2&end_time=1'])
      expect(await status(query), query).toBe(400)
    expect((await server.manage('GET', '/api/console/messages')).status).toBe(404)
  })

  test('tells what was refused or suppressed, and why, once for each recipient and hour', async () => {
    const settings = { signInMode: 'SignIn', verificationCodePolicy: {} }
    const server = await ready(settings, await fresh())
    await server.manage('POST', '/api/users', { primaryPhone: '8613800138009' })
    const operator = await signInOperator(server.app)
    for (let time = 0; time < 3; time += 1) await send(server, { phone: '861380013800' })
    for (let time = 0; time < 2; time += 1) await askForCode(await server.visit())
    await server.app.settled()
    const known = { kind: 'phone', value: '138 0013 8009', country: 'CN' }
    await askForCode(await server.visit(), '/sign-in', known)
    await server.app.settled()
    for (let time = 0; time < 12; time += 1) await send(server, { phone: '8613800138007' })
    expect(brief(await listed(operator, { state: 'suppressed' }))).toEqual([
      ['suppressed', 'no_account', 1, '+86 138****8000'],
    ])
    expect(brief(await listed(operator, { state: 'refused' }))).toEqual([
      ['refused', 'limit', 2, '+86 138****8007'],
      ['refused', 'pause', 1, '+86 138****8000'],
      ['refused', 'impossible_number', 3, expect.any(String)],
    ])
    expect(brief(await listed(operator, { recipient: '8613800138009' }))).toEqual([
      ['accepted', null, 1, '+86 138****8009'],
    ])
    const connectors = await (await operator('GET', '/api/connectors')).json()
    for (const { id } of connectors as { id: string }[]) await operator('DELETE', `/api/connectors/${id}`)
    await send(server, { phone: '8613800138008' })
    await operator('POST', '/api/connectors', { connectorId: 'aliyun-direct-mail' })
    await send(server, { email: 'ada@example.com' })
    expect(brief((await listed(operator)).slice(0, 2)).sort()).toEqual([
      ['refused', 'no_configuration', 1, 'a***@example.com'],
      ['refused', 'no_connector', 1, '+86 138****8008'],
    ])
  })

  test('tells of numbers that a page refuses before a code is asked for, and of addresses on the block list', async () => {
    const emailBlocklistPolicy = { customBlocklist: ['@blocked.example'] }
    const server = await ready({ emailBlocklistPolicy, verificationCodePolicy: {} }, await fresh())
    const operator = await signInOperator(server.app)
    const visitor = await server.visit()
    for (const value of ['138 0013 800', '138 0013 800', '+1 305 555 2671', 'no number'])
      await askForCode(visitor, '/sign-in', { kind: 'phone', value, country: 'CN' })
    const identifiers = ['email'] as const
    const signUp = { identifiers, password: false, verify: true }
    expect((await operator('PATCH', '/api/sign-in-exp', { signUp })).status).toBe(200)
    await askForCode(visitor, '/register', { kind: 'email', value: 'ada@blocked.example' })
    await visitor.experience('PUT', '', { interactionEvent: 'Register' })
    const identifier = { type: 'email', value: 'ada@blocked.example' }
    const body = { identifier, interactionEvent: 'Register' }
    const path = '/verification/verification-code'
    expect((await visitor.experience('POST', path, body)).status).toBe(422)
    await server.app.settled()
    const refused = await listed(operator, { state: 'refused' })
    expect(
      refused.map(({ reason, times, usageType, askedBy }) => [reason, times, usageType, askedBy]),
    ).toEqual([
      ['blocked_address', 2, 'Register', 'interaction'],
      ['no_destination', 1, 'SignIn', 'interaction'],
      ['impossible_number', 2, 'SignIn', 'interaction'],
    ])
    expect(refused.map(({ recipient }) => recipient.slice(0, 5))).toEqual(['a***@', '+1 30', '+86 1'])
    expect(server.clouds.control.requests()).toEqual([])
  })

  test('is one of all nodes, and one node ends what another left that died', async () => {
    const env = await fresh()
    const one = await launch(env)
    await one.connect('aliyun-sms')
    const two = await launch(env)
    const operator = await signInOperator(two.app)
    await send(one, { phone: PHONE })
    two.clouds.control.setFault({ kind: 'drop-before', times: 1 })
    await send(two, { phone: '8613800138001' })
    expect(brief(await listed(operator))).toHaveLength(2)
    const [retried] = await listed(operator, { recipient: '8613800138001' })
    expect(retried).toMatchObject({
      state: 'accepted',
      attempts: [
        { nth: 1, state: 'failed', failure: 'unreachable' },
        { nth: 2, state: 'accepted' },
      ],
    })
    const db = await openDatabase(env.DATABASE_URL ?? '', env.DATA_DIR ?? '')
    onTestFinished(() => db.destroy())
    // As the first node leaves it when it is killed while the cloud has not answered.
    await db.updateTable('attempts').set({ state: 'sending', ids: '{}' }).execute()
    expect((await listed(operator)).map(({ state }) => state)).toEqual(['sending', 'sending'])
    two.wait(10_000)
    await two.app.ledger.recover()
    expect((await listed(operator)).map(({ state }) => state)).toEqual(['unconfirmed', 'unconfirmed'])
  })

  test('and all that is kept holds no number, no code and no key that anybody could read', async () => {
    const env = await fresh()
    const server = await launch(env)
    await server.connect('aliyun-sms')
    await server.connect('aliyun-dm')
    const operator = await signInOperator(server.app)
    const [phone, email] = ['8613800138765', 'grace.hopper@example.com']
    const codes: string[] = []
    const keep = (inbox: string) => codes.push(server.codeFor(inbox))
    await send(server, { phone })
    keep(`+${phone}`)
    const verificationCode = codes[0]
    await server.manage('POST', '/api/verification-codes/verify', { phone, verificationCode })
    await send(server, { email })
    keep(email)
    for (const fault of [{ code: 'isv.SMS_SIGNATURE_ILLEGAL' }, { kind: 'drop-after' as const }]) {
      server.clouds.control.setFault(fault)
      await send(server, { phone })
    }
    server.clouds.control.setFault(null)
    for (let time = 0; time < 12; time += 1) await send(server, { phone, email: undefined })
    keep(`+${phone}`)
    const config = { ...sampleSettings['aliyun-sms'], accessKeySecret: 'wrong-secret-of-tests' }
    await operator('POST', '/api/console/catalog/aliyun-sms/test', { to: phone, config })
    await operator('GET', `/api/console/messages?recipient=${phone}`)
    await server.app.settled()
    const kept = await everything(env)
    expect(kept).toContain('+86 138****8765')
    for (const secret of [
      '13800138765',
      'grace.hopper',
      'wrong-secret-of-tests',
      String(sampleSettings['aliyun-sms'].accessKeySecret),
    ])
      expect(kept.includes(secret), secret).toBe(false)
    for (const code of codes)
      expect(new RegExp(`(?<![0-9A-Za-z])${code}(?![0-9A-Za-z])`).test(kept), code).toBe(false)
  })
})
