import { type Kysely, SqliteAdapter, sql } from 'kysely'

/** What a message and its first attempt are begun with, by whose column each is. */
export const OF_MESSAGE = `id, recipient_key, recipient, country, channel, usage_type, asked_by, interaction_id, application_id,
  user_id, operator_id, connector, state, created_at`
const OF_BOTH = 'connector, channel, usage_type, recipient, state'
const OF_ATTEMPT = 'connection_id, sealed_to, ask_at'

const each = (columns: string, prefix: string) => columns.replaceAll(/\w+/g, `${prefix}.$&`)

/** A message that begins, and its first attempt, which knows now whom the provider is to be asked about. */
const begin = (ofMessage: string) => `
  insert into messages (${ofMessage}, last_at) values (${each(ofMessage, 'new')}, new.created_at);
  insert into attempts (id, message_id, ids, created_at, ${OF_BOTH}, ${OF_ATTEMPT})
    values (new.attempt_id, new.id, '{}', new.attempt_at, ${each(OF_BOTH, 'new')}, ${each(OF_ATTEMPT, 'new')})`

/**
 * A message is delivered when one of its attempts is, and undelivered when all of them are that may have left; as long as
 * one of these is open, nobody knows.
 */
const TELL = `update messages set receipt = case
    when exists (select 1 from attempts where message_id = new.message_id and receipt = 'delivered') then 'delivered'
    when not exists (select 1 from attempts where message_id = new.message_id and receipt = 'undelivered') then null
    when exists (select 1 from attempts where message_id = new.message_id and state not in ('failed', 'not_sent')
      and (receipt is null or receipt <> 'undelivered')) then null
    else 'undelivered' end
  where id = new.message_id`

/** Nothing of it happens on the way of a message that goes out at the first attempt. */
const MAY_CHANGE = `new.message_id is not null and (new.receipt is not null or new.nth > 1 or new.state = 'failed')`

const COLUMNS = [
  // The provider's own id, as receipts name it: `<connector>/<name>/<id>`.
  'provider_key text',
  // Sealed, and gone as soon as nobody has to be asked any more.
  'sealed_to text',
  'ask_at bigint',
  'asks integer not null default 0',
  'receipt text',
  'receipt_code text',
  'receipt_reason text',
  'receipt_at bigint',
]

/** What providers tell of messages that they have taken, and what attempts and messages come to by it. */
export async function addReceipts(db: Kysely<unknown>): Promise<void> {
  for (const column of COLUMNS) await sql`alter table attempts add column ${sql.raw(column)}`.execute(db)
  await sql`alter table messages add column receipt text`.execute(db)
  for (const [name, on] of [
    ['attempts_by_provider_key', 'attempts (provider_key) where provider_key is not null'],
    ['attempts_to_ask', 'attempts (connection_id, ask_at) where ask_at is not null'],
    ['messages_by_receipt', 'messages (receipt, created_at, id) where receipt is not null'],
    // What has a receipt is found by that, and no longer by what was known before.
    ['messages_by_open_state', 'messages (state, created_at, id) where receipt is null'],
  ])
    await sql.raw(`create index ${name} on ${on}`).execute(db)
  await sql`drop index messages_by_state`.execute(db)
  await sql`
    create table receipts (id text primary key, mark text not null unique, attempt_id text, attempt_ref text,
      provider_key text, connection_id text not null, connector text not null, via text not null,
      state text not null, code text, detail text, at bigint, segments integer, received_at bigint not null)`.execute(
    db,
  )
  await sql`create index receipts_by_attempt on receipts (attempt_id) where attempt_id is not null`.execute(
    db,
  )
  await sql`create index receipts_without_attempt on receipts (connection_id, received_at) where attempt_id is null`.execute(
    db,
  )
  await sql`create index receipts_by_age on receipts (received_at)`.execute(db)
  await sql`
    create table receipt_addresses (connection_id text primary key references connections (id) on delete cascade,
      hash text not null unique, sealed text not null, created_at bigint not null, last_at bigint,
      refused integer not null default 0, refused_at bigint, refused_reason text)`.execute(db)
  await beginWith(db, OF_MESSAGE)
  await tellMessages(db)
}

/**
 * Lets a message and its first attempt be written by one statement, with these columns of the message.
 *
 * @example await beginWith(db, `${OF_MESSAGE}, network, prefix`)
 */
export async function beginWith(db: Kysely<unknown>, ofMessage: string): Promise<void> {
  await sql`drop view begun_messages`.execute(db)
  await sql
    .raw(
      `create view begun_messages as select ${each(ofMessage, 'messages')}, attempts.id as attempt_id,
        attempts.created_at as attempt_at, ${each(OF_ATTEMPT, 'attempts')}
      from messages join attempts on attempts.message_id = messages.id and attempts.nth = 1`,
    )
    .execute(db)
  const timing = 'instead of insert on begun_messages'
  if (db.getExecutor().adapter instanceof SqliteAdapter) {
    await sql.raw(`create trigger messages_begin ${timing} begin ${begin(ofMessage)}; end`).execute(db)
    return
  }
  await sql
    .raw(
      `create or replace function messages_begin() returns trigger language plpgsql as $$ begin ${begin(ofMessage)}; return new; end $$`,
    )
    .execute(db)
  await sql
    .raw(`create trigger messages_begin ${timing} for each row execute procedure messages_begin()`)
    .execute(db)
}

async function tellMessages(db: Kysely<unknown>): Promise<void> {
  const moments = [
    ['attempts_receipt', 'after update of receipt, state on attempts'],
    ['attempts_receipt_begin', 'after insert on attempts'],
  ]
  if (db.getExecutor().adapter instanceof SqliteAdapter) {
    for (const [name, timing] of moments)
      await sql.raw(`create trigger ${name} ${timing} when ${MAY_CHANGE} begin ${TELL}; end`).execute(db)
    return
  }
  // The row is locked before anything is read: of two receipts at once, the later one sees the earlier.
  const body = `begin perform 1 from messages where id = new.message_id for update; ${TELL}; return null; end`
  await sql
    .raw(`create function tell_message_of_receipt() returns trigger language plpgsql as $$ ${body} $$`)
    .execute(db)
  for (const [name, timing] of moments)
    await sql
      .raw(
        `create trigger ${name} ${timing} for each row when (${MAY_CHANGE}) execute procedure tell_message_of_receipt()`,
      )
      .execute(db)
}
