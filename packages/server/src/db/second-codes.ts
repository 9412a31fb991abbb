import { type Kysely, SqliteAdapter, sql } from 'kysely'
import { FURTHEST_FIRST } from './attempt-order.ts'

/** What a message takes over from its attempts, whichever of them has changed. */
const TAKE_OVER = `update messages set (state, connector) =
    (select state, connector from attempts where message_id = new.message_id order by ${FURTHEST_FIRST} limit 1)
  where id = new.message_id`

/** What a message with only one attempt takes over. */
const TAKE_OVER_ONE =
  'update messages set state = new.state, connector = new.connector where id = new.message_id'

/** The message of an attempt that a node of an old version wrote without one. */
const MAKE = `insert into messages (id, recipient, channel, usage_type, connector, state, created_at, last_at)
    values (new.id, new.recipient, new.channel, new.usage_type, new.connector, new.state, new.created_at, new.created_at);
  update attempts set message_id = new.id where id = new.id`

/** A code of a message was used. A node of an older version knows only the first. */
const USE = `update messages set verified_at = new.consumed_at, used_code = coalesce(new.used, 1)
  where id = new.id and verified_at is null`

/**
 * Lets a code have a second one beside it, which another message of the same request carries, and lets a message stand as
 * the attempt that came furthest: its attempts may be under way at the same time.
 */
export async function addSecondCodes(db: Kysely<unknown>): Promise<void> {
  for (const [table, column] of [
    ['codes', 'second_hash text'],
    ['codes', 'used integer'],
    ['messages', 'used_code integer'],
    ['attempts', 'which_code integer not null default 1'],
  ])
    await sql.raw(`alter table ${table} add column ${column}`).execute(db)
  await sql`update messages set used_code = 1 where verified_at is not null`.execute(db)
  for (const statement of db.getExecutor().adapter instanceof SqliteAdapter ? SQLITE : POSTGRESQL)
    await sql.raw(statement).execute(db)
}

const SQLITE = [
  'drop trigger attempts_end',
  'drop trigger attempts_begin',
  'drop trigger messages_use',
  `create trigger attempts_end after update of state on attempts begin ${TAKE_OVER}; end`,
  `create trigger attempts_begin after insert on attempts when new.nth > 1 begin ${TAKE_OVER}; end`,
  `create trigger messages_use after update of consumed_at on codes
    when (old.consumed_at is null and new.consumed_at is not null) begin ${USE}; end`,
]

// Of two attempts that change at the same moment, the one that gets the row of the message second must see the first one. A
// statement sees what had ended when it began, so others are looked for when the first update has got the row.
const POSTGRESQL = [
  `create or replace function keep_message_of_attempt() returns trigger language plpgsql as $$
   begin
     if new.message_id is null then
       ${MAKE};
     elsif tg_op = 'UPDATE' or new.nth > 1 then
       ${TAKE_OVER_ONE};
       if exists (select 1 from attempts where message_id = new.message_id and id <> new.id) then
         ${TAKE_OVER};
       end if;
     end if;
     return null;
   end $$`,
  `create or replace function messages_use() returns trigger language plpgsql as $$
   begin ${USE}; return null; end $$`,
]
