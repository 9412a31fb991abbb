import { FRAUD_KINDS, type FraudKind } from '@countersign/api'
import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { allMessages, newestMessages } from './store.ts'

/** A span of time, and how much of it is told. */
export interface Span {
  begin: number
  /** Not part of it. */
  end: number
  /** What fewer people have in common is not told, except of whole channels. */
  least: number
}

/** How many people were sent codes, and how many of them used one. */
export interface PeopleRow {
  /** What their messages have in common, e.g. `sms/prefix/861380013`; `sms/all/` is the whole channel. */
  subject: string
  people: number
  used: number
}

/** The column of what messages may have in common, by the kind of finding. */
const COLUMNS: Record<FraudKind, string> = {
  network: 'network',
  prefix: 'prefix',
  application: 'application_id',
  country: 'country',
}

/** Each message counts once by each kind, and once in all. */
const KIND = sql.ref<string>('kinds.kind')
const KINDS = sql<{ kind: string }>`(select 'all' as kind union all ${sql.join(
  FRAUD_KINDS.map(kind => sql`select ${sql.lit(kind)} as kind`),
  sql` union all `,
)})`
const VALUE = sql<string | null>`case ${KIND} when 'all' then '' ${sql.join(
  FRAUD_KINDS.map(kind => sql`when ${sql.lit(kind)} then ${sql.ref(COLUMNS[kind])}`),
  sql` `,
)} end`

/** Those with the most people are told. */
const MOST = 2000

/** More messages are not read at once: of a flood its newest are enough. */
const MOST_READ = 50_000

/**
 * Counts the people who were sent codes in a span of time, and those of them who used one. Whoever asked for several codes is
 * one person. What is known not to have arrived says nothing of who wanted it, and tests are nobody's.
 *
 * @example await countPeople(db, { begin: now - HOUR, end: now, least: 20 })
 */
export async function countPeople(db: Database, { begin, end, least }: Span): Promise<PeopleRow[]> {
  const lately = newestMessages(db, { from: begin, to: end - 1 }, MOST_READ)
    .crossJoin(KINDS.as('kinds'))
    .select(['channel', 'recipient_key', 'verified_at', KIND.as('kind'), VALUE.as('value')])
    .where('state', 'in', ['accepted', 'unconfirmed'])
    .where('recipient_key', 'is not', null)
    .where(({ eb, or }) => or([eb('receipt', 'is', null), eb('receipt', '<>', 'undelivered')]))
    .where(({ eb, or }) => or([eb('asked_by', 'is', null), eb('asked_by', '<>', 'test')]))
  const people = sql<number>`count(distinct recipient_key)`
  const rows = await db
    .selectFrom(lately.as('lately'))
    .select(['channel', 'kind', 'value', people.as('people')])
    .select(sql<number>`count(distinct case when verified_at is not null then recipient_key end)`.as('used'))
    .where('value', 'is not', null)
    .groupBy(['channel', 'kind', 'value'])
    .having(({ eb, or }) => or([eb('kind', '=', 'all'), eb(people, '>=', least)]))
    .orderBy('people', 'desc')
    .limit(MOST)
    .execute()
  return rows.map(({ channel, kind, value, ...figures }) => ({
    subject: `${channel}/${kind}/${value}`,
    people: Number(figures.people),
    used: Number(figures.used),
  }))
}

/**
 * When the oldest message was asked for; undefined when there is none.
 *
 * @example const from = (await oldestMessage(db)) ?? now
 */
export async function oldestMessage(db: Database): Promise<number | undefined> {
  const row = await allMessages(db).select('created_at').orderBy('created_at').limit(1).executeTakeFirst()
  return row && Number(row.created_at)
}
