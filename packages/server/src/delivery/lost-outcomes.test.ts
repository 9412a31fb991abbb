import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { newUser, OPEN, signIn } from '../account/testing.ts'
import { type Database, openDatabase } from '../db/database.ts'
import { eachServerDatabase } from '../db/testing.ts'
import { type Launched, launch } from '../testing/launch.ts'
import { byPhone } from '../testing/visitor.ts'

const PHONE = '8613800138000'
const INBOX = `+${PHONE}`
const identifier = { type: 'phone', value: PHONE }

const states = (db: Database) => db.selectFrom('attempts').select(['state', 'failure']).execute()

/** The tables that are written after the provider has answered. */
const TABLES = ['attempts', 'codes']

const rename = async (db: Database, ending: [string, string]) => {
  for (const table of TABLES)
    await sql`alter table ${sql.table(table + ending[0])} rename to ${sql.table(table + ending[1])}`.execute(
      db,
    )
}

/** From the next message on the tables are away when the provider has answered, until they are brought back. */
function takeAwayWhileSending(server: Launched, db: Database): () => Promise<void> {
  const { fetch } = server.clouds
  server.clouds.fetch = async request => {
    server.clouds.fetch = fetch
    try {
      return await fetch(request)
    } finally {
      await rename(db, ['', '_away'])
    }
  }
  return () => rename(db, ['_away', ''])
}

eachServerDatabase('when the database fails after the provider has accepted', fresh => {
  async function ready(settings: object) {
    const env = await fresh()
    const server = await launch(env)
    await server.connect('aliyun-sms')
    const saved = await server.manage('PATCH', '/api/sign-in-exp', settings)
    expect(saved.status).toBe(200)
    const db = await openDatabase(env.DATABASE_URL ?? '', env.DATA_DIR ?? '')
    onTestFinished(() => db.destroy())
    return { server, db, bringBack: takeAwayWhileSending(server, db) }
  }

  /** What was not stored is in the log, and is stored when the database is back. */
  async function expectSettled(server: Launched, db: Database) {
    expect(server.log.join('\n')).toContain('outcome of a send not stored')
    expect(server.log.join('\n')).not.toContain('send failed')
    expect(await states(db)).toEqual([{ state: 'sending', failure: null }])
    await server.app.ledger.recover()
    expect(await states(db)).toEqual([{ state: 'accepted', failure: null }])
  }

  test('a back end is told that the message is out, and its code is taken', async () => {
    const { server, db, bringBack } = await ready(byPhone)
    const sent = await server.manage('POST', '/api/verification-codes', { phone: PHONE })
    await bringBack()
    expect([sent.status, sent.headers.get('countersign-delivery')]).toEqual([204, null])
    await expectSettled(server, db)
    const verificationCode = server.codeFor(INBOX)
    const checked = await server.manage('POST', '/api/verification-codes/verify', {
      phone: PHONE,
      verificationCode,
    })
    expect(checked.status).toBe(204)
  })

  test('a visitor who signs in can use the code that arrived', async () => {
    const { server, db, bringBack } = await ready(byPhone)
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'Register' })
    const asked = await visitor.experience('POST', '/verification/verification-code', {
      identifier,
      interactionEvent: 'Register',
    })
    await bringBack()
    expect(asked.status).toBe(200)
    await expectSettled(server, db)
    const checked = await visitor.experience('POST', '/verification/verification-code/verify', {
      identifier,
      verificationId: asked.json.verificationId,
      code: server.codeFor(INBOX),
    })
    expect(checked.status).toBe(200)
  })

  test('a user who proves a new number can use the code that arrived', async () => {
    const { server, db, bringBack } = await ready({
      signUp: { identifiers: ['username'], password: true, verify: false },
      signIn: {
        methods: [
          { identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true },
        ],
      },
    })
    await server.manage('PATCH', '/api/account-center', { enabled: true, fields: OPEN })
    await newUser(server)
    const user = await signIn(server)
    const path = '/api/verifications/verification-code'
    const asked = await user.call('POST', path, { identifier })
    await bringBack()
    expect(asked.status).toBe(201)
    await expectSettled(server, db)
    const { status } = await user.verify(identifier, asked.body.verificationRecordId, server.codeFor(INBOX))
    expect(status).toBe(200)
  })

  test('a message whose answer was lost too stays unconfirmed, and its code is taken', async () => {
    const { server, db, bringBack } = await ready(byPhone)
    server.clouds.control.setFault({ kind: 'drop-after', times: 1 })
    const sent = await server.manage('POST', '/api/verification-codes', { phone: PHONE })
    await bringBack()
    expect([sent.status, sent.headers.get('countersign-delivery')]).toEqual([204, 'unconfirmed'])
    await server.app.ledger.recover()
    expect(await states(db)).toEqual([{ state: 'unconfirmed', failure: 'unreachable' }])
    const verificationCode = server.codeFor(INBOX)
    const checked = await server.manage('POST', '/api/verification-codes/verify', {
      phone: PHONE,
      verificationCode,
    })
    expect(checked.status).toBe(204)
  })
})
