import { describe, expect, test } from 'vitest'
import { launch } from '../testing/launch.ts'
import { byPhone, INBOX, PHONE, ready, wrongFor } from '../testing/visitor.ts'

type Visitor = Awaited<ReturnType<Awaited<ReturnType<typeof ready>>['visit']>>

const phone = (value = PHONE) => ({ type: 'phone', value })
const STRANGER = '8613800138009'
const LIMITED = [429, 'request.message_rate_limited']

/** Asks for a code; status with the error's code, or the verification's id. */
async function ask(visitor: Visitor, interactionEvent: string, identifier: object = phone()) {
  const { status, json } = await visitor.experience('POST', '/verification/verification-code', {
    identifier,
    interactionEvent,
  })
  return [status, json?.code ?? json?.verificationId]
}

async function check(visitor: Visitor, verificationId: string, code: string, identifier: object = phone()) {
  const body = { identifier, verificationId, code }
  const { status, json } = await visitor.experience('POST', '/verification/verification-code/verify', body)
  return [status, json?.code]
}

const begun = async (server: Awaited<ReturnType<typeof ready>>, interactionEvent: string) => {
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent })
  return visitor
}

describe('asking for a code', () => {
  test.each([
    ['ForgotPassword', 'SignInAndRegister'],
    ['SignIn', 'SignIn'],
    ['Register', 'SignIn'],
  ])(
    'sends nothing to strangers, but counts and answers the same: %s while the mode is %s',
    async (event, signInMode) => {
      const server = await ready({ signInMode })
      await server.manage('POST', '/api/users', { primaryPhone: PHONE })
      const visitor = await begun(server, event)
      for (const number of [PHONE, STRANGER]) {
        for (let time = 0; time < 10; time += 1)
          expect(await ask(visitor, event, phone(number))).toEqual([200, expect.stringMatching(/^\w{21}$/)])
        expect(await ask(visitor, event, phone(number))).toEqual(LIMITED)
      }
      await expect.poll(() => server.clouds.inbox.messages().length).toBe(10)
      expect(new Set(server.clouds.inbox.messages().map(message => message.to))).toEqual(new Set([INBOX]))
    },
  )

  test('that failed is not counted, leaves no record, and the code before it counts again', async () => {
    const server = await ready()
    const visitor = await begun(server, 'SignIn')
    for (let time = 0; time < 8; time += 1) await ask(visitor, 'SignIn')
    const [, verificationId] = await ask(visitor, 'SignIn')
    const code = server.codeFor(INBOX)
    server.clouds.control.setFault({ code: 'isv.BLACK_KEY_CONTROL_LIMIT' })
    for (let time = 0; time < 3; time += 1)
      expect(await ask(visitor, 'SignIn')).toEqual([400, 'connector.general'])
    server.clouds.control.setFault(null)
    expect(await check(visitor, verificationId, code)).toEqual([200, undefined])
    expect((await ask(visitor, 'SignIn'))[0]).toBe(200)
    expect(await ask(visitor, 'SignIn')).toEqual(LIMITED)
  })

  test('needs a connection, and that there is none says nothing of accounts', async () => {
    const server = await launch()
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    const visitor = await begun(server, 'ForgotPassword')
    for (const number of [PHONE, STRANGER])
      expect(await ask(visitor, 'ForgotPassword', phone(number))).toEqual([501, 'connector.not_found'])
    expect((await visitor.experience('GET', '/interaction')).json.verificationRecords).toEqual([])
  })

  test('to register is refused for addresses that may not, and to sign in is not', async () => {
    const server = await ready({
      emailBlocklistPolicy: { blockSubaddressing: true, customBlocklist: ['@blocked.example'] },
    })
    const visitor = await begun(server, 'SignIn')
    const email = (value: string) => ({ type: 'email', value })
    expect(await ask(visitor, 'Register', email('a@Blocked.example'))).toEqual([
      422,
      'session.email_blocklist.email_not_allowed',
    ])
    expect(await ask(visitor, 'Register', email('a+b@example.com'))).toEqual([
      422,
      'session.email_blocklist.email_subaddressing_not_allowed',
    ])
    expect(server.clouds.inbox.messages()).toEqual([])
    expect((await ask(visitor, 'SignIn', email('a+b@blocked.example')))[0]).toBe(200)
    // What was proved to sign in may still not become an account.
    const { json } = await visitor.experience('GET', '/interaction')
    const [{ id, identifier }] = json.verificationRecords
    await check(visitor, id, server.codeFor('a+b@blocked.example'), identifier)
    await visitor.experience('PUT', '/interaction-event', { interactionEvent: 'Register' })
    expect(await visitor.experience('POST', '/identification', { verificationId: id })).toMatchObject({
      status: 422,
      json: { code: 'session.email_blocklist.email_subaddressing_not_allowed' },
    })
  })
})

describe('the lock-out', () => {
  test('counts codes and passwords together, and spends the right code that comes too late', async () => {
    const server = await ready({ sentinelPolicy: { maxAttempts: 3, lockoutDuration: 5 } })
    await server.manage('POST', '/api/users', { primaryPhone: PHONE, password: 'right password' })
    const visitor = await begun(server, 'SignIn')
    const [, id] = await ask(visitor, 'SignIn')
    const code = server.codeFor(INBOX)
    const password = (value: string) =>
      visitor.experience('POST', '/verification/password', { identifier: phone(), password: value })
    expect(await check(visitor, id, wrongFor(code))).toEqual([400, 'verification_code.code_mismatch'])
    expect((await password('wrong')).json.code).toBe('session.invalid_credentials')
    const blocked = [400, 'session.verification_blocked_too_many_attempts']
    expect(await check(visitor, id, wrongFor(code))).toEqual(blocked)
    expect((await password('right password')).json.code).toBe(blocked[1])
    expect(await check(visitor, id, code)).toEqual(blocked)
    // Asking for codes is not blocked.
    expect((await ask(visitor, 'SignIn'))[0]).toBe(200)
    server.wait(5 * 60_000 + 1)
    const [, next] = await ask(visitor, 'SignIn')
    expect(await check(visitor, id, code)).toEqual([404, 'session.verification_session_not_found'])
    expect(await check(visitor, next, server.codeFor(INBOX))).toEqual([200, undefined])
  })

  test('charges the number that the code went to, never one that a caller merely names', async () => {
    const server = await ready({ sentinelPolicy: { maxAttempts: 3, lockoutDuration: 5 } })
    await server.manage('POST', '/api/users', { primaryPhone: PHONE, password: 'right password' })
    const stranger = await begun(server, 'SignIn')
    const [, id] = await ask(stranger, 'SignIn', phone(STRANGER))
    const blocked = [400, 'session.verification_blocked_too_many_attempts']
    for (const _ of [1, 2])
      expect(await check(stranger, id, '000000')).toEqual([400, 'verification_code.phone_mismatch'])
    expect(await check(stranger, id, '000000')).toEqual(blocked)
    const owner = await begun(server, 'SignIn')
    const password = { identifier: phone(), password: 'right password' }
    expect((await owner.experience('POST', '/verification/password', password)).status).toBe(200)
    expect(await check(stranger, id, '000000', phone(STRANGER))).toEqual(blocked)
  })

  test('leaves a code that was spent while it lasted spent', async () => {
    const server = await ready({ ...byPhone, sentinelPolicy: { maxAttempts: 1, lockoutDuration: 1 } })
    const visitor = await begun(server, 'SignIn')
    const [, id] = await ask(visitor, 'SignIn')
    const code = server.codeFor(INBOX)
    await check(visitor, id, wrongFor(code))
    await check(visitor, id, code)
    server.wait(60_001)
    await server.manage('PATCH', '/api/sign-in-exp', { sentinelPolicy: {} })
    expect(await check(visitor, id, code)).toEqual([400, 'verification_code.not_found'])
  })
})
