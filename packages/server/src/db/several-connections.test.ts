import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { isSqlite, isUniqueViolation } from './database.ts'
import { migrations } from './migrations.ts'
import { eachDatabase } from './testing.ts'

eachDatabase('connections that were saved when a channel could have one', openFresh => {
  test('stay on as they are, and may get company that is off', async () => {
    const db = await openFresh()
    // As it was before.
    // What refers to them goes along; SQLite has no word for that, and asks for none.
    await sql`drop table connections ${sql.raw(isSqlite(db) ? '' : 'cascade')}`.execute(db)
    await sql`
      create table connections (id text primary key, connector text not null, channel text not null unique,
        config text not null, metadata text not null, created_at bigint not null,
        updated_at bigint not null)`.execute(db)
    const row = { connector: 'x', config: 'sealed', metadata: '{}', created_at: 1, updated_at: 2 }
    for (const channel of ['email', 'sms'])
      await db
        .insertInto('connections')
        .values({ ...row, id: channel, channel } as never)
        .execute()
    await migrations['0067_several_connections']!.up(db)
    const all = () => db.selectFrom('connections').selectAll().orderBy('id').execute()
    const on = ['email', 'sms'].map(channel => ({ ...row, id: channel, channel, enabled: 1 }))
    expect(await all()).toEqual(on)
    const another = (enabled: number) => ({ ...row, id: `another ${enabled}`, channel: 'sms', enabled })
    await db.insertInto('connections').values(another(0)).execute()
    expect(await all()).toEqual([another(0), ...on])
    const refused = await db
      .insertInto('connections')
      .values(another(1))
      .execute()
      .catch((error: unknown) => error)
    // SQLite names the column, PostgreSQL the index.
    expect(['connections.channel', 'connections_in_use'].some(name => isUniqueViolation(refused, name))).toBe(
      true,
    )
  })
})
