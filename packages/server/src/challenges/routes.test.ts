import { describe, expect, test } from 'vitest'
import { call, code } from '../testing/calls.ts'
import { type Launched, launch } from '../testing/launch.ts'

const PHONE = { phone: '8613800138000' }
const MAIL = { email: 'ada@example.com' }

const send = (server: Launched, body: object) => call(server, 'POST', '/api/verification-codes', body)
const verify = (server: Launched, to: object, verificationCode: string) =>
  call(server, 'POST', '/api/verification-codes/verify', { ...to, verificationCode })
const wrongFor = (right: string) => (right === '000000' ? '111111' : '000000')

describe('codes for back ends', () => {
  test('are sent, and taken once', async () => {
    const server = await launch()
    await server.connect('aliyun-sms')
    expect(await send(server, PHONE)).toEqual({ status: 204, body: '' })
    const sent = server.codeFor('+8613800138000')
    expect(await verify(server, PHONE, wrongFor(sent))).toMatchObject(
      code(400, 'verification_code.code_mismatch'),
    )
    expect(await verify(server, PHONE, sent)).toEqual({ status: 204, body: '' })
    expect(await verify(server, PHONE, sent)).toMatchObject(code(400, 'verification_code.not_found'))
  })

  test('go to the e-mail address when both are given', async () => {
    const server = await launch()
    await server.connect('aliyun-sms')
    await server.connect('aliyun-dm')
    await send(server, { ...PHONE, ...MAIL })
    expect(server.clouds.inbox.messages().map(each => each.to)).toEqual([MAIL.email])
    expect(await verify(server, { ...PHONE, ...MAIL }, server.codeFor(MAIL.email))).toMatchObject({
      status: 204,
    })
  })

  test('are kept for the recipient exactly as given', async () => {
    const server = await launch()
    await server.connect('aliyun-dm')
    await send(server, MAIL)
    expect(await verify(server, { email: 'Ada@example.com' }, server.codeFor(MAIL.email))).toMatchObject(
      code(400, 'verification_code.not_found'),
    )
  })

  test('expire and run out of tries by the policy', async () => {
    const server = await launch()
    await server.connect('aliyun-sms')
    const verificationCodePolicy = { expirationDuration: 60, maxRetryAttempts: 2 }
    await call(server, 'PATCH', '/api/sign-in-exp', { verificationCodePolicy })
    await send(server, PHONE)
    const first = server.codeFor('+8613800138000')
    for (let guess = 0; guess < 2; guess += 1) await verify(server, PHONE, wrongFor(first))
    expect(await verify(server, PHONE, first)).toMatchObject(code(400, 'verification_code.exceed_max_try'))
    await send(server, PHONE)
    server.wait(60_000)
    expect(await verify(server, PHONE, server.codeFor('+8613800138000'))).toMatchObject(
      code(400, 'verification_code.expired'),
    )
  })

  test('are limited to ten for a recipient, whatever the spelling', async () => {
    const server = await launch()
    await server.connect('aliyun-dm')
    for (let time = 0; time < 10; time += 1)
      expect((await send(server, { email: time % 2 ? 'ADA@example.com' : MAIL.email })).status).toBe(204)
    expect(await send(server, MAIL)).toMatchObject(code(429, 'request.message_rate_limited'))
  })

  test('cannot be sent without a connector, and asking for them uses nothing up', async () => {
    const server = await launch()
    for (let time = 0; time < 12; time += 1)
      expect(await send(server, PHONE)).toMatchObject(code(501, 'connector.not_found'))
    await server.connect('aliyun-sms')
    expect((await send(server, PHONE)).status).toBe(204)
  })

  test('cannot be sent without a connector, and are there all the same: what is checked afterwards is another', async () => {
    const server = await launch()
    expect(await verify(server, MAIL, '123456')).toMatchObject(code(400, 'verification_code.not_found'))
    expect(await send(server, MAIL)).toMatchObject(code(501, 'connector.not_found'))
    expect(await verify(server, MAIL, '123456')).toMatchObject(code(400, 'verification_code.code_mismatch'))
  })

  test('that are out stay good when another one cannot be sent because the connector is gone', async () => {
    const server = await launch()
    await server.connect('aliyun-dm')
    await send(server, MAIL)
    const [{ id }] = (await call(server, 'GET', '/api/connectors')).body
    expect((await call(server, 'DELETE', `/api/connectors/${id}`)).status).toBe(204)
    expect(await send(server, MAIL)).toMatchObject(code(501, 'connector.not_found'))
    expect((await verify(server, MAIL, server.codeFor(MAIL.email))).status).toBe(204)
  })

  test.each([
    ['', {}],
    ['', { phone: '+8613800138000' }],
    ['', { phone: 8613800138000 }],
    ['', { email: 'ada@example' }],
    ['/verify', PHONE],
    ['/verify', { ...PHONE, verificationCode: '' }],
    ['/verify', { ...PHONE, verificationCode: 123456 }],
    ['/verify', { verificationCode: '123456' }],
  ])('%s %j is refused with the field named', async (path, body) => {
    const server = await launch()
    const refused = await call(server, 'POST', `/api/verification-codes${path}`, body)
    expect(refused).toMatchObject(code(400, 'guard.invalid_input'))
    expect(refused.body.data.issues[0].path.length).toBeGreaterThan(0)
    expect(refused.body.details).toContain('Error in key path "')
  })
})
