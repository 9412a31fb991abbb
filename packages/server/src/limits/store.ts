import type { Database } from '../db/database.ts'

/** The SQL of limits: sends per recipient, failures per identifier. */
export function limitStore(db: Database) {
  const countSince = (recipientKey: string, since: number) =>
    db
      .selectFrom('send_places')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('recipient_key', '=', recipientKey)
      .where('at', '>', since)

  return {
    /**
     * Takes one of the recipient's places that is free or was taken before `since`; undefined when there is none, or
     * when there were `tries` already. The primary key decides, so no clock and no race makes room for one more.
     */
    async takePlace(
      { id, recipientKey, at, since }: { id: string; recipientKey: string; at: number; since: number },
      { places, tries }: { places: number; tries: number },
    ): Promise<number | undefined> {
      const taken = await db
        .selectFrom('send_places')
        .select('place')
        .where('recipient_key', '=', recipientKey)
        .where('at', '>', since)
        .execute()
      if (taken.length >= tries) return undefined
      const occupied = new Set(taken.map(row => row.place))
      for (let place = 0; place < places; place += 1) {
        if (occupied.has(place)) continue
        const row = await db
          .insertInto('send_places')
          .columns(['recipient_key', 'place', 'id', 'at'])
          .expression(
            db
              .selectNoFrom(({ cast, val }) => [
                cast<string>(val(recipientKey), 'text').as('recipient_key'),
                cast<number>(val(place), 'integer').as('place'),
                cast<string>(val(id), 'text').as('id'),
                cast<number>(val(at), 'bigint').as('at'),
              ])
              .where(countSince(recipientKey, since), '<', tries),
          )
          .onConflict(conflict =>
            conflict
              .columns(['recipient_key', 'place'])
              .doUpdateSet({ id, at })
              .where('send_places.at', '<=', since),
          )
          .returning('place')
          .executeTakeFirst()
        if (row) return place
      }
      return undefined
    },
    /** Frees a place, unless somebody else has it by now. */
    freePlace: (id: string, recipientKey: string, place: number) =>
      db
        .deleteFrom('send_places')
        .where('recipient_key', '=', recipientKey)
        .where('place', '=', place)
        .where('id', '=', id)
        .execute(),
    /** Gives a place back to sends, but goes on counting the try. */
    movePlace: (id: string, recipientKey: string, place: number, aside: number) =>
      db
        .updateTable('send_places')
        .set({ place: aside })
        .where('recipient_key', '=', recipientKey)
        .where('place', '=', place)
        .where('id', '=', id)
        .execute(),
    addFailure: (id: string, identifierKey: string, at: number) =>
      db.insertInto('identifier_failures').values({ id, identifier_key: identifierKey, at }).execute(),
    deleteFailure: (id: string) => db.deleteFrom('identifier_failures').where('id', '=', id).execute(),
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
    /** Forgets everything about a recipient and an identifier. */
    async forget(recipientKey: string, identifierKey: string): Promise<void> {
      await db.deleteFrom('send_places').where('recipient_key', '=', recipientKey).execute()
      await db.deleteFrom('identifier_failures').where('identifier_key', '=', identifierKey).execute()
      await db.deleteFrom('identifier_blocks').where('identifier_key', '=', identifierKey).execute()
    },
    /** Forgets what no window reaches any more. */
    async purge(before: number): Promise<void> {
      await db.deleteFrom('send_places').where('at', '<', before).execute()
      await db.deleteFrom('identifier_failures').where('at', '<', before).execute()
      await db.deleteFrom('identifier_blocks').where('until', '<', before).execute()
    },
  }
}
