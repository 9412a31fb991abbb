import type { Database } from '../db/database.ts'

/** The SQL of limits: sends per recipient, failures per identifier. */
export function limitStore(db: Database) {
  return {
    addSend: (id: string, recipientKey: string, at: number) =>
      db.insertInto('message_sends').values({ id, recipient_key: recipientKey, at }).execute(),
    removeSend: (id: string) => db.deleteFrom('message_sends').where('id', '=', id).execute(),
    /** Which place a send takes among those of its recipient since a moment: 1 for the first. */
    async rankOfSend(id: string, recipientKey: string, at: number, since: number): Promise<number> {
      const { count } = await db
        .selectFrom('message_sends')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('recipient_key', '=', recipientKey)
        .where('at', '>', since)
        .where(({ eb, or, and }) => or([eb('at', '<', at), and([eb('at', '=', at), eb('id', '<=', id)])]))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    addFailure: (id: string, identifierKey: string, at: number) =>
      db.insertInto('identifier_failures').values({ id, identifier_key: identifierKey, at }).execute(),
    async failuresSince(identifierKey: string, since: number): Promise<number> {
      const { count } = await db
        .selectFrom('identifier_failures')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('identifier_key', '=', identifierKey)
        .where('at', '>', since)
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    async blockedUntil(identifierKey: string): Promise<number> {
      const row = await db
        .selectFrom('identifier_blocks')
        .select('until')
        .where('identifier_key', '=', identifierKey)
        .executeTakeFirst()
      return row?.until ?? 0
    },
    block: (identifierKey: string, until: number) =>
      db
        .insertInto('identifier_blocks')
        .values({ identifier_key: identifierKey, until })
        .onConflict(conflict => conflict.column('identifier_key').doUpdateSet({ until }))
        .execute(),
    /** Forgets what no window reaches any more. */
    async purge(before: number): Promise<void> {
      await db.deleteFrom('message_sends').where('at', '<', before).execute()
      await db.deleteFrom('identifier_failures').where('at', '<', before).execute()
      await db.deleteFrom('identifier_blocks').where('until', '<', before).execute()
    },
  }
}
