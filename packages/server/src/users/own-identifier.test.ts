import { expect, test } from 'vitest'
import { ready as accountReady, newUser, OPEN, signIn } from '../account/testing.ts'
import type { Browser } from '../testing/browser.ts'
import type { Launched } from '../testing/launch.ts'
import { askForCode, INBOX, PHONE, ready } from '../testing/visitor.ts'

/** The visitor's own number, as somebody may hope that nobody thinks of it. */
const OWN = '138-0013-8000'
const REJECTED = {
  code: 'password.rejected',
  data: [{ code: 'password_rejected.restricted.user_info' }],
}

const identifier = { type: 'phone', value: PHONE }

/** A visitor who has proved to hold the number. */
async function proven(server: Launched, interactionEvent: string): Promise<[Browser, string]> {
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent })
  const asked = await visitor.experience('POST', '/verification/verification-code', {
    identifier,
    interactionEvent,
  })
  const { verificationId } = asked.json
  // To the owner of an account a code of a reset leaves after the answer.
  await server.app.settled()
  await visitor.experience('POST', '/verification/verification-code/verify', {
    identifier,
    verificationId,
    code: server.codeFor(INBOX),
  })
  return [visitor, verificationId]
}

test('who registers cannot take the number that they have just proved as password, staged or not', async () => {
  const server = await ready()
  const [visitor] = await proven(server, 'Register')
  const staged = await visitor.experience('POST', '/profile', { type: 'password', value: OWN })
  expect(staged).toMatchObject({ status: 422, json: REJECTED })
  const identity = { identifier: { type: 'username', value: 'grace' }, password: OWN }
  const prepared = await visitor.experience('POST', '/verification/new-password-identity', identity)
  expect(prepared).toMatchObject({ status: 422, json: REJECTED })
  const other = await visitor.experience('POST', '/profile', { type: 'password', value: 'a good passphrase' })
  expect(other.status).toBe(204)
})

test('who resets the password cannot take the own number, nor the own address', async () => {
  const server = await ready()
  await server.manage('POST', '/api/users', {
    primaryPhone: PHONE,
    primaryEmail: 'ada.lovelace@example.com',
  })
  const [visitor, verificationId] = await proven(server, 'ForgotPassword')
  await visitor.experience('POST', '/identification', { verificationId })
  for (const password of [OWN, 'Ada.Lovelace+x@example.com'])
    expect(await visitor.experience('PUT', '/profile/password', { password })).toMatchObject({
      status: 422,
      json: REJECTED,
    })
})

test('the page of a reset says why it does not take the own number', async () => {
  const server = await ready()
  await server.manage('POST', '/api/users', { primaryPhone: PHONE })
  const visitor = await server.visit()
  const asked = await askForCode(visitor, '/reset-password')
  await server.app.settled()
  const form = await visitor.submit(asked, { code: server.codeFor(INBOX) })
  const told = await visitor.submit(form, { password: OWN, repeat: OWN })
  expect(told.text).toContain('Avoid your name, phone number or email address in the password.')
})

test('who is signed in cannot take the own number; a back end may write what it likes, and can ask first', async () => {
  const server = await accountReady(OPEN)
  const userId = await newUser(server, { primaryPhone: PHONE })
  const user = await signIn(server)
  const set = await user.call('POST', '/api/my-account/password', { password: OWN }, await user.proof())
  expect(set).toMatchObject({ status: 422, body: REJECTED })

  const asked = await server.manage('POST', '/api/sign-in-exp/default/check-password', {
    password: OWN,
    userId,
  })
  expect([asked.status, await asked.json()]).toEqual([400, { result: false, issues: REJECTED.data }])
  const written = await server.manage('PATCH', `/api/users/${userId}/password`, { password: OWN })
  expect(written.status).toBe(200)
})
