import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { isSqlite } from './database.ts'
import { migrations } from './migrations.ts'
import { eachDatabase } from './testing.ts'

eachDatabase('attempts that were written when there were no messages', openFresh => {
  test('each get a message, which follows them from then on', async () => {
    const db = await openFresh()
    // As it was before.
    await sql`drop view begun_messages`.execute(db)
    if (isSqlite(db)) await sql`drop trigger messages_use`.execute(db)
    else await sql`drop function messages_begin, messages_use cascade`.execute(db)
    if (!isSqlite(db)) await sql`drop function keep_message_of_attempt cascade`.execute(db)
    for (const table of ['messages', 'attempts']) await sql`drop table ${sql.table(table)}`.execute(db)
    await sql`create table attempts (id text primary key, connector text not null, channel text not null,
      usage_type text not null, recipient text not null, state text not null, ids text not null, failure text,
      provider_code text, answer text, took integer, created_at bigint not null)`.execute(db)
    const row = { connector: 'aliyun-sms', channel: 'sms', usage_type: 'SignIn', ids: '{}' }
    const old = [
      {
        ...row,
        id: 'a',
        recipient: '+86 138****8000',
        state: 'failed',
        failure: 'unreachable',
        created_at: 1,
      },
      { ...row, id: 'b', recipient: '+86 138****8001', state: 'sending', failure: null, created_at: 2 },
    ]
    await db.insertInto('attempts').values(old).execute()
    await migrations['0070_messages']!.up(db)
    const messages = () =>
      db.selectFrom('messages').select(['id', 'recipient', 'state', 'created_at']).orderBy('id').execute()
    const expected = (state: string) => [
      { id: 'a', recipient: '+86 138****8000', state: 'failed', created_at: 1 },
      { id: 'b', recipient: '+86 138****8001', state, created_at: 2 },
    ]
    expect(await messages()).toEqual(expected('sending'))
    expect(
      await db.selectFrom('attempts').select(['id', 'message_id', 'nth']).orderBy('id').execute(),
    ).toEqual([
      { id: 'a', message_id: 'a', nth: 1 },
      { id: 'b', message_id: 'b', nth: 1 },
    ])
    await db.updateTable('attempts').set({ state: 'unconfirmed' }).where('id', '=', 'b').execute()
    expect(await messages()).toEqual(expected('unconfirmed'))
  })
})
