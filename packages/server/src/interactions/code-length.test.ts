import { describe, expect, test } from 'vitest'
import { launch } from '../testing/launch.ts'
import { askForCode, byPhone, go, INBOX, noticeOf, PHONE, ready, wrongFor } from '../testing/visitor.ts'

const byEmail = {
  signUp: { identifiers: ['email'], password: false, verify: true },
  signIn: {
    methods: [{ identifier: 'email', password: false, verificationCode: true, isPasswordPrimary: false }],
  },
}
const EMAIL = 'ada@example.com'

test('codes are as long as the policy says: on the page, in the message, and for back ends', async () => {
  const server = await ready({ verificationCodePolicy: { resendInterval: 0, codeLength: 4 } })
  const visitor = await server.visit()
  const page = await askForCode(visitor)
  expect(page.text).toContain('a 4-digit code')
  expect(page.text).toContain('data-code-length="4"')
  const code = server.codeFor(INBOX)
  expect(code).toMatch(/^\d{4}$/)
  const { json } = await visitor.experience('GET', '/interaction')
  expect(Object.keys(json.verificationRecords[0]).sort()).toEqual([
    'id',
    'identifier',
    'templateType',
    'type',
    'verified',
  ])
  expect(noticeOf(await visitor.submit(page, { code: code === '0000' ? '1111' : '0000' }))).toMatch(
    'not right',
  )
  expect((await visitor.submit(page, { code })).url).toContain('/sign-in/create')

  for (const [recipient, inbox] of [
    [{ phone: PHONE }, INBOX],
    [{ email: EMAIL }, EMAIL],
  ] as const) {
    expect((await server.manage('POST', '/api/verification-codes', recipient)).status).toBe(204)
    const verificationCode = server.codeFor(inbox)
    expect(verificationCode).toMatch(/^\d{4}$/)
    const verified = await server.manage('POST', '/api/verification-codes/verify', {
      ...recipient,
      verificationCode,
    })
    expect(verified.status).toBe(204)
  }
})

test('a length that a connection in use cannot carry is refused by field, connector and remedy', async () => {
  const server = await ready({ verificationCodePolicy: {} })
  const save = async (codeLength: number) => {
    const answer = await server.manage('PATCH', '/api/sign-in-exp', {
      verificationCodePolicy: { codeLength },
    })
    return { status: answer.status, body: (await answer.json()) as { code: string; details?: string } }
  }
  expect(await save(8)).toEqual({
    status: 400,
    body: {
      code: 'sign_in_experiences.code_length_not_supported',
      message:
        'The connected provider cannot carry codes of this length: Aliyun SMS takes 4 to 6 digits, not 8. Change "verificationCodePolicy.codeLength", or connect another provider first.',
      data: { field: 'verificationCodePolicy.codeLength', connector: 'aliyun-sms', least: 4, most: 6 },
    },
  })
  for (const impossible of [3, 9, 4.5]) {
    const { status, body } = await save(impossible)
    expect([status, body.code]).toEqual([400, 'guard.invalid_input'])
    expect(body.details).toContain('verificationCodePolicy.codeLength')
  }
  const stored = (await (await server.manage('GET', '/api/sign-in-exp')).json()) as Record<string, unknown>
  expect(stored.verificationCodePolicy).toEqual({})
})

test('a connection made later gets codes of the length that it can carry, and what was saved stays', async () => {
  const server = await launch()
  await server.connect('aliyun-dm')
  const policy = { verificationCodePolicy: { resendInterval: 0, codeLength: 8 } }
  expect((await server.manage('PATCH', '/api/sign-in-exp', { ...byEmail, ...policy })).status).toBe(200)
  const byMail = await server.visit()
  const mail = await byMail.submit(await go(byMail, '/sign-in'), { value: EMAIL })
  expect(mail.text).toContain('data-code-length="8"')
  expect(server.codeFor(EMAIL)).toMatch(/^\d{8}$/)

  await server.connect('tencent-sms')
  const changed = await server.manage('PATCH', '/api/sign-in-exp', {
    ...byPhone,
    verificationCodePolicy: { resendInterval: 0, codeLength: 8, expirationDuration: 300 },
  })
  expect(changed.status).toBe(200)
  const visitor = await server.visit()
  const page = await askForCode(visitor)
  expect(page.text).toContain('data-code-length="6"')
  expect(server.codeFor(INBOX)).toMatch(/^\d{6}$/)
  await server.manage('POST', '/api/verification-codes', { phone: PHONE })
  expect(server.codeFor(INBOX)).toMatch(/^\d{6}$/)
  // The page of before still asks for what was sent.
  expect((await go(byMail, '/sign-in/code')).text).toContain('data-code-length="8"')
})

test('page and message name the same lifetime, and never a longer one than is true', async () => {
  const server = await launch()
  await server.connect('tencent-sms', {
    templates: ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map(usageType => ({
      usageType,
      templateCode: '1000005',
      parameters: 'code,minutes',
    })),
  })
  await server.manage('PATCH', '/api/sign-in-exp', {
    ...byPhone,
    verificationCodePolicy: { resendInterval: 0, expirationDuration: 119 },
  })
  const visitor = await server.visit()
  const page = await askForCode(visitor)
  expect(page.text).toContain('It is valid for 1 minute.')
  expect(server.clouds.inbox.messages()[0]?.text).toContain('请于1分钟内')
})

describe('a code of another length than the one that was sent', () => {
  const SHORT_OF_TRIES = {
    verificationCodePolicy: { resendInterval: 0, maxRetryAttempts: 2 },
    sentinelPolicy: { maxAttempts: 3 },
  }

  test('is told its length on the page, and costs neither a try nor a failure', async () => {
    const server = await ready(SHORT_OF_TRIES)
    const visitor = await server.visit()
    const page = await askForCode(visitor)
    for (const wrong of ['1', '12345', '1234567', '12345', '1234'])
      expect(noticeOf(await visitor.submit(page, { code: wrong }))).toBe(
        'Check the code in the message and type it again. It has 6 digits.',
      )
    const code = server.codeFor(INBOX)
    expect(noticeOf(await visitor.submit(page, { code: wrongFor(code) }))).toMatch('Tries left: 1')
    expect((await visitor.submit(page, { code })).url).toContain('/sign-in/create')
  })

  test('is no failure for the Experience API either, whose answer stays that of a wrong code', async () => {
    const server = await ready(SHORT_OF_TRIES)
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
    const identifier = { type: 'phone', value: PHONE }
    const { json } = await visitor.experience('POST', '/verification/verification-code', {
      identifier,
      interactionEvent: 'SignIn',
    })
    const verify = (code: string) =>
      visitor.experience('POST', '/verification/verification-code/verify', {
        identifier,
        verificationId: json.verificationId,
        code,
      })
    for (const wrong of ['1', '12345', '1234567', 'letter', ' 12345'])
      expect(await verify(wrong)).toMatchObject({
        status: 400,
        json: {
          code: 'verification_code.code_mismatch',
          message: 'That code is not right. Check it and try again. It has 6 digits.',
        },
      })
    expect((await verify(server.codeFor(INBOX))).status).toBe(200)
  })

  test('costs no try of a back end', async () => {
    const server = await ready(SHORT_OF_TRIES)
    await server.manage('POST', '/api/verification-codes', { phone: PHONE })
    const verify = (verificationCode: string) =>
      server.manage('POST', '/api/verification-codes/verify', { phone: PHONE, verificationCode })
    for (const wrong of ['1', '12345', '1234567', 'letter']) {
      const answer = await verify(wrong)
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        400,
        'verification_code.code_mismatch',
      ])
    }
    expect((await verify(server.codeFor(INBOX))).status).toBe(204)
  })
})
