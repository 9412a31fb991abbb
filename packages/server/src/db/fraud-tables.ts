import { type Kysely, sql } from 'kysely'
import { beginWith, OF_MESSAGE } from './receipt-tables.ts'
import { rememberTable } from './version-triggers.ts'

/** Makes the table of how many people used their codes in an hour, by what their messages have in common. */
export async function addFraudHours(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table fraud_hours (subject text not null, hour bigint not null, people integer not null, used integer not null,
      found integer not null, primary key (subject, hour))`.execute(db)
  await sql`create index fraud_hours_by_hour on fraud_hours (hour)`.execute(db)
}

/**
 * Makes the table of what the fraud guard found. It is remembered: a row is written when a finding begins, ends, is
 * allowed, and every ten minutes while it shows; and every message must know those that hold. A message says with
 * which of them it was asked for.
 */
export async function addFraudFindings(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table fraud_findings (id text primary key, subject text not null, in_window text not null, people integer not null,
      used integer not null, expected double precision not null, basis text not null, before_people integer not null,
      before_used integer not null, began_at bigint not null, seen_at bigint not null, ended_at bigint, end_reason text,
      allowed_until bigint, allowed_by text)`.execute(db)
  // Of two nodes that find the same, one writes it.
  await sql`create unique index fraud_findings_open on fraud_findings (subject) where ended_at is null`.execute(
    db,
  )
  await sql`create index fraud_findings_by_end on fraud_findings (ended_at)`.execute(db)
  await rememberTable(db, 'fraud_findings')
  await sql`alter table messages add column fraud text`.execute(db)
  await sql`create index messages_by_fraud on messages (fraud) where fraud is not null`.execute(db)
  await beginWith(db, `${OF_MESSAGE}, network, prefix, fraud`)
}
