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

/** The columns with which a message and its first attempt are written as one. */
const OF_MESSAGE = `id, recipient_key, recipient, country, channel, usage_type, asked_by, interaction_id, application_id,
  user_id, operator_id, connector, state, created_at`

const OF_BOTH = 'connector, channel, usage_type, recipient, state'

const ofNew = (columns: string) =>
  columns
    .split(',')
    .map(column => `new.${column.trim()}`)
    .join(', ')

/** A message that begins, and its first attempt. */
const BEGIN = `
  insert into messages (${OF_MESSAGE}, last_at) values (${ofNew(OF_MESSAGE)}, new.created_at);
  insert into attempts (id, message_id, connection_id, ids, created_at, ${OF_BOTH})
    values (new.attempt_id, new.id, new.connection_id, '{}', new.attempt_at, ${ofNew(OF_BOTH)})`

/** The code of a message was used. */
const USE = 'update messages set verified_at = new.consumed_at where id = new.id and verified_at is null'

/**
 * Lets a message and its first attempt be written by one statement, into a view, and marks a message in the statement
 * that uses its code: the ledger costs a sign-in nothing more than an attempt did, and misses no use.
 */
export async function writeMessagesInOne(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create view begun_messages as select ${OF_MESSAGE.replaceAll(/\w+/g, 'messages.$&')}, attempts.id as attempt_id,
        attempts.connection_id, attempts.created_at as attempt_at
      from messages join attempts on attempts.message_id = messages.id and attempts.nth = 1`,
    )
    .execute(db)
  const using = 'when (old.consumed_at is null and new.consumed_at is not null)'
  if (db.getExecutor().adapter instanceof SqliteAdapter) {
    for (const trigger of [
      `messages_begin instead of insert on begun_messages begin ${BEGIN}; end`,
      `messages_use after update of consumed_at on codes ${using} begin ${USE}; end`,
    ])
      await sql.raw(`create trigger ${trigger}`).execute(db)
    return
  }
  for (const [name, timing, work, result] of [
    ['messages_begin', 'instead of insert on begun_messages for each row', BEGIN, 'new'],
    ['messages_use', `after update of consumed_at on codes for each row ${using}`, USE, 'null'],
  ]) {
    const body = `begin ${work}; return ${result}; end`
    await sql.raw(`create function ${name}() returns trigger language plpgsql as $$ ${body} $$`).execute(db)
    await sql.raw(`create trigger ${name} ${timing} execute procedure ${name}()`).execute(db)
  }
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
