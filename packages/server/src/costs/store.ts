import { type RawBuilder, sql } from 'kysely'
import { type Database, isSqlite } from '../db/database.ts'
import { dayOf, type SummedBy, type SumsFilter, type SumsRow, sumsByHour } from '../ledger/sums.ts'

const FIGURES = ['sent', 'delivered', 'undelivered', 'verified', 'unpriced', 'amount', 'estimated'] as const

const KEYS = { country: 'country', connection: 'connection_id', application: 'application_id' } as const

/**
 * Keeps what messages came to and cost, in the transaction that forgets them.
 *
 * @example await keepSums(tx, before)
 */
export async function keepSums(tx: Database, before: number): Promise<void> {
  // Of two nodes that forget at once, the second finds what is left when the first is done, and counts nothing twice.
  if (!isSqlite(tx)) await sql`lock table kept_costs in share row exclusive mode`.execute(tx)
  await tx
    .insertInto('kept_costs')
    .columns(['hour', 'country', 'connection_id', 'application_id', 'currency', ...FIGURES])
    .expression(sumsByHour(tx, before))
    .onConflict(conflict =>
      conflict
        .columns(['hour', 'country', 'connection_id', 'application_id', 'currency'])
        .doUpdateSet(({ eb, ref }) =>
          Object.fromEntries(
            FIGURES.map(name => [name, eb(`kept_costs.${name}`, '+', ref(`excluded.${name}`))]),
          ),
        ),
    )
    .execute()
}

/** The SQL of what is known of the costs of messages that are forgotten. */
export const keptCosts = (db: Database) => ({
  /** As `ledger.sums`, of the messages that are forgotten; days begin with the hour in which they do. */
  async sums(by: SummedBy, filter: SumsFilter): Promise<SumsRow[]> {
    const { begin, end, country, connectionId, applicationId, offsets } = filter
    const key: RawBuilder<string | number | null> =
      by === 'day' ? dayOf('kept_costs.hour', offsets) : sql`nullif(${sql.ref(KEYS[by])}, '')`
    const rows = await db
      .selectFrom('kept_costs')
      .where('hour', '>=', begin)
      .where('hour', '<', end)
      .$if(country !== undefined, query => query.where('country', '=', country!))
      .$if(connectionId !== undefined, query => query.where('connection_id', '=', connectionId!))
      .$if(applicationId !== undefined, query => query.where('application_id', '=', applicationId!))
      .select(({ fn }) => [
        key.as('sum_key'),
        sql<string | null>`nullif(currency, '')`.as('sum_currency'),
        ...FIGURES.map(name => fn.sum<number>(name).as(name)),
      ])
      // Other names than columns have: PostgreSQL would take those.
      .groupBy(['sum_key', 'sum_currency'] as never)
      .execute()
    return rows.map(row => ({
      key: row.sum_key,
      currency: row.sum_currency,
      ...(Object.fromEntries(FIGURES.map(name => [name, Number(row[name])])) as Record<
        (typeof FIGURES)[number],
        number
      >),
    }))
  },
  purge: (before: number) => db.deleteFrom('kept_costs').where('hour', '<', before).execute(),
})
