import { type AliasedExpression, sql } from 'kysely'
import { type Along, changeAlong } from '../db/along.ts'
import { againAfterDeadlock, type Database } from '../db/database.ts'
import { carryVersion, onceInRequest, versionColumn } from '../db/memory.ts'
import { sessionEnds } from '../users/joins.ts'

/** One stored thing of OpenID Connect, its names already hashed and its content sealed. */
export interface StoredPayload {
  kind: string
  idHash: string
  payload: string
  grantId: string | null
  uidHash: string | null
  accountId: string | null
  /** In which epoch of its user it was good, or what it was issued for. */
  epoch: number
  clientId: string | null
  expiresAt: number | null
}

/** A row of another room that is read in the same statement as an interaction, and who takes it. */
export interface Joined<Row extends object = object> {
  /** At most one row, which has the name `visit`. */
  row: AliasedExpression<Row, 'visit'>
  found(row: Row): void
}

const toRow = (row: StoredPayload) => ({
  kind: row.kind,
  id_hash: row.idHash,
  payload: row.payload,
  grant_id: row.grantId,
  uid_hash: row.uidHash,
  account_id: row.accountId,
  epoch: row.epoch,
  client_id: row.clientId,
  expires_at: row.expiresAt,
})

/** The SQL of OpenID Connect: sessions, grants, codes, tokens and interactions. */
export function oidcStore(db: Database) {
  /**
   * Sessions, grants and tokens of before those of their user were ended, but for those that were kept. Tokens end with
   * their grant as well. What a request writes that was under way at that moment belongs to the old epoch.
   */
  const ended = sql<boolean>`((oidc_payloads.kind = 'Session'
      and oidc_payloads.epoch < coalesce(owner.session_epoch, 0)
      and oidc_payloads.uid_hash <> coalesce(owner.kept_session, ''))
    or (oidc_payloads.kind = 'Grant'
      and oidc_payloads.epoch < coalesce(owner.grant_epoch, 0)
      and oidc_payloads.id_hash <> coalesce(owner.kept_grant, ''))
    or (oidc_payloads.kind in ('AuthorizationCode', 'AccessToken', 'RefreshToken')
      and oidc_payloads.epoch < coalesce(owner.token_epoch, 0)))`

  const alive = (now: number) =>
    db
      .selectFrom('oidc_payloads')
      .leftJoin(sessionEnds(db), 'owner.id', 'oidc_payloads.account_id')
      .select(['id_hash', 'payload', 'consumed_at', 'expires_at', 'owner.session_epoch as epoch'])
      .where(({ eb, or }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
      .where(({ not }) => not(ended))

  async function one(kind: string, idHash: string, now: number, joined?: Joined) {
    const query = alive(now).select(versionColumn(db)).where('kind', '=', kind).where('id_hash', '=', idHash)
    const row = await (joined
      ? query.leftJoin(joined.row, join => join.onTrue()).selectAll('visit')
      : query
    ).executeTakeFirst()
    if (!row) return undefined
    carryVersion(db, row.memory_version)
    joined?.found(row)
    return row
  }

  /** Deletes one; true when it was this call that did. */
  async function deleteOne(kind: string, idHash: string): Promise<boolean> {
    const { numDeletedRows } = await db
      .deleteFrom('oidc_payloads')
      .where('kind', '=', kind)
      .where('id_hash', '=', idHash)
      .executeTakeFirst()
    return numDeletedRows > 0n
  }

  /**
   * Deletes a grant with all that hangs on it; tells whether it was still there. A grant's id hash is what its
   * tokens carry as `grant_id`.
   */
  async function deleteGrant(grantId: string, on: Database = db): Promise<boolean> {
    const { numDeletedRows } = await on
      .deleteFrom('oidc_payloads')
      .where('kind', '=', 'Grant')
      .where('id_hash', '=', grantId)
      .executeTakeFirst()
    await on.deleteFrom('oidc_payloads').where('grant_id', '=', grantId).execute()
    return numDeletedRows > 0n
  }

  return {
    async upsert(row: StoredPayload): Promise<void> {
      const { kind: _, id_hash: __, ...change } = toRow(row)
      await db
        .insertInto('oidc_payloads')
        .values(toRow(row))
        .onConflict(conflict => conflict.columns(['kind', 'id_hash']).doUpdateSet(change))
        .execute()
    },
    /** Stores what never changes: the first one stays. */
    async insert(row: StoredPayload): Promise<void> {
      await db
        .insertInto('oidc_payloads')
        .values(toRow(row))
        .onConflict(conflict => conflict.columns(['kind', 'id_hash']).doNothing())
        .execute()
    },
    /** Changes one that is there, with what goes along; false when it is gone. */
    async replacePayload(
      kind: string,
      idHash: string,
      payload: string,
      along?: Along<true>,
    ): Promise<boolean> {
      const replaced = await changeAlong(db, along, async on => {
        const { numUpdatedRows } = await on
          .updateTable('oidc_payloads')
          .set({ payload })
          .where('kind', '=', kind)
          .where('id_hash', '=', idHash)
          .executeTakeFirst()
        return numUpdatedRows > 0n || undefined
      })
      return replaced ?? false
    },
    byId: (kind: string, idHash: string, now: number) => one(kind, idHash, now),
    /**
     * The interaction of a request, read once while it is answered: it is good whatever becomes of its user. What ends
     * an interaction does so on the condition that it is still there.
     */
    interaction: (idHash: string, now: number, joined?: Joined) =>
      onceInRequest(db, ['oidc_payloads'], idHash, () => one('Interaction', idHash, now, joined)),
    /** By the name that a session keeps while its id changes; read once while a request is answered. */
    byUid: (kind: string, uidHash: string, now: number) =>
      // Whose sessions were ended stands with the user.
      onceInRequest(db, ['oidc_payloads', 'users'], `${kind}/${uidHash}`, () =>
        alive(now).where('kind', '=', kind).where('uid_hash', '=', uidHash).executeTakeFirst(),
      ),
    /** All of one kind that a user has. */
    byAccount: (kind: string, accountId: string, now: number) =>
      alive(now).where('kind', '=', kind).where('account_id', '=', accountId).execute(),
    /** Marks as used; the row when this call was the first to do so, else undefined. */
    async consume(kind: string, idHash: string, now: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('oidc_payloads')
        .set({ consumed_at: now })
        .where('kind', '=', kind)
        .where('id_hash', '=', idHash)
        .where('consumed_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async grantOf(kind: string, idHash: string): Promise<string | null> {
      const row = await db
        .selectFrom('oidc_payloads')
        .select('grant_id')
        .where('kind', '=', kind)
        .where('id_hash', '=', idHash)
        .executeTakeFirst()
      return row?.grant_id ?? null
    },
    delete: deleteOne,
    async deleteByGrant(kind: string, grantId: string): Promise<void> {
      await db.deleteFrom('oidc_payloads').where('kind', '=', kind).where('grant_id', '=', grantId).execute()
    },
    deleteGrant: (grantId: string) => deleteGrant(grantId),
    /** Deletes grants with all that hangs on them, and writes what goes along; tells which were still there. */
    async deleteGrants(grantIds: string[], along: Along<string[]>): Promise<string[]> {
      const work = () =>
        changeAlong(db, along, async on => {
          const there: string[] = []
          for (const id of grantIds) if (await deleteGrant(id, on)) there.push(id)
          return there.length > 0 ? there : undefined
        })
      // Whoever deletes all that the user has may wait for this one, and this one for the other.
      const deleted = await againAfterDeadlock(work)
      return deleted ?? []
    },
    /** Deletes what a user has: all of it, or all but one kind. */
    async deleteByAccount(accountId: string, but?: string): Promise<void> {
      await db
        .deleteFrom('oidc_payloads')
        .where('account_id', '=', accountId)
        .$if(but !== undefined, query => query.where('kind', '!=', but!))
        .execute()
    },
    /** Deletes what a user had before all was ended, but for what was kept; tells which sessions and grants it was. */
    async deleteEnded(accountId: string): Promise<{ sessions: number; grants: number }> {
      const rows = await db
        .selectFrom('oidc_payloads')
        .innerJoin(sessionEnds(db), 'owner.id', 'oidc_payloads.account_id')
        .select(['oidc_payloads.kind', 'oidc_payloads.id_hash'])
        .where('account_id', '=', accountId)
        .where(ended)
        .execute()
      const count = { sessions: 0, grants: 0 }
      for (const { kind, id_hash } of rows) {
        const deleted = await (kind === 'Grant' ? deleteGrant(id_hash) : deleteOne(kind, id_hash))
        if (deleted && kind === 'Grant') count.grants += 1
        if (deleted && kind === 'Session') count.sessions += 1
      }
      return count
    },
    async deleteExpired(now: number): Promise<void> {
      await db.deleteFrom('oidc_payloads').where('expires_at', '<=', now).execute()
    },
  }
}

export type OidcStore = ReturnType<typeof oidcStore>
