import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Database, openDatabase } from '../db/database.ts'
import { eachServerDatabase } from '../db/testing.ts'
import type { Launched } from '../testing/launch.ts'
import { INBOX, PHONE, ready } from '../testing/visitor.ts'
import { testKeys } from '../testing/world.ts'
import { openDelivery } from './sealing.ts'
import { type Arrived, receiver, withoutOutbox } from './testing.ts'

const EVENTS = ['User.Created', 'User.Data.Updated', 'User.SuspensionStatus.Updated', 'User.Deleted']
const identifier = { type: 'phone', value: PHONE }

/** A second way into a server's database, for the running test. */
async function intoDatabase(settings: Record<string, string>): Promise<Database> {
  const db = await openDatabase(settings.DATABASE_URL ?? '', settings.DATA_DIR ?? '')
  onTestFinished(() => db.destroy())
  return db
}

async function listening(server: Launched, events: string[]) {
  const listener = await receiver()
  await server.manage('POST', '/api/hooks', { events, config: { url: listener.url } })
  return {
    /** Delivers what is due and gives what arrived since the last time. */
    async heard(): Promise<Arrived['body'][]> {
      await server.app.hooks.deliverDue()
      return listener.arrived.splice(0).map(({ body }) => body)
    },
  }
}

const usersOf = (db: Database) => db.selectFrom('users').selectAll().orderBy('id').execute()

eachServerDatabase('a change and its event', fresh => {
  test('are both there or neither, for every change of a user by the Management API', async () => {
    const settings = await fresh()
    const server = await ready({}, { ...settings, WEBHOOK_ALLOW_PRIVATE: 'true' })
    const db = await intoDatabase(settings)
    const { heard } = await listening(server, EVENTS)
    const made = await server.manage('POST', '/api/users', { username: 'ada' })
    const user = `/api/users/${((await made.json()) as { id: string }).id}`
    expect(await heard()).toHaveLength(1)
    const calls: [string, string, object | undefined, string][] = [
      ['POST', '/api/users', { username: 'grace' }, 'User.Created'],
      ['PATCH', user, { name: 'Ada' }, 'User.Data.Updated'],
      ['PATCH', `${user}/custom-data`, { customData: { plan: 'gold' } }, 'User.Data.Updated'],
      ['PATCH', `${user}/profile`, { profile: { nickname: 'a' } }, 'User.Data.Updated'],
      ['PATCH', `${user}/password`, { password: 'a good passphrase' }, 'User.Data.Updated'],
      ['PATCH', `${user}/is-suspended`, { isSuspended: true }, 'User.SuspensionStatus.Updated'],
      ['DELETE', user, undefined, 'User.Deleted'],
    ]
    for (const [method, path, body, event] of calls) {
      const before = await usersOf(db)
      const failed = await withoutOutbox(db, () => server.manage(method, path, body))
      expect(failed.status, `${method} ${path}`).toBe(500)
      expect(await usersOf(db), `${method} ${path}`).toEqual(before)
      expect((await server.manage(method, path, body)).status, `${method} ${path}`).toBeLessThan(300)
      expect(await usersOf(db), `${method} ${path}`).not.toEqual(before)
      expect((await heard()).map(body => body.event)).toEqual([event])
    }
  })

  test('are both there or neither when somebody registers, signs in, and resets a password', async () => {
    const settings = await fresh()
    const server = await ready({}, { ...settings, WEBHOOK_ALLOW_PRIVATE: 'true' })
    const db = await intoDatabase(settings)
    const events = ['User.Created', 'User.Data.Updated', 'PostSignIn', 'PostRegister', 'PostResetPassword']
    const { heard } = await listening(server, events)
    const state = async () => [
      await usersOf(db),
      await db.selectFrom('oidc_payloads').selectAll().orderBy('id_hash').execute(),
    ]
    for (const interactionEvent of ['Register', 'SignIn', 'ForgotPassword']) {
      const browser = await server.visit()
      await browser.experience('PUT', '', { interactionEvent })
      const sentBefore = server.clouds.inbox.messages().length
      const path = '/verification/verification-code'
      const { verificationId } = (await browser.experience('POST', path, { identifier, interactionEvent }))
        .json
      await expect.poll(() => server.clouds.inbox.messages().length).toBe(sentBefore + 1)
      const code = server.codeFor(INBOX)
      await browser.experience('POST', `${path}/verify`, { identifier, verificationId, code })
      const identify = () => browser.experience('POST', '/identification', { verificationId })
      if (interactionEvent === 'Register') {
        expect((await withoutOutbox(db, identify)).status).toBe(500)
        expect(await usersOf(db)).toEqual([])
      }
      expect((await identify()).status).toBeLessThan(300)
      if (interactionEvent === 'ForgotPassword')
        await browser.experience('PUT', '/profile/password', { password: 'another good passphrase' })
      const [, payloads] = await state()
      const [{ password_hash } = { password_hash: null }] = await usersOf(db)
      const submit = () => browser.experience('POST', '/submit')
      expect((await withoutOutbox(db, submit)).status, interactionEvent).toBe(500)
      expect((await state())[1], interactionEvent).toEqual(payloads)
      expect((await usersOf(db))[0]?.password_hash).toEqual(password_hash)
      expect((await submit()).status, interactionEvent).toBeLessThan(300)
    }
    expect((await heard()).map(({ event }) => event).sort()).toEqual([
      'PostRegister',
      'PostResetPassword',
      'PostSignIn',
      'User.Created',
      'User.Data.Updated',
    ])
  })

  test('are both there or neither when a block begins, and every refusal after it is told too', async () => {
    const settings = await fresh()
    const server = await ready(
      { sentinelPolicy: { maxAttempts: 1 } },
      { ...settings, WEBHOOK_ALLOW_PRIVATE: 'true' },
    )
    const db = await intoDatabase(settings)
    const { heard } = await listening(server, ['Identifier.Lockout'])
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
    const guess = () =>
      visitor.experience('POST', '/verification/password', { identifier, password: 'wrong' })
    const blocks = () => db.selectFrom('identifier_blocks').selectAll().execute()
    expect((await withoutOutbox(db, guess)).status).toBe(500)
    expect(await blocks()).toEqual([])
    const lockout = expect.objectContaining({ event: 'Identifier.Lockout', type: 'phone', value: PHONE })
    for (const _ of ['the one that begins the block', 'a later one']) {
      expect((await guess()).json.code).toBe('session.verification_blocked_too_many_attempts')
      expect(await blocks()).not.toEqual([])
      expect(await heard()).toEqual([lockout])
    }
  })

  test('are both there or neither when the process is killed at any moment', async () => {
    const settings = await fresh()
    const db = await intoDatabase(settings)
    await db
      .insertInto('hooks')
      .values({
        id: 'hook',
        name: '',
        event: null,
        events: '["User.Created"]',
        config: '',
        signing_key: '',
        enabled: 1,
        created_at: 0,
      })
      .execute()
    const script = fileURLToPath(new URL('testing-busy.ts', import.meta.url))
    for (const many of [1, 7, 20]) {
      const child = spawn(process.execPath, [script], { env: { ...process.env, ...settings } })
      let made = 0
      let said = ''
      child.stderr.on('data', chunk => {
        said += chunk
      })
      child.stdout.on('data', chunk => {
        made += String(chunk).length
        if (made >= many) child.kill('SIGKILL')
      })
      await once(child, 'close')
      expect(said).toBe('')
      expect(made).toBeGreaterThanOrEqual(many)
    }
    // A commit that the last process had sent may come between the two questions.
    await vi.waitFor(async () => {
      const told = (await db.selectFrom('hook_deliveries').selectAll().execute()).map(
        row => (JSON.parse(openDelivery(testKeys, row).body) as { data: { id: string } }).data.id,
      )
      const ids = (await usersOf(db)).map(({ id }) => id)
      expect(ids.length).toBeGreaterThanOrEqual(28)
      expect(told.sort()).toEqual(ids.sort())
    })
  })
})
