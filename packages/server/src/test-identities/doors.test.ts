import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { newUser, OPEN, ready as readyForAccounts, signIn } from '../account/testing.ts'
import { openDatabase } from '../db/database.ts'
import { eachServerDatabase } from '../db/testing.ts'
import type { Browser } from '../testing/browser.ts'
import { ADMIN, type Launched, launch } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'
import { askForCode, INBOX, noticeOf, PHONE, pathOf, ready } from '../testing/visitor.ts'

const ON = { TEST_IDENTITIES: 'on' }
const CODE = '246810'
const WRONG = '013579'
const DAY = 24 * 60 * 60_000
const EMAIL = 'review@example.com'
const MAIL = { type: 'email', value: EMAIL }

async function call(server: Launched, method: string, path: string, body?: unknown) {
  const answer = await server.manage(method, path, body)
  const text = await answer.text()
  return { status: answer.status, body: text && JSON.parse(text) }
}

const code = (status: number, name: string) => ({ status, body: expect.objectContaining({ code: name }) })

const make = (server: Launched, input: object = {}) =>
  call(server, 'POST', '/api/test-identities', {
    type: 'phone',
    value: PHONE,
    code: CODE,
    expiresAt: Date.now() + DAY,
    ...input,
  })

const send = (server: Launched, to: object = { phone: PHONE }) =>
  call(server, 'POST', '/api/verification-codes', to)
const verify = (server: Launched, verificationCode: string, to: object = { phone: PHONE }) =>
  call(server, 'POST', '/api/verification-codes/verify', { ...to, verificationCode })

/** Fails when any request went to a cloud. */
function expectNothingSent({ clouds }: Launched): void {
  expect(clouds.control.requests()).toEqual([])
  expect(clouds.inbox.messages()).toEqual([])
}

/** Asks for a code with the Experience API; returns what checks one. */
async function askByApi(
  visitor: Browser,
  event: string,
  identifier: object = { type: 'phone', value: PHONE },
) {
  await visitor.experience('PUT', '', { interactionEvent: event })
  const sent = await visitor.experience('POST', '/verification/verification-code', {
    identifier,
    interactionEvent: event,
  })
  expect(sent.status).toBe(200)
  const { verificationId } = sent.json
  const check = (given: string) =>
    visitor.experience('POST', '/verification/verification-code/verify', {
      identifier,
      verificationId,
      code: given,
    })
  return { verificationId, check }
}

/** How the message to a test identity stands in the ledger. */
const UNSENT = {
  recipient: '+86 138****8000',
  state: 'not_sent',
  reason: 'test_identity',
  attempts: [],
}

eachServerDatabase('a test identity', fresh => {
  const settings = async (): Promise<Record<string, string>> => ({ ...(await fresh()), ...ON })

  test('may have a number that cannot exist or that codes cannot go to, since nothing is sent', async () => {
    const server = await ready({}, await settings())
    for (const [value, typed] of [
      ['12005550123', '+1 200 555 0123'],
      ['14155552671', '+1 415 555 2671'],
    ] as const) {
      expect((await make(server, { value })).status).toBe(201)
      const visitor = await server.visit()
      const asked = await askForCode(visitor, '/sign-in', { kind: 'phone', value: typed, country: 'CN' })
      expect(pathOf(asked)).toBe('/sign-in/code')
      await visitor.submit(await visitor.submit(asked, { code: CODE }), {})
      expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
      await askByApi(await server.visit(), 'SignIn', { type: 'phone', value })
      expect((await send(server, { phone: value })).status).toBe(204)
    }
    expectNothingSent(server)
  })

  test('registers and signs in on the pages with its code, and no request leaves', async () => {
    const server = await ready({}, await settings())
    expect((await make(server)).status).toBe(201)
    const newcomer = await server.visit()
    const asked = await askForCode(newcomer)
    expect([pathOf(asked), noticeOf(asked)]).toEqual(['/sign-in/code', 'The code is on its way.'])
    const wrong = await newcomer.submit(asked, { code: WRONG })
    expect(noticeOf(wrong)).toContain('not right')
    await newcomer.submit(await newcomer.submit(wrong, { code: CODE }), {})
    expect(newcomer.leftTo?.searchParams.get('code')).toBeTruthy()
    const { body: users } = await call(server, 'GET', '/api/users')
    expect(users).toMatchObject([{ primaryPhone: PHONE }])
    expect((await call(server, 'GET', '/api/test-identities')).body).toMatchObject([{ userId: users[0].id }])

    const back = await server.visit()
    await back.submit(await askForCode(back), { code: CODE })
    expect(back.leftTo?.searchParams.get('code')).toBeTruthy()
    expectNothingSent(server)
  })

  test('opens the account that is registered with it, or nobody is registered', async () => {
    const given = await settings()
    const server = await ready({}, given)
    const db = await openDatabase(given.DATABASE_URL ?? '', given.DATA_DIR ?? '')
    onTestFinished(() => db.destroy())
    await make(server)
    const visitor = await server.visit()
    const { verificationId, check } = await askByApi(visitor, 'Register')
    expect((await check(CODE)).status).toBe(200)
    const identify = () => visitor.experience('POST', '/identification', { verificationId })
    await sql`alter table test_identities rename to test_identities_away`.execute(db)
    expect((await identify()).status).toBe(500)
    expect((await call(server, 'GET', '/api/users')).body).toEqual([])
    await sql`alter table test_identities_away rename to test_identities`.execute(db)
    expect((await identify()).status).toBe(201)
    const [user] = (await call(server, 'GET', '/api/users')).body
    expect((await call(server, 'GET', '/api/test-identities')).body).toMatchObject([{ userId: user.id }])
  })

  test('resets its password with its code, and no request leaves', async () => {
    const server = await ready({}, await settings())
    const { body: user } = await call(server, 'POST', '/api/users', { primaryPhone: PHONE })
    expect((await make(server, { userId: user.id })).status).toBe(201)
    const visitor = await server.visit()
    const asked = await askForCode(visitor, '/forgot-password')
    expect(pathOf(await visitor.submit(asked, { code: WRONG }))).toBe('/reset-password/code')
    expect(pathOf(await visitor.submit(asked, { code: CODE }))).toBe('/reset-password/new')
    const operator = await signInOperator(server.app)
    const states = async () =>
      ((await (await operator('GET', '/api/console/messages')).json()) as { state: string }[]).map(
        each => each.state,
      )
    // The message would have gone out after the answer.
    await expect.poll(states).toEqual(['not_sent'])
    expectNothingSent(server)
  })

  test('is opened by one of two right codes that come at once, in one session', async () => {
    const server = await ready({}, await settings())
    await make(server)
    const visitor = await server.visit()
    const { verificationId, check } = await askByApi(visitor, 'Register')
    const checked = await Promise.all([check(CODE), check(CODE)])
    expect(checked.map(each => each.status).sort()).toEqual([200, 400])
    const identify = () => visitor.experience('POST', '/identification', { verificationId })
    const identified = await Promise.all([identify(), identify()])
    expect(identified.filter(each => each.status < 300)).toHaveLength(1)
    const { json } = await visitor.experience('POST', '/submit')
    await visitor.open(json.redirectTo)
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
    expect((await check(CODE)).status).toBe(400)
    expect((await call(server, 'GET', '/api/users')).body).toHaveLength(1)
    expectNothingSent(server)
  })

  test('is guessed no more often than the policies allow', async () => {
    const policies = {
      verificationCodePolicy: { resendInterval: 0, maxRetryAttempts: 2 },
      sentinelPolicy: { maxAttempts: 3, lockoutDuration: 5 },
    }
    const server = await ready(policies, await settings())
    await make(server)
    const visitor = await server.visit()
    const { check } = await askByApi(visitor, 'SignIn')
    const codes = []
    for (const given of [WRONG, WRONG, CODE, CODE]) codes.push((await check(given)).json.code)
    expect(codes).toEqual([
      'verification_code.code_mismatch',
      'verification_code.code_mismatch',
      'session.verification_blocked_too_many_attempts',
      'session.verification_blocked_too_many_attempts',
    ])
    const again = await askByApi(await server.visit(), 'SignIn')
    expect((await again.check(CODE)).json.code).toBe('session.verification_blocked_too_many_attempts')
    server.wait(5 * 60_000 + 1)
    const later = await askByApi(await server.visit(), 'SignIn')
    expect((await later.check(CODE)).status).toBe(200)
    expectNothingSent(server)
  })

  test('has codes for back ends that are spent, expire and run out of tries like all others', async () => {
    const policy = {
      verificationCodePolicy: { resendInterval: 0, expirationDuration: 60, maxRetryAttempts: 2 },
    }
    const server = await ready(policy, await settings())
    await make(server, { ...MAIL })
    const to = { email: 'Review@Example.com' }
    expect(await verify(server, CODE, to)).toMatchObject(code(400, 'verification_code.not_found'))
    expect((await send(server, to)).status).toBe(204)
    expect((await verify(server, CODE, to)).status).toBe(204)
    expect(await verify(server, CODE, to)).toMatchObject(code(400, 'verification_code.not_found'))
    await send(server, to)
    for (const _ of [1, 2])
      expect(await verify(server, WRONG, to)).toMatchObject(code(400, 'verification_code.code_mismatch'))
    expect(await verify(server, CODE, to)).toMatchObject(code(400, 'verification_code.exceed_max_try'))
    await send(server, to)
    server.wait(60_000)
    expect(await verify(server, CODE, to)).toMatchObject(code(400, 'verification_code.expired'))
    await send(server, to)
    const both = await Promise.all([verify(server, CODE, to), verify(server, CODE, to)])
    expect(both.map(each => each.status).sort()).toEqual([204, 400])
    expectNothingSent(server)
  })

  test('is added to an account with its code; it opens that account later only when an operator says so', async () => {
    const server = await readyForAccounts(OPEN, {}, await settings())
    const userId = await newUser(server)
    const { body: identity } = await make(server, { ...MAIL })
    const user = await signIn(server)
    const record = await user.send(MAIL)
    expect((await user.verify(MAIL, record, WRONG)).body.code).toBe('verification_code.code_mismatch')
    expect((await user.verify(MAIL, record, CODE)).status).toBe(200)
    const change = { email: EMAIL, newIdentifierVerificationRecordId: record }
    const changed = await user.call('POST', '/api/my-account/primary-email', change, await user.proof())
    expect(changed.status).toBe(204)
    expectNothingSent(server)
    const own = await user.send(MAIL)
    expect((await user.verify(MAIL, own, server.codeFor(EMAIL))).status).toBe(200)
    const named = await call(server, 'PATCH', `/api/test-identities/${identity.id}`, { userId })
    expect(named).toMatchObject({ status: 200, body: { userId } })
    const before = server.clouds.control.requests().length
    expect((await user.verify(MAIL, await user.send(MAIL), CODE)).status).toBe(200)
    expect(server.clouds.control.requests()).toHaveLength(before)
  })

  test('is an ordinary number from its end on: its code is another one, and really sent', async () => {
    const server = await ready({}, await settings())
    await make(server, { expiresAt: Date.now() + 60_000 })
    await send(server)
    server.wait(61_000)
    // What was asked for before has ended too.
    expect(await verify(server, CODE)).toMatchObject(code(400, 'verification_code.code_mismatch'))
    expectNothingSent(server)
    await send(server)
    const sent = server.codeFor(INBOX)
    if (sent !== CODE)
      expect(await verify(server, CODE)).toMatchObject(code(400, 'verification_code.code_mismatch'))
    expect((await verify(server, sent)).status).toBe(204)
  })

  test('takes the codes along that were asked for, when it is changed or deleted', async () => {
    const server = await ready({}, await settings())
    const { body: identity } = await make(server)
    const one = `/api/test-identities/${identity.id}`
    const gone = code(400, 'verification_code.code_mismatch')
    await send(server)
    await call(server, 'PATCH', one, { note: 'Review', expiresAt: Date.now() + 2 * DAY })
    expect((await verify(server, CODE)).status).toBe(204)
    await send(server)
    await call(server, 'PATCH', one, { code: '135790' })
    expect(await verify(server, CODE)).toMatchObject(gone)
    expect(await verify(server, '135790')).toMatchObject(gone)
    await send(server)
    await call(server, 'DELETE', one)
    expect(await verify(server, '135790')).toMatchObject(gone)
    await make(server, { code: '135790' })
    expect(await verify(server, '135790')).toMatchObject(gone)
    expectNothingSent(server)
  })

  test('is no way into an account that gets the number while somebody holds a code', async () => {
    const server = await ready({}, await settings())
    const { body: identity } = await make(server)
    const visitor = await server.visit()
    const asked = await askForCode(visitor)
    const { body: user } = await call(server, 'POST', '/api/users', { primaryPhone: PHONE })
    expect(pathOf(await visitor.submit(asked, { code: CODE }))).toBe('/sign-in/code')
    expect(visitor.leftTo).toBeUndefined()
    await call(server, 'PATCH', `/api/test-identities/${identity.id}`, { userId: user.id })
    await visitor.submit(asked, { code: CODE })
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
  })

  test('cannot be made without the setting, and one that was made does not work then', async () => {
    const database = await fresh()
    const off = await ready({}, database)
    expect(await make(off)).toMatchObject(code(403, 'test_identity.not_enabled'))
    expect((await make(off)).body.message).toContain('TEST_IDENTITIES=on')
    const on = await launch({ ...database, ...ON })
    const { body: made } = await make(on)
    expect((await call(off, 'GET', '/api/test-identities')).body).toEqual([made])
    await send(off)
    expect(off.clouds.inbox.messages()).toHaveLength(1)
    expect((await call(off, 'DELETE', `/api/test-identities/${made.id}`)).status).toBe(204)
    expect((await call(on, 'GET', '/api/test-identities')).body).toEqual([])
  })

  test('is warned of in the log when the server starts', async () => {
    const database = { ...(await fresh()), ...ON }
    const first = await launch(database)
    await make(first)
    const warned = ({ log }: Launched) => log.some(line => line.includes('1 active test identities'))
    expect(warned(first)).toBe(false)
    expect(warned(await launch(database))).toBe(true)
  })

  test('is no way into the account of somebody who has the number already', async () => {
    const server = await ready({}, await settings())
    const { body: user } = await call(server, 'POST', '/api/users', { primaryPhone: PHONE })
    expect(await make(server)).toMatchObject({
      status: 422,
      body: { code: 'test_identity.belongs_to_user', data: { userId: user.id } },
    })
    await server.manage('DELETE', `/api/users/${user.id}`)
    expect((await make(server)).status).toBe(201)
    await call(server, 'POST', '/api/users', { primaryPhone: PHONE })
    const visitor = await server.visit()
    const asked = await askForCode(visitor)
    expect(server.codeFor(INBOX)).toMatch(/^\d{6}$/)
    if (server.codeFor(INBOX) !== CODE) {
      await visitor.submit(asked, { code: CODE })
      expect(visitor.leftTo).toBeUndefined()
    }
  })

  test('may be asked for a hundred codes in ten minutes; others have ten still', async () => {
    const server = await ready({}, await settings())
    await make(server)
    const limited = code(429, 'request.message_rate_limited')
    for (let time = 0; time < 100; time += 1) expect((await send(server)).status).toBe(204)
    expect(await send(server)).toMatchObject(limited)
    for (let time = 0; time < 10; time += 1)
      expect((await send(server, { email: 'ada@example.com' })).status).toBe(204)
    expect(await send(server, { email: 'ada@example.com' })).toMatchObject(limited)
  })

  test('is answered as every other number when nothing is connected that could send', async () => {
    const server = await launch(await settings())
    await make(server)
    const answers = await Promise.all([send(server), send(server, { phone: '8613800138001' })])
    expect(answers[0]).toMatchObject(code(501, 'connector.not_found'))
    expect(answers[0]).toEqual(answers[1])
  })

  test('leaves its marks: deliveries that were not sent, and who made, changed, used and deleted it', async () => {
    const server = await ready({}, await settings())
    const operator = await signInOperator(server.app)
    const stranger = await server.app.console.request('/api/console/state')
    expect(((await stranger.json()) as { testIdentities: unknown }).testIdentities).toBeNull()
    const state = async () =>
      ((await (await operator('GET', '/api/console/state')).json()) as { testIdentities: unknown })
        .testIdentities
    expect(await state()).toEqual({ enabled: true, active: 0, nextEnd: null })
    const expiresAt = Date.now() + DAY
    const input = { type: 'phone', value: `+${PHONE}`, code: CODE, expiresAt }
    const made = await operator('POST', '/api/test-identities', input)
    expect(made.status).toBe(201)
    const { id } = (await made.json()) as { id: string }
    expect(await state()).toEqual({ enabled: true, active: 1, nextEnd: expiresAt })
    await send(server)
    const visitor = await server.visit()
    await askForCode(visitor)
    await call(server, 'PATCH', `/api/test-identities/${id}`, { note: 'CI' })
    await call(server, 'DELETE', `/api/test-identities/${id}`)

    const unsent = await operator('GET', '/api/console/messages?state=not_sent')
    expect(unsent.headers.get('total-number')).toBe('2')
    expect(await unsent.json()).toMatchObject([
      { ...UNSENT, usageType: 'SignIn' },
      { ...UNSENT, usageType: 'Generic' },
    ])

    const { body: logs } = await call(server, 'GET', '/api/logs?page_size=100')
    const ofIdentity = (logs as { key: string; payload: Record<string, unknown> }[]).filter(({ key }) =>
      key.includes('TestIdentity'),
    )
    const who = ({ applicationId, operatorId }: Record<string, unknown>) =>
      operatorId === undefined ? applicationId : 'operator'
    const found = ofIdentity.map(({ key, payload }) => [key, who(payload)])
    // The log's moments are whole milliseconds: what came first within one it does not know.
    expect(new Set(found)).toEqual(
      new Set([
        ['Action.DeleteTestIdentity', ADMIN.id],
        ['Action.UpdateTestIdentity', ADMIN.id],
        ['TestIdentity.Use', visitor.applicationId],
        ['TestIdentity.Use', ADMIN.id],
        ['Action.CreateTestIdentity', 'operator'],
      ]),
    )
    for (const { payload } of ofIdentity)
      expect(payload.testIdentity).toEqual({ id, type: 'phone', value: '+86 138****8000' })
    expect(JSON.stringify(logs)).not.toContain(CODE)
    expect(JSON.stringify(logs)).not.toContain(PHONE)
    expect(server.log.join('\n')).not.toContain(CODE)
  })
})

test.each([
  [{ code: '24681' }, 'code'],
  [{ code: '24681a' }, 'code'],
  [{ code: 246810 }, 'code'],
  [{ expiresAt: 1 }, 'expiresAt'],
  [{ expiresAt: Date.now() + 91 * DAY }, 'expiresAt'],
  [{ expiresAt: '2030-01-01' }, 'expiresAt'],
  [{ type: 'username' }, 'type'],
  [{ value: '' }, 'value'],
  [{ value: 'nobody' }, 'value'],
  [{ note: 'x'.repeat(257) }, 'note'],
  [{ userId: 'nobody' }, 'userId'],
])('a test identity with %j is refused, and %s is named', async (input, field) => {
  const server = await launch(ON)
  const refused = await make(server, input)
  expect(refused).toMatchObject(code(400, 'guard.invalid_input'))
  expect(refused.body.data.issues[0].path).toEqual([field])
  expect(refused.body.details).toContain(`Error in key path "${field}"`)
})

test('a second test identity for one address is refused', async () => {
  const server = await launch(ON)
  await make(server, MAIL)
  expect(await make(server, { ...MAIL, value: 'REVIEW@example.com' })).toMatchObject(
    code(422, 'test_identity.already_exists'),
  )
})
