import { type Kysely, SqliteAdapter, sql } from 'kysely'

/** What a message and its first attempt are begun with, by whose column each is. */
const OF_MESSAGE = `id, recipient_key, recipient, country, channel, usage_type, asked_by, interaction_id, application_id,
  user_id, operator_id, connector, state, created_at, network, prefix`
const OF_BOTH = 'connector, channel, usage_type, recipient, state'
const OF_ATTEMPT = 'connection_id, sealed_to, ask_at'

const each = (columns: string, prefix: string) => columns.replaceAll(/\w+/g, `${prefix}.$&`)

const BEGIN = `
  insert into messages (${OF_MESSAGE}, last_at) values (${each(OF_MESSAGE, 'new')}, new.created_at);
  insert into attempts (id, message_id, ids, created_at, ${OF_BOTH}, ${OF_ATTEMPT})
    values (new.attempt_id, new.id, '{}', new.attempt_at, ${each(OF_BOTH, 'new')}, ${each(OF_ATTEMPT, 'new')})`

/** Lets a message say from which network it was asked for, and what its number begins with. */
export async function addMessageOrigins(db: Kysely<unknown>): Promise<void> {
  for (const column of ['network', 'prefix']) {
    await sql`alter table messages add column ${sql.ref(column)} text`.execute(db)
    // Limits ask how many of these were used; only what was used is asked for.
    await sql`create index ${sql.raw(`messages_used_by_${column}`)} on messages (${sql.ref(column)}, created_at)
      where ${sql.ref(column)} is not null and verified_at is not null`.execute(db)
  }
  await sql`drop view begun_messages`.execute(db)
  await sql
    .raw(
      `create view begun_messages as select ${each(OF_MESSAGE, 'messages')}, attempts.id as attempt_id,
        attempts.created_at as attempt_at, ${each(OF_ATTEMPT, 'attempts')}
      from messages join attempts on attempts.message_id = messages.id and attempts.nth = 1`,
    )
    .execute(db)
  const timing = 'instead of insert on begun_messages'
  if (db.getExecutor().adapter instanceof SqliteAdapter) {
    await sql.raw(`create trigger messages_begin ${timing} begin ${BEGIN}; end`).execute(db)
    return
  }
  await sql
    .raw(
      `create or replace function messages_begin() returns trigger language plpgsql as $$ begin ${BEGIN}; return new; end $$`,
    )
    .execute(db)
  await sql
    .raw(`create trigger messages_begin ${timing} for each row execute procedure messages_begin()`)
    .execute(db)
}
