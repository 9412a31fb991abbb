import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from './db/database.ts'
import { eachServerDatabase, writeDirectly } from './db/testing.ts'
import { type Launched, launch } from './testing/launch.ts'
import { ready } from './testing/visitor.ts'

/** One visitor registers by a code; every step must succeed. */
async function register(server: Launched, value: string): Promise<void> {
  const visitor = await server.visit()
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await visitor.experience(method, path, body)
    expect([path, answer.status, answer.json]).toEqual([path, expect.toBeOneOf([200, 201, 204]), answer.json])
    return answer.json
  }
  const identifier = { type: 'phone', value }
  await call('PUT', '', { interactionEvent: 'Register' })
  const { verificationId } = await call('POST', '/verification/verification-code', {
    identifier,
    interactionEvent: 'Register',
  })
  const code = server.codeFor(`+${value}`)
  await call('POST', '/verification/verification-code/verify', { identifier, verificationId, code })
  await call('POST', '/identification', { verificationId })
  const { redirectTo } = await call('POST', '/submit')
  await visitor.open(redirectTo)
  expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
}

const note = (db: Database, name: string) =>
  sql`insert into kysely_migration (name, timestamp) values (${name}, '2999-01-01T00:00:00.000Z')`.execute(db)

/** Does to the tables what the migrations of versions that are still to come may do: more columns, more tables. */
const expand = (settings: Record<string, string>) =>
  writeDirectly(settings, db =>
    db.transaction().execute(async tx => {
      for (const { name, isView } of await tx.introspection.getTables()) {
        if (isView || name.startsWith('kysely_')) continue
        const table = sql`alter table ${sql.table(name)}`
        await sql`${table} add column later_text text`.execute(tx)
        await sql`${table} add column later_number integer not null default 7`.execute(tx)
      }
      await sql`create table later_things (id text primary key, later_text text)`.execute(tx)
      await note(tx as Database, '9001_later')
    }),
  )

eachServerDatabase('a server of this version', fresh => {
  test('works on beside a newer one until that takes away what it needs, and says so then', async () => {
    const settings = await fresh()
    const old = await ready({}, settings)
    const health = async () => {
      const answer = await fetch(`${old.endpoint}/api/health/ready`)
      return [answer.status, await answer.json()]
    }
    await register(old, '8613800138000')
    await expand(settings)
    await register(old, '8613800138001')
    expect(await health()).toEqual([200, { status: 'ready' }])
    // It can be started anew, too.
    const again = await launch(settings)
    expect(await (await again.manage('GET', '/api/users')).json()).toHaveLength(2)

    await writeDirectly(settings, db => note(db, '9002_contract_since_9001_users'))
    const failing = [expect.objectContaining({ name: 'migrations' })]
    await expect.poll(health, { timeout: 10_000 }).toEqual([503, { status: 'not_ready', failing }])
    await expect(launch(settings)).rejects.toThrow(/a newer Countersign .* Start that version or a later one/)
  })
})
