import { type Selectable, sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { remembered } from '../db/memory.ts'
import type { Schema } from '../db/schema.ts'
import type { Figures, Subject } from './findings.ts'

export type HourRow = Selectable<Schema['fraud_hours']>
export type FindingRow = Selectable<Schema['fraud_findings']>

const ENDS_WITH_ALL = '%/all/'

/** What is known of a subject before: in all, and before a moment. */
export interface Known {
  all: Figures
  earlier: Figures
}

/** What came of a subject's messages: in all hours, and in those in which there was no finding. */
export interface Since {
  subject: Subject
  all: Figures
  unfound: Figures
}

/** The SQL of how many people used their codes, by the hour. */
const hourStore = (db: Database) => ({
  /** The last hour that is kept of a subject. */
  async last(subject: Subject): Promise<number | undefined> {
    const row = await db
      .selectFrom('fraud_hours')
      .select(({ fn }) => fn.max('hour').as('last'))
      .where('subject', '=', subject)
      .executeTakeFirst()
    return row?.last == null ? undefined : Number(row.last)
  },
  addHours: (rows: HourRow[]) =>
    db
      .insertInto('fraud_hours')
      .values(rows)
      .onConflict(conflict => conflict.doNothing())
      .execute(),
  /** The sums of subjects since a moment, but for whole channels, of those with some people at least. */
  async since(begin: number, least: number, most: number): Promise<Since[]> {
    const people = sql<number>`sum(people)`
    const unfound = (column: 'people' | 'used') =>
      sql<number>`sum(case when found = 0 then ${sql.ref(column)} else 0 end)`
    const rows = await db
      .selectFrom('fraud_hours')
      .select(['subject', people.as('all_people'), sql<number>`sum(used)`.as('all_used')])
      .select([unfound('people').as('unfound_people'), unfound('used').as('unfound_used')])
      .where('hour', '>=', begin)
      .where('subject', 'not like', ENDS_WITH_ALL)
      .groupBy('subject')
      .having(people, '>=', least)
      .orderBy('all_people', 'desc')
      .limit(most)
      .execute()
    return rows.map(row => ({
      subject: row.subject,
      all: { people: Number(row.all_people), used: Number(row.all_used) },
      unfound: { people: Number(row.unfound_people), used: Number(row.unfound_used) },
    }))
  },
  /** What is known of subjects, but for the hours in which there were findings. */
  async known(subjects: readonly Subject[], before: number): Promise<Map<Subject, Known>> {
    if (subjects.length === 0) return new Map()
    const earlier = (column: 'people' | 'used') =>
      sql<number>`sum(case when hour < cast(${before} as bigint) then ${sql.ref(column)} else 0 end)`
    const rows = await db
      .selectFrom('fraud_hours')
      .select(['subject', sql<number>`sum(people)`.as('all_people'), sql<number>`sum(used)`.as('all_used')])
      .select([earlier('people').as('earlier_people'), earlier('used').as('earlier_used')])
      .where('subject', 'in', subjects)
      .where('found', '=', 0)
      .groupBy('subject')
      .execute()
    return new Map(
      rows.map(row => [
        row.subject,
        {
          all: { people: Number(row.all_people), used: Number(row.all_used) },
          earlier: { people: Number(row.earlier_people), used: Number(row.earlier_used) },
        },
      ]),
    )
  },
})

/** The SQL of how many people used their codes, and of what was found: `await fraudStore(db).open()`. */
export const fraudStore = (db: Database) => ({
  ...hourStore(db),
  /** Those that hold or are allowed; from this node's memory until one of them changes. */
  open: (): Promise<readonly FindingRow[]> =>
    remembered(db, 'fraud_findings', () =>
      db.selectFrom('fraud_findings').selectAll().where('ended_at', 'is', null).orderBy('began_at').execute(),
    ),
  /** What was found at some time within a span and not allowed. */
  async foundWithin(begin: number, end: number): Promise<Subject[]> {
    const rows = await db
      .selectFrom('fraud_findings')
      .select('subject')
      .where('began_at', '<', end)
      .where(({ eb, or }) => or([eb('ended_at', 'is', null), eb('ended_at', '>', begin)]))
      .where('allowed_until', 'is', null)
      .execute()
    return rows.map(({ subject }) => subject)
  },
  /** Those without an end first, then the last ones that ended. */
  list: async (most: number): Promise<FindingRow[]> => {
    const all = db.selectFrom('fraud_findings').selectAll().limit(most)
    return [
      ...(await all.where('ended_at', 'is', null).orderBy('began_at', 'desc').execute()),
      ...(await all.where('ended_at', 'is not', null).orderBy('ended_at', 'desc').execute()),
    ]
  },
  byId: (id: string) => db.selectFrom('fraud_findings').selectAll().where('id', '=', id).executeTakeFirst(),
  /** Undefined when there is one of its subject. */
  insert: (row: FindingRow): Promise<FindingRow | undefined> =>
    db
      .insertInto('fraud_findings')
      .values(row)
      .onConflict(conflict => conflict.doNothing())
      .returningAll()
      .executeTakeFirst(),
  /** Changes one that has no end; undefined when there is none. */
  change: (id: string, change: Partial<FindingRow>): Promise<FindingRow | undefined> =>
    db
      .updateTable('fraud_findings')
      .set(change)
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .returningAll()
      .executeTakeFirst(),
  async purge(hoursBefore: number, endedBefore: number): Promise<void> {
    await db.deleteFrom('fraud_hours').where('hour', '<', hoursBefore).execute()
    const old = db.selectFrom('fraud_findings').select('id').where('ended_at', '<', endedBefore)
    // A remembered table is not written to without need.
    if (await old.limit(1).executeTakeFirst())
      await db.deleteFrom('fraud_findings').where('ended_at', '<', endedBefore).execute()
  },
})

export type FraudStore = ReturnType<typeof fraudStore>
