import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../db/database.ts'
import { eachServerDatabase } from '../db/testing.ts'
import { receiver, withoutOutbox } from '../hooks/testing.ts'
import { EMAIL, newUser, OPEN, PASSWORD, PHONE, ready, signIn, verified } from './testing.ts'

const events = ['User.Data.Updated', 'Identifier.Lockout', 'Message.RateLimited']

const from = {
  hookId: expect.any(String),
  createdAt: expect.any(String),
  ip: expect.any(String),
  userAgent: expect.any(String),
}

test('webhooks hear of every change that a user makes, and of no refused one', async () => {
  const server = await ready()
  const listener = await receiver()
  await newUser(server)
  const user = await signIn(server)
  await server.manage('POST', '/api/hooks', { events, config: { url: listener.url } })
  const proof = await user.proof()
  const record = await verified(server, user, { type: 'email', value: EMAIL })
  const account = '/api/my-account'
  const email = { email: EMAIL, newIdentifierVerificationRecordId: record }
  const calls: [string, string, object | undefined, object][] = [
    ['PATCH', account, { name: 'Ada' }, { name: 'Ada' }],
    ['PATCH', `${account}/profile`, {}, { profile: {} }],
    ['POST', `${account}/password`, { password: 'another good passphrase' }, { username: 'ada' }],
    ['POST', `${account}/primary-email`, email, { primaryEmail: EMAIL }],
    ['DELETE', `${account}/primary-email`, undefined, { primaryEmail: null }],
  ]
  for (const [method, path, body, data] of calls) {
    expect((await user.call(method, path, body, proof)).status, path).toBeLessThan(300)
    await server.app.hooks.deliverDue()
    const [heard] = listener.arrived.splice(0)
    expect(heard?.body, path).toEqual({
      ...from,
      event: 'User.Data.Updated',
      data: expect.objectContaining({ id: user.userId, customData: {}, ...data }),
      ...(path.endsWith('/password') && { sessionsEnded: true }),
    })
    expect(heard?.text).not.toContain('assword')
  }
  expect((await user.call('PATCH', account, { username: 'grace' })).status).toBe(401)
  expect((await user.call('GET', account)).status).toBe(200)
  await server.app.hooks.deliverDue()
  expect(listener.arrived).toEqual([])
})

eachServerDatabase('a block of a user', fresh => {
  test('begins with its event or not at all', async () => {
    const settings = await fresh()
    const server = await ready(OPEN, { sentinelPolicy: { maxAttempts: 1, lockoutDuration: 5 } }, settings)
    const db = await openDatabase(settings.DATABASE_URL ?? '', settings.DATA_DIR ?? '')
    onTestFinished(() => db.destroy())
    await newUser(server)
    const user = await signIn(server)
    await server.manage('POST', '/api/hooks', { events, config: { url: 'https://example.com/hook' } })
    const guess = () => user.call('POST', '/api/verifications/password', { password: 'wrong' })
    const blocks = () => db.selectFrom('identifier_blocks').selectAll().execute()
    expect((await withoutOutbox(db, guess)).status).toBe(500)
    expect(await blocks()).toEqual([])
    expect((await guess()).body.code).toBe('session.verification_blocked_too_many_attempts')
    expect(await blocks()).not.toEqual([])
  })
})

test('webhooks hear of blocks and refused sends', async () => {
  const server = await ready(OPEN, { sentinelPolicy: { maxAttempts: 1, lockoutDuration: 5 } })
  const listener = await receiver()
  await newUser(server)
  const user = await signIn(server)
  await server.manage('POST', '/api/hooks', { events, config: { url: listener.url } })
  const heard = async () => {
    await server.app.hooks.deliverDue()
    return listener.arrived.splice(0).map(({ body }) => body)
  }
  await user.call('POST', '/api/verifications/password', { password: 'wrong' })
  expect(await heard()).toEqual([
    { ...from, event: 'Identifier.Lockout', type: 'userId', value: user.userId },
  ])
  const identifier = { type: 'phone', value: PHONE } as const
  const id = await user.send(identifier)
  await user.verify(identifier, id, '')
  expect(await heard()).toEqual([{ ...from, event: 'Identifier.Lockout', type: 'phone', value: PHONE }])
  for (let count = 1; count < 10; count += 1) await user.send(identifier)
  const path = '/api/verifications/verification-code'
  expect((await user.call('POST', path, { identifier })).status).toBe(429)
  expect(await heard()).toEqual([
    { ...from, event: 'Message.RateLimited', action: 'VerificationCodeSend', recipient: PHONE },
  ])
  expect((await user.call('POST', '/api/verifications/password', { password: PASSWORD })).status).toBe(400)
})

eachServerDatabase('a change that a user makes', fresh => {
  test('is refused where its event cannot be written down', async () => {
    const settings = await fresh()
    const server = await ready(OPEN, {}, settings)
    const db = await openDatabase(settings.DATABASE_URL ?? '', settings.DATA_DIR ?? '')
    onTestFinished(() => db.destroy())
    await newUser(server)
    const user = await signIn(server)
    await server.manage('POST', '/api/hooks', { events, config: { url: 'https://example.com/hook' } })
    const proof = await user.proof()
    const record = await verified(server, user, { type: 'email', value: EMAIL })
    const account = '/api/my-account'
    const email = { email: EMAIL, newIdentifierVerificationRecordId: record }
    const calls: [string, string, object | undefined][] = [
      ['PATCH', account, { name: 'Ada' }],
      ['PATCH', `${account}/profile`, { nickname: 'a' }],
      ['POST', `${account}/primary-email`, email],
      ['DELETE', `${account}/primary-email`, undefined],
      ['POST', `${account}/password`, { password: 'another good passphrase' }],
    ]
    const written = () => db.selectFrom('users').selectAll().execute()
    for (const [method, path, body] of calls) {
      const before = await written()
      const refused = await withoutOutbox(db, () => user.call(method, path, body, proof))
      expect(refused.status, path).toBe(500)
      expect(await written(), path).toEqual(before)
      expect((await user.call(method, path, body, proof)).status, path).toBeLessThan(300)
      expect(await written(), path).not.toEqual(before)
    }
    const told = await db.selectFrom('hook_deliveries').select('event').execute()
    expect(told.map(({ event }) => event)).toEqual(calls.map(() => 'User.Data.Updated'))
  })
})
