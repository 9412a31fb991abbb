import { describe, expect, test } from 'vitest'
import { ready } from '../testing/visitor.ts'
import { emailProblem, isBlocklistItem } from './email-blocklist.ts'

const notAllowed = 'session.email_blocklist.email_not_allowed'

describe('the e-mail block list', () => {
  test.each([
    ['ada@example.com', {}, undefined],
    ['ada+shop@example.com', {}, undefined],
    [
      'ada+shop@example.com',
      { blockSubaddressing: true },
      'session.email_blocklist.email_subaddressing_not_allowed',
    ],
    ['ada@exa+mple.com', { blockSubaddressing: true }, undefined],
    ['ada@example.com', { customBlocklist: ['ADA@Example.com'] }, notAllowed],
    ['ada@example.com', { customBlocklist: ['@example.com'] }, notAllowed],
    ['ada@sub.example.com', { customBlocklist: ['@example.com'] }, undefined],
    ['ada@sub.example.com', { customBlocklist: ['@*.example.com'] }, notAllowed],
    ['ada@exampleXcom', { customBlocklist: ['@example.com'] }, undefined],
    ['spam-17@example.com', { customBlocklist: ['spam-*@example.com'] }, notAllowed],
    ['a.d.a@googlemail.com', { customBlocklist: ['ada@gmail.com'] }, notAllowed],
    ['ada@gmail.com', { customBlocklist: ['a.da@googlemail.com'] }, notAllowed],
    ['a.da@example.com', { customBlocklist: ['ada@example.com'] }, undefined],
    ['ada@example.com', { customAllowlist: ['@example.com'] }, undefined],
    ['ada@example.org', { customAllowlist: ['@example.com'] }, notAllowed],
    [
      'eve@example.com',
      { customAllowlist: ['@example.com'], customBlocklist: ['eve@example.com'] },
      notAllowed,
    ],
    ['lim@例子.测试', { customBlocklist: ['@xn--fsqu00a.xn--0zwm56d'] }, notAllowed],
    ['lim@xn--fsqu00a.xn--0zwm56d', { customBlocklist: ['@例子.测试'] }, notAllowed],
    ['lim@mail.XN--FSQU00A.xn--0zwm56d', { customBlocklist: ['@*.例子.测试'] }, notAllowed],
    ['lim@xn--bcher-kva.example.com', { customBlocklist: ['@b*cher.example.com'] }, notAllowed],
    ['lim@xn--bcher-kva.example.com', { customAllowlist: ['@bücher.example.com'] }, undefined],
    ['ada@ｅｘａｍｐｌｅ.com', { customBlocklist: ['@example.com'] }, notAllowed],
    ['ada@example.com.', { customBlocklist: ['@example.com'] }, notAllowed],
    ['a\u200Bda＠example.com', { customBlocklist: ['ada@example.com'] }, notAllowed],
    ['ada@example.com', { customBlocklist: ['＠example．com'] }, notAllowed],
    [
      'ada＋shop@example.com',
      { blockSubaddressing: true },
      'session.email_blocklist.email_subaddressing_not_allowed',
    ],
    ['example.com', {}, 'session.email_blocklist.invalid_email'],
  ])('says of %s with %j: %s', (address, policy, problem) => {
    expect(emailProblem(address, policy)).toBe(problem)
  })

  test('has items of two forms', () => {
    for (const item of ['ada@example.com', '@example.com', '*@*.example.com', 'a*@ex*.com'])
      expect(isBlocklistItem(item), item).toBe(true)
    for (const item of ['', 'example.com', '@example', '@*.*', '@*', 'a b@example.com', 'a@b@c.de'])
      expect(isBlocklistItem(item), item).toBe(false)
  })
})

test('an address on the list can neither register nor be added, but whoever has it signs in', async () => {
  const server = await ready({
    signUp: { identifiers: ['email'], password: false, verify: true },
    signIn: {
      methods: [{ identifier: 'email', password: false, verificationCode: true, isPasswordPrimary: false }],
    },
    emailBlocklistPolicy: { customBlocklist: ['@example.com', '@example.com'] },
  })
  const settings = (await (await server.manage('GET', '/api/sign-in-exp')).json()) as object
  expect(settings).toMatchObject({ emailBlocklistPolicy: { customBlocklist: ['@example.com'] } })
  const identifier = { type: 'email', value: 'ada@example.com' }
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
  const path = '/verification/verification-code'
  expect(await visitor.experience('POST', path, { identifier, interactionEvent: 'Register' })).toMatchObject({
    status: 422,
    json: { code: notAllowed },
  })
  const sent = await visitor.experience('POST', path, { identifier, interactionEvent: 'SignIn' })
  const { verificationId } = sent.json
  const code = server.codeFor('ada@example.com')
  await visitor.experience('POST', `${path}/verify`, { identifier, verificationId, code })
  await visitor.experience('PUT', '/interaction-event', { interactionEvent: 'Register' })
  for (const [to, body] of [
    ['/identification', { verificationId }],
    ['/profile', { type: 'email', verificationId }],
  ] as const)
    expect(await visitor.experience('POST', to, body)).toMatchObject({ json: { code: notAllowed } })
  await server.manage('POST', '/api/users', { primaryEmail: 'ada@example.com' })
  await visitor.experience('PUT', '/interaction-event', { interactionEvent: 'SignIn' })
  expect(await visitor.experience('POST', '/identification', { verificationId })).toMatchObject({
    status: 204,
  })
})

test('a list with an item of another form is refused', async () => {
  const server = await ready()
  const answer = await server.manage('PATCH', '/api/sign-in-exp', {
    emailBlocklistPolicy: { customBlocklist: ['example.com'] },
  })
  expect(await answer.json()).toMatchObject({
    code: 'sign_in_experiences.invalid_custom_email_blocklist_format',
    data: { items: ['example.com'] },
  })
})
