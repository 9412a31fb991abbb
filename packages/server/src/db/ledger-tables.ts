import { type Kysely, SqliteAdapter, sql } from 'kysely'

/** What lists of messages are cut down to, each newest first. Most rows have some of them and are left out of the rest. */
const FILTERS = ['recipient_key', 'country', 'connector', 'state', 'usage_type', 'application_id'] as const

/**
 * Makes the table of messages and puts the attempts under it. Of attempts of before nobody knows which belong together,
 * so each gets a message of its own.
 */
export async function addMessages(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table messages (id text primary key, recipient_key text, recipient text not null, country text,
      channel text not null, usage_type text not null, asked_by text, interaction_id text, application_id text,
      user_id text, operator_id text, connector text, state text not null, reason text,
      times integer not null default 1, created_at bigint not null, last_at bigint not null, verified_at bigint)`.execute(
    db,
  )
  await sql`create index messages_by_age on messages (created_at, id)`.execute(db)
  for (const column of FILTERS)
    await sql`create index ${sql.raw(`messages_by_${column}`)} on messages (${sql.ref(column)}, created_at, id)
      where ${sql.ref(column)} is not null`.execute(db)
  for (const column of [
    'message_id text',
    'connection_id text',
    'nth integer not null default 1',
    'reason text',
  ])
    await sql`alter table attempts add column ${sql.raw(column)}`.execute(db)
  await sql`
    insert into messages (id, recipient, channel, usage_type, connector, state, created_at, last_at)
    select id, recipient, channel, usage_type, connector, state, created_at, created_at from attempts`.execute(
    db,
  )
  await sql`update attempts set message_id = id`.execute(db)
  await sql`create index attempts_by_message on attempts (message_id, nth)`.execute(db)
  if (db.getExecutor().adapter instanceof SqliteAdapter) await addToSqlite(db)
  else await addToPostgres(db)
}

/** What a message takes over from its last attempt. */
const TAKE_OVER = `update messages set state = new.state, connector = new.connector
  where id = new.message_id
    and not exists (select 1 from attempts where message_id = new.message_id and nth > new.nth)`

/** The message of an attempt that a node of an older version wrote without one. */
const MAKE = `insert into messages (id, recipient, channel, usage_type, connector, state, created_at, last_at)
  values (new.id, new.recipient, new.channel, new.usage_type, new.connector, new.state, new.created_at, new.created_at)`

const NAME = 'update attempts set message_id = new.id where id = new.id'

async function addToSqlite(db: Kysely<unknown>): Promise<void> {
  for (const trigger of [
    `attempts_end after update of state on attempts begin ${TAKE_OVER}; end`,
    `attempts_begin after insert on attempts when new.nth > 1 begin ${TAKE_OVER}; end`,
    `attempts_alone after insert on attempts when new.message_id is null begin ${MAKE}; ${NAME}; end`,
  ])
    await sql.raw(`create trigger ${trigger}`).execute(db)
}

async function addToPostgres(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create function keep_message_of_attempt() returns trigger language plpgsql as $$
       begin
         if new.message_id is null then
           ${MAKE};
           ${NAME};
         elsif tg_op = 'UPDATE' or new.nth > 1 then
           ${TAKE_OVER};
         end if;
         return null;
       end $$`,
    )
    .execute(db)
  await sql`create trigger attempts_keep_message after insert or update of state on attempts
    for each row execute procedure keep_message_of_attempt()`.execute(db)
}
