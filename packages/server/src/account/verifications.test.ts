import { describe, expect, test } from 'vitest'
import type { Launched } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'
import {
  callWith,
  changed,
  EMAIL,
  newUser,
  OPEN,
  PASSWORD,
  PHONE,
  ready,
  type SignedIn,
  signIn,
} from './testing.ts'

const code = (status: number, name: string) => ({ status, body: { code: name, message: expect.any(String) } })

const email = { type: 'email', value: EMAIL } as const
const phone = { type: 'phone', value: PHONE } as const
const SEND = '/api/verifications/verification-code'

const wrongFor = (right: string) => (right === '000000' ? '111111' : '000000')

/** Whether the record opens what asks for a proof. */
const proves = async (user: SignedIn, id: string) => {
  const { status, body } = await user.call('GET', '/api/my-account/sessions', undefined, id)
  if (status !== 200) expect(body.code).toBe('verification_record.permission_denied')
  return status === 200
}

/** A server with a user who is signed in. */
async function signedIn(
  input: object = {},
  settings: object = {},
): Promise<{ server: Launched; user: SignedIn }> {
  const server = await ready(OPEN, settings)
  await newUser(server, input)
  return { server, user: await signIn(server) }
}

describe('a password', () => {
  test('proves its user for ten minutes, in as many calls as it takes', async () => {
    const { server, user } = await signedIn()
    const answer = await user.call('POST', '/api/verifications/password', { password: PASSWORD })
    expect(answer).toMatchObject({
      status: 201,
      body: {
        verificationRecordId: expect.stringMatching(/^[0-9a-z]{21}$/),
        expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    })
    const { verificationRecordId: id, expiresAt } = answer.body
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(9 * 60_000)
    expect([await proves(user, id), await proves(user, id)]).toEqual([true, true])
    expect([await proves(user, ''), await proves(user, 'x'.repeat(21))]).toEqual([false, false])
    server.wait(599_000)
    // A second token of the same user may use it too.
    expect(await proves(user, id)).toBe(true)
    server.wait(1_000)
    expect(await proves(user, id)).toBe(false)
  })

  test('proves nobody else', async () => {
    const { server, user } = await signedIn()
    await newUser(server, { username: 'grace' })
    const stranger = await signIn(server, { username: 'grace' })
    expect(await proves(user, await stranger.proof())).toBe(false)
  })

  test('that has expired still proves its user, who can then replace it', async () => {
    const { server, user } = await signedIn()
    // Without this rule the user would be shut out of the very page on which the password can be changed.
    await server.app.users.update(user.userId, { passwordExpired: true })
    expect(await proves(user, await user.proof())).toBe(true)
  })

  test('that is wrong is refused, and after too many of them the right one too', async () => {
    const { server, user } = await signedIn({}, { sentinelPolicy: { maxAttempts: 3, lockoutDuration: 5 } })
    const prove = (password: string) => user.call('POST', '/api/verifications/password', { password })
    expect(await prove('')).toMatchObject(code(400, 'guard.invalid_input'))
    for (const _ of [1, 2])
      expect(await prove('wrong')).toMatchObject(code(422, 'session.invalid_credentials'))
    const blocked = code(400, 'session.verification_blocked_too_many_attempts')
    expect(await prove('wrong')).toMatchObject(blocked)
    expect(await prove(PASSWORD)).toMatchObject(blocked)
    server.wait(5 * 60_000 + 1)
    expect((await prove(PASSWORD)).status).toBe(201)
  })

  test('of a user who has none is wrong', async () => {
    const { server, user } = await signedIn()
    await server.app.users.update(user.userId, { passwordHash: null })
    expect(await user.call('POST', '/api/verifications/password', { password: PASSWORD })).toMatchObject(
      code(422, 'session.invalid_credentials'),
    )
  })
})

describe('a code to the own identifier', () => {
  test.each([
    [email, { primaryEmail: EMAIL }, EMAIL],
    [phone, { primaryPhone: PHONE }, `+${PHONE}`],
  ])('proves its user once it is entered: %o', async (identifier, input, inbox) => {
    const { server, user } = await signedIn(input)
    const answer = await user.call('POST', SEND, { identifier })
    expect(answer).toMatchObject({
      status: 201,
      body: { verificationRecordId: expect.any(String), expiresAt: expect.stringMatching(/Z$/) },
    })
    const id = answer.body.verificationRecordId
    expect(await proves(user, id)).toBe(false)
    expect(await user.verify(identifier, id, server.codeFor(inbox))).toMatchObject({
      status: 200,
      body: { verificationRecordId: id },
    })
    expect(await proves(user, id)).toBe(true)
  })

  test.each([
    ['UserPermissionValidation', true],
    ['BindMfa', false],
  ])('asked for as %s proves its user: %s', async (templateType, expected) => {
    const { server, user } = await signedIn({ primaryEmail: EMAIL })
    const id = await user.send(email, templateType)
    await user.verify(email, id, server.codeFor(EMAIL))
    expect(await proves(user, id)).toBe(expected)
    expect(await usages(server)).toEqual([templateType])
  })

  test('written otherwise is one to a new identifier, and proves nothing of the user', async () => {
    const { server, user } = await signedIn({ primaryEmail: EMAIL })
    const identifier = { type: 'email', value: 'ADA@example.com' }
    const id = await user.send(identifier, 'UserPermissionValidation')
    await user.verify(identifier, id, server.codeFor('ADA@example.com'))
    expect(await proves(user, id)).toBe(false)
    expect(await usages(server)).toEqual(['BindNewIdentifier'])
  })
})

/** The usage types of what was sent. */
async function usages(server: Launched) {
  const asOperator = await signInOperator(server.app)
  const messages = await (await asOperator('GET', '/api/console/messages')).json()
  return (messages as { usageType: string }[]).map(({ usageType }) => usageType)
}

describe('sending a code', () => {
  test.each([
    [{ type: 'username', value: 'ada' }],
    [{ type: 'phone', value: `+${PHONE}` }],
    [{ type: 'email', value: 'ada@example' }],
  ])('to %o is refused', async identifier => {
    const { user } = await signedIn()
    expect(await user.call('POST', SEND, { identifier })).toMatchObject(code(400, 'guard.invalid_input'))
  })

  test('writes in the language of the sign-in, of the caller where languages are detected, else the fallback', async () => {
    const { server, user } = await signedIn({ primaryEmail: EMAIL })
    const templates = ['de', 'en', 'zh-CN'].map(languageTag => ({
      languageTag,
      templateType: 'UserPermissionValidation',
      details: { subject: languageTag, content: '{{code}} {{locale}} {{uiLocales}}' },
    }))
    expect((await server.manage('PUT', '/api/email-templates', { templates })).status).toBe(200)
    const visitor = await server.visit({ ui_locales: 'tlh de' })
    const ofSignIn = [...visitor.cookies.values()].map(({ name, value }) => `${name}=${value}`).join('; ')
    for (const [autoDetect, header, cookie, written] of [
      [true, 'en', undefined, 'en'],
      [true, 'tlh, de-AT', undefined, 'de'],
      [true, 'tlh', undefined, 'zh-CN'],
      [true, '*', undefined, 'zh-CN'],
      [true, '', undefined, 'zh-CN'],
      [false, 'en', undefined, 'zh-CN'],
      [false, 'en', ofSignIn, 'de'],
      [true, 'en', '_logto={"uiLocales":"no tag!"}', 'en'],
      [true, 'en', '_logto=%', 'en'],
    ] as const) {
      const languageInfo = { autoDetect, fallbackLanguage: 'zh-CN' }
      await changed(server, '/api/sign-in-exp', { languageInfo })
      const headers = { 'accept-language': header, ...(cookie && { cookie }) }
      const body = { identifier: email }
      const sent = await callWith(server, `Bearer ${user.token}`, 'POST', SEND, body, headers)
      expect(sent.status).toBe(201)
      const [mail] = server.clouds.inbox.messages()
      expect([header, mail!.subject]).toEqual([header, written])
      expect(mail!.text).toContain(`${written} ${cookie === ofSignIn ? 'tlh de' : '{{uiLocales}}'}`)
    }
    const connectors = (await (await server.manage('GET', '/api/connectors')).json()) as {
      id: string
      type: string
      config: { templates: { usageType: string }[] }
    }[]
    const { id, config } = connectors.find(({ type }) => type === 'Sms')!
    const inTraditional = config.templates.map(({ usageType }) => ({
      usageType,
      templateCode: 'SMS_100000003',
      locale: 'zh-TW',
    }))
    const rows = { ...config, templates: [...config.templates, ...inTraditional] }
    expect((await server.manage('PATCH', `/api/connectors/${id}`, { config: rows })).status).toBe(200)
    await changed(server, '/api/sign-in-exp', {
      languageInfo: { autoDetect: true, fallbackLanguage: 'en' },
    })
    for (const [value, header, words] of [
      ['8613900001111', 'zh-HK', '重置密码'],
      ['8613900001112', 'en', '您的验证码'],
    ] as const) {
      const body = { identifier: { type: 'phone', value } }
      const headers = { 'accept-language': header }
      expect((await callWith(server, `Bearer ${user.token}`, 'POST', SEND, body, headers)).status).toBe(201)
      expect([header, server.clouds.inbox.messages()[0]!.text]).toEqual([
        header,
        expect.stringContaining(words),
      ])
    }
  })

  test('says nothing about who else has the identifier', async () => {
    const { server, user } = await signedIn()
    await newUser(server, { username: 'grace', primaryEmail: EMAIL })
    const answers = [
      await user.call('POST', SEND, { identifier: email }),
      await user.call('POST', SEND, { identifier: { type: 'email', value: 'nobody@example.com' } }),
    ]
    for (const { status, body } of answers) {
      expect(status).toBe(201)
      expect(Object.keys(body).sort()).toEqual(['expiresAt', 'verificationRecordId'])
    }
  })

  test('to a new e-mail address asks the block list; to the own one it does not', async () => {
    const emailBlocklistPolicy = { customBlocklist: ['@example.com'] }
    const { user } = await signedIn({ primaryEmail: EMAIL }, { emailBlocklistPolicy })
    expect((await user.call('POST', SEND, { identifier: email })).status).toBe(201)
    const identifier = { type: 'email', value: 'other@example.com' }
    expect(await user.call('POST', SEND, { identifier })).toMatchObject(
      code(422, 'session.email_blocklist.email_not_allowed'),
    )
  })

  test('shares its allowance with all other sends to the recipient', async () => {
    const { server, user } = await signedIn()
    for (let count = 0; count < 9; count += 1)
      expect((await server.manage('POST', '/api/verification-codes', { email: EMAIL })).status).toBe(204)
    expect((await user.call('POST', SEND, { identifier: email })).status).toBe(201)
    expect(await user.call('POST', SEND, { identifier: email })).toMatchObject(
      code(429, 'request.message_rate_limited'),
    )
  })

  test('that fails leaves neither a record nor a place in the allowance taken', async () => {
    const { server, user } = await signedIn()
    const connectors = (await (await server.manage('GET', '/api/connectors')).json()) as {
      id: string
      type: string
    }[]
    for (const { id } of connectors) await server.manage('DELETE', `/api/connectors/${id}`)
    for (let count = 0; count < 11; count += 1)
      expect(await user.call('POST', SEND, { identifier: phone })).toMatchObject(
        code(501, 'connector.not_found'),
      )
    await server.connect('aliyun-sms')
    expect((await user.call('POST', SEND, { identifier: phone })).status).toBe(201)
  })

  test('keeps earlier codes good, each for its own record', async () => {
    const { server, user } = await signedIn({ primaryEmail: EMAIL })
    const first = await user.send(email)
    const firstCode = server.codeFor(EMAIL)
    const second = await user.send(email)
    const secondCode = server.codeFor(EMAIL)
    expect((await user.verify(email, first, firstCode)).status).toBe(200)
    expect((await user.verify(email, second, secondCode)).status).toBe(200)
  })
})

describe('entering a code', () => {
  test('is refused in the words of what is wrong', async () => {
    const { server, user } = await signedIn()
    await newUser(server, { username: 'grace' })
    const stranger = await signIn(server, { username: 'grace' })
    const id = await user.send(email)
    const right = server.codeFor(EMAIL)
    const other = { type: 'email', value: 'other@example.com' }
    const enter = (identifier: object, record: string, text: string, who = user) =>
      who.verify(identifier, record, text)
    const absent = code(400, 'verification_record.not_found')
    expect(await enter(email, 'x'.repeat(21), right)).toMatchObject(absent)
    expect(await enter(email, 'no id at all', right)).toMatchObject(absent)
    expect(await enter(phone, id, right)).toMatchObject(absent)
    expect(await enter(email, await user.proof(), right)).toMatchObject(absent)
    expect(await enter(email, id, right, stranger)).toMatchObject(absent)
    expect(await enter(email, id, '')).toMatchObject(code(400, 'verification_code.not_found'))
    expect(await enter(other, id, right)).toMatchObject(code(400, 'verification_code.email_mismatch'))
    expect(await enter(email, id, wrongFor(right))).toMatchObject(
      code(400, 'verification_code.code_mismatch'),
    )
    expect((await enter(email, id, right)).status).toBe(200)
    expect(await enter(email, id, right)).toMatchObject(code(400, 'verification_code.not_found'))
  })

  test('late, too often, or after the record is gone does not help', async () => {
    const verificationCodePolicy = { expirationDuration: 60, maxRetryAttempts: 2 }
    const { server, user } = await signedIn({}, { verificationCodePolicy })
    const id = await user.send(email)
    const right = server.codeFor(EMAIL)
    for (const _ of [1, 2]) await user.verify(email, id, wrongFor(right))
    expect(await user.verify(email, id, right)).toMatchObject(code(400, 'verification_code.exceed_max_try'))
    const late = await user.send(email)
    server.wait(60_000)
    expect(await user.verify(email, late, server.codeFor(EMAIL))).toMatchObject(
      code(400, 'verification_code.expired'),
    )
    server.wait(9 * 60_000)
    expect(await user.verify(email, late, server.codeFor(EMAIL))).toMatchObject(
      code(400, 'verification_record.not_found'),
    )
  })

  test('of parallel guesses looks at as many as the policy allows, and of parallel right ones takes one', async () => {
    const { server, user } = await signedIn({}, { verificationCodePolicy: { maxRetryAttempts: 5 } })
    const id = await user.send(email)
    const right = server.codeFor(EMAIL)
    const guesses = await Promise.all(
      Array.from({ length: 20 }, () => user.verify(email, id, wrongFor(right))),
    )
    const codes = guesses.map(({ body }) => body.code)
    expect(codes.filter(each => each === 'verification_code.code_mismatch')).toHaveLength(5)
    expect(codes.filter(each => each === 'verification_code.exceed_max_try')).toHaveLength(15)
    const next = await user.send(email)
    const tries = await Promise.all(
      Array.from({ length: 4 }, () => user.verify(email, next, server.codeFor(EMAIL))),
    )
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('of another length is refused as wrong, and costs neither a try nor a failure', async () => {
    const { server, user } = await signedIn(
      {},
      { verificationCodePolicy: { maxRetryAttempts: 2 }, sentinelPolicy: { maxAttempts: 3 } },
    )
    const id = await user.send(email)
    for (const wrong of ['1', '12345', '1234567', 'letter'])
      expect(await user.verify(email, id, wrong)).toMatchObject(code(400, 'verification_code.code_mismatch'))
    expect((await user.verify(email, id, server.codeFor(EMAIL))).status).toBe(200)
  })

  test('wrongly counts against the address that the code went to, together with the sign-in page', async () => {
    const { server, user } = await signedIn({}, { sentinelPolicy: { maxAttempts: 3, lockoutDuration: 60 } })
    const victim = { type: 'email', value: 'victim@example.com' }
    const id = await user.send(email)
    for (const _ of [1, 2])
      expect((await user.verify(victim, id, '000000')).body.code).toBe('verification_code.email_mismatch')
    const blocked = code(400, 'session.verification_blocked_too_many_attempts')
    expect(await user.verify(victim, id, '000000')).toMatchObject(blocked)
    expect(await user.verify(email, id, server.codeFor(EMAIL))).toMatchObject(blocked)
    // What a caller merely names stays open.
    const other = await user.send(victim)
    expect((await user.verify(victim, other, server.codeFor(victim.value))).status).toBe(200)
    // The page counts in the same place.
    const page = await server.visit()
    await page.experience('PUT', '', { interactionEvent: 'SignIn' })
    const refused = await page.experience('POST', '/verification/password', {
      identifier: email,
      password: PASSWORD,
    })
    expect(refused.json.code).toBe('session.verification_blocked_too_many_attempts')
  })
})

test('strangers who use up all guesses at an own number keep nobody from proving it who is signed in', async () => {
  const { server, user } = await signedIn({ primaryPhone: PHONE })
  const { limits } = server.app
  for (let guess = 0; guess < 120; guess += 1)
    for (const kind of ['password', 'code'] as const) {
      const client = { address: `198.51.100.${guess}`, visit: `visit ${guess}` }
      const attempt = { kind, succeeded: false, client, message: `message ${guess}` }
      await limits.report('visitor', PHONE, attempt, {}).catch(() => undefined)
      // The id of a user is no identifier that anybody can guess at on a page.
      await limits.report('visitor', user.userId, attempt, {}).catch(() => undefined)
    }
  await user.proof()
  const id = await user.send(phone)
  const right = server.codeFor(`+${PHONE}`)
  for (let failure = 0; failure < 4; failure += 1)
    expect((await user.verify(phone, id, wrongFor(right))).body.code).toBe('verification_code.code_mismatch')
  expect((await user.verify(phone, id, right)).body.code).toBe(
    'session.verification_blocked_too_many_attempts',
  )
})

test('no call of the account API leaves an identifier or a code in the log', async () => {
  const { server, user } = await signedIn()
  const id = await user.send(phone)
  const right = server.codeFor(`+${PHONE}`)
  await user.verify(phone, id, right)
  await changed(server, '/api/account-center', { enabled: true })
  const log = server.log.join('\n')
  for (const secret of [PHONE, PHONE.slice(2), right, user.token]) expect(log).not.toContain(secret)
})
