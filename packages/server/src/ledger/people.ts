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
  /** Subjects that are found already, e.g. `sms/network/…`: by what is broader their messages are not counted. */
  explained?: readonly string[]
  /** Passes of browsers that are taken for none. */
  greedy?: readonly string[]
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
/** Those of many people, of whom strangers are counted alone. */
const BROAD: readonly FraudKind[] = ['application', 'country']

/** `in` of an empty list is no SQL. */
const isAmong = (value: ReturnType<typeof sql>, all: readonly string[]) =>
  all.length === 0 ? sql`1 = 0` : sql`${value} in (${sql.join(all)})`

/** Whether a message is left out where it would be counted by something broad. */
const isElsewhere = ({ explained = [], greedy = [] }: Span) =>
  sql`((device is not null and not (${isAmong(sql`device`, greedy)}))
    or ${isAmong(sql`channel || '/network/' || network`, explained)}
    or ${isAmong(sql`channel || '/prefix/' || prefix`, explained)})`

const commonOf = (span: Span) =>
  sql<string | null>`case ${KIND} when 'all' then '' ${sql.join(
    FRAUD_KINDS.map(kind => {
      const column = sql.ref(COLUMNS[kind])
      const value = BROAD.includes(kind)
        ? sql`case when ${isElsewhere(span)} then null else ${column} end`
        : column
      return sql`when ${sql.lit(kind)} then ${value}`
    }),
    sql` `,
  )} end`

/** Those with the most people are told. */
const MOST = 2000

/** More messages are not read at once: of a flood its newest are enough. */
const MOST_READ = 50_000

/** Before whom a check for people stood, and who went away, asked for a code all the same. */
const WAS_CHECKED = sql<boolean>`(state = 'refused' and reason in ('fraud', 'fraud_escalated') and fraud like 'captcha/%')`

/**
 * Counts the people who were sent codes in a span of time, and those of them who used one; with them whoever was to pass a
 * check for people and did not, so that a flood that is held up does not look as if it had ended. Whoever asked for several
 * codes is one person. What is known not to have arrived says nothing of who wanted it, and tests are nobody's. By what is
 * broad, an application or a country, only strangers are counted: those without the pass of a known browser.
 *
 * @example await countPeople(db, { begin: now - HOUR, end: now, least: 20 })
 */
export async function countPeople(db: Database, span: Span): Promise<PeopleRow[]> {
  const { begin, end, least } = span
  const lately = newestMessages(db, { from: begin, to: end - 1 }, MOST_READ)
    .crossJoin(KINDS.as('kinds'))
    .select(['channel', 'recipient_key', 'verified_at', KIND.as('kind'), commonOf(span).as('value')])
    .where(({ eb, or }) => or([eb('state', 'in', ['accepted', 'unconfirmed']), WAS_CHECKED]))
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
 * The passes of browsers in which codes for many people were asked for that nobody used: a program has copied them.
 *
 * @param most so many people are anybody's own
 * @example await greedyDevices(db, { begin: now - DAY, end: now, most: 3 })
 */
export async function greedyDevices(
  db: Database,
  { begin, end, most }: Pick<Span, 'begin' | 'end'> & { most: number },
): Promise<string[]> {
  const people = sql<number>`count(distinct recipient_key)`
  const rows = await newestMessages(db, { from: begin, to: end - 1 }, MOST_READ)
    .select(['device', people.as('people')])
    .where('device', 'is not', null)
    .where('verified_at', 'is', null)
    .where('state', 'in', ['accepted', 'unconfirmed'])
    .groupBy('device')
    .having(people, '>', most)
    .orderBy('people', 'desc')
    .limit(MOST_GREEDY)
    .execute()
  return rows.flatMap(({ device }) => device ?? [])
}

/** More of them are not told at once. */
const MOST_GREEDY = 500

/**
 * When the oldest message was asked for; undefined when there is none.
 *
 * @example const from = (await oldestMessage(db)) ?? now
 */
export async function oldestMessage(db: Database): Promise<number | undefined> {
  const row = await allMessages(db).select('created_at').orderBy('created_at').limit(1).executeTakeFirst()
  return row && Number(row.created_at)
}
