import { type OnConflictBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { type Along, changeAlong } from '../db/along.ts'
import { built, builtWrite } from '../db/built.ts'
import { againAfterDeadlock, type Database, isSqlite } from '../db/database.ts'
import { bringAlong, carryVersion, onceInRequest, versionColumn } from '../db/memory.ts'
import type { Schema } from '../db/schema.ts'
import { ownerFound, owners } from '../users/joins.ts'
import { handsEpochOn } from './epochs.ts'
import {
  type Ahead,
  type AheadValues,
  type Changes,
  COLUMNS,
  type Joined,
  type Name,
  type StoredPayload,
  toRow,
  typedRow,
} from './rows.ts'

/**
 * What a request is about: read once while it is answered, until it writes. Whoever changes one of them does so on the
 * condition that it is still as it was.
 */
const ONCE = new Set(['Interaction', 'Session', 'AuthorizationCode', 'Grant'])

/** What is asked for next of these is whom they belong to. */
const WITH_OWNER = new Set(['Session', 'AuthorizationCode', 'AccessToken', 'RefreshToken'])

/** What decides whether something is still good: that all of a user's were ended stands with the user. */
const tablesOf = (kind: string) =>
  handsEpochOn(kind) ? (['oidc_payloads', 'users'] as const) : (['oidc_payloads'] as const)

/** What is there already changes, but for refresh tokens: of several who spend one at once the first stores its successor. */
const changing = (conflict: OnConflictBuilder<Schema, 'oidc_payloads'>) =>
  conflict
    .columns(['kind', 'id_hash'])
    .doUpdateSet(({ ref }) => ({
      payload: ref('excluded.payload'),
      grant_id: ref('excluded.grant_id'),
      uid_hash: ref('excluded.uid_hash'),
      account_id: ref('excluded.account_id'),
      epoch: ref('excluded.epoch'),
      client_id: ref('excluded.client_id'),
      expires_at: ref('excluded.expires_at'),
    }))
    .where('excluded.kind', '!=', 'RefreshToken')

/** Makes a thing once for each kind, with and without what is joined. */
function onceFor<T>(make: (kind: string, joined?: Joined) => T): (kind: string, joined?: Joined) => T {
  const made = new Map<string, T>()
  return (kind, joined) => {
    const key = joined ? `${kind} joined` : kind
    const known = made.get(key) ?? make(kind, joined)
    made.set(key, known)
    return known
  }
}

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

/** Selects what is still worth something. */
const alive = (on: Database, now: number) =>
  on
    .selectFrom('oidc_payloads')
    .leftJoin(owners(on), 'owner.id', 'oidc_payloads.account_id')
    .select(['id_hash', 'payload', 'consumed_at', 'expires_at', 'owner.session_epoch as epoch'])
    .where(({ eb, or }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .where(({ not }) => not(ended))

/** With what a request goes by from then on: the version, and the user whom it belongs to. */
const withMore = (on: Database, kinds: string[], now: number) =>
  alive(on, now)
    .select(['kind', 'uid_hash', versionColumn(on)])
    .$if(
      kinds.some(kind => WITH_OWNER.has(kind)),
      query => query.selectAll('owner'),
    )

/** The row of a thing while it is there: whoever deletes it meanwhile is waited for. */
const isThere = (db: Database, name: Name) =>
  db
    .selectFrom('oidc_payloads as first')
    .select('first.kind')
    .where('first.kind', '=', name.kind)
    .where('first.id_hash', '=', name.idHash)
    // SQLite has one writer at a time.
    .$if(!isSqlite(db), query => query.forUpdate())

/** Stores things in one statement. What is there already changes, but for refresh tokens. */
const upsertRows = builtWrite((on, rows: ReturnType<typeof toRow>[]) =>
  on.insertInto('oidc_payloads').values(rows).onConflict(changing),
)

const upsert = (on: Database, rows: StoredPayload[]) => upsertRows(on, rows.map(toRow))

/** The row of a thing made empty, which deletes it; none when it is not there. */
const endedRow = (on: Database, name: Name) =>
  on
    .selectFrom('oidc_payloads')
    .select([
      'kind',
      'id_hash',
      sql<string>`''`.as('payload'),
      'grant_id',
      'uid_hash',
      'account_id',
      'epoch',
      'client_id',
      sql<number>`0`.as('expires_at'),
    ])
    .where('kind', '=', name.kind)
    .where('id_hash', '=', name.idHash)

/**
 * Stores things and ends others, in one statement and so without a transaction; nothing of it where one of those that
 * are needed is gone. What ends becomes empty, and a trigger deletes it.
 */
const changeRows = builtWrite(
  (on, { needed, gone, rows }: { needed: Name[]; gone: Name[]; rows: StoredPayload[] }) => {
    const [first, ...others]: SelectQueryBuilder<Schema, 'oidc_payloads', ReturnType<typeof toRow>>[] = [
      ...gone.map(each => endedRow(on, each)),
      ...rows.map(each => typedRow(on, each)),
    ]
    const all = others.reduce((query, next) => query.unionAll(next), first!).as('rows')
    return on
      .insertInto('oidc_payloads')
      .columns(COLUMNS)
      .expression(
        on
          .selectFrom(all)
          .select(COLUMNS)
          .where(({ and, exists }) => and(needed.map(each => exists(isThere(on, each))))),
      )
      .onConflict(changing)
  },
)

/** Deletes one; true when it was this call that did. */
async function deleteOne(db: Database, kind: string, idHash: string): Promise<boolean> {
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
async function deleteGrant(on: Database, grantId: string): Promise<boolean> {
  const { numDeletedRows } = await on
    .deleteFrom('oidc_payloads')
    .where('kind', '=', 'Grant')
    .where('id_hash', '=', grantId)
    .executeTakeFirst()
  await on.deleteFrom('oidc_payloads').where('grant_id', '=', grantId).execute()
  return numDeletedRows > 0n
}

/**
 * Writes what one request has gathered, all or nothing; false when the interaction that it ends or concludes is gone,
 * and then it is nothing.
 */
async function writeGathered(db: Database, { ended, gone, concluded, rows }: Changes): Promise<boolean> {
  const needed = [ended, concluded]
    .filter(each => each !== undefined)
    .map(({ kind, idHash }) => ({ kind, idHash }))
  const changes = {
    needed,
    gone: ended ? [ended, ...gone] : gone,
    rows: concluded ? [concluded, ...rows] : rows,
  }
  if (needed.length > 0 || gone.length > 0)
    // It locks several rows, and whoever ends all that a user has locks them in another order.
    return (await againAfterDeadlock(() => changeRows(db, changes))) > 0 || needed.length === 0
  if (rows.length > 0) await upsert(db, rows)
  return true
}

const setPayload = builtWrite((on, { kind, idHash, payload }: Name & { payload: string }) =>
  on.updateTable('oidc_payloads').set({ payload }).where('kind', '=', kind).where('id_hash', '=', idHash),
)

/** Changes one that is there, with what goes along; false when it is gone. */
async function replacePayload(
  db: Database,
  kind: string,
  idHash: string,
  payload: string,
  along?: Along<true>,
): Promise<boolean> {
  const replaced = await changeAlong(
    db,
    along,
    async on => (await setPayload(on, { kind, idHash, payload })) > 0 || undefined,
  )
  return replaced ?? false
}

/** All of one kind that a user has. */
const byAccount = (db: Database, kind: string, accountId: string, now: number) =>
  alive(db, now).where('kind', '=', kind).where('account_id', '=', accountId).execute()

const markUsed = builtWrite((on, { kind, idHash, now }: Name & { now: number }) =>
  on
    .updateTable('oidc_payloads')
    .set({ consumed_at: now })
    .where('kind', '=', kind)
    .where('id_hash', '=', idHash)
    .where('consumed_at', 'is', null),
)

/** Marks a thing as used; true when this call was the first to do so. */
const consume = async (db: Database, kind: string, idHash: string, now: number) =>
  (await markUsed(db, { kind, idHash, now })) > 0

/** The grant that a thing hangs on; null when there is none. */
async function grantOf(db: Database, kind: string, idHash: string): Promise<string | null> {
  const row = await db
    .selectFrom('oidc_payloads')
    .select('grant_id')
    .where('kind', '=', kind)
    .where('id_hash', '=', idHash)
    .executeTakeFirst()
  return row?.grant_id ?? null
}

/** Deletes all of a kind that hang on a grant. */
async function deleteByGrant(db: Database, kind: string, grantId: string): Promise<void> {
  await db.deleteFrom('oidc_payloads').where('kind', '=', kind).where('grant_id', '=', grantId).execute()
}

/** Deletes grants with all that hangs on them, and writes what goes along; tells which were still there. */
async function deleteGrants(db: Database, grantIds: string[], along: Along<string[]>): Promise<string[]> {
  const work = () =>
    changeAlong(db, along, async on => {
      const there: string[] = []
      for (const id of grantIds) if (await deleteGrant(on, id)) there.push(id)
      return there.length > 0 ? there : undefined
    })
  // Whoever deletes all that the user has may wait for this one, and this one for the other.
  const deleted = await againAfterDeadlock(work)
  return deleted ?? []
}

/** Deletes what a user has: all of it, or all but one kind. */
async function deleteByAccount(db: Database, accountId: string, but?: string): Promise<void> {
  await db
    .deleteFrom('oidc_payloads')
    .where('account_id', '=', accountId)
    .$if(but !== undefined, query => query.where('kind', '!=', but!))
    .execute()
}

/** Deletes what a user had before all was ended, but for what was kept; tells which sessions and grants it was. */
async function deleteEnded(db: Database, accountId: string): Promise<{ sessions: number; grants: number }> {
  const rows = await db
    .selectFrom('oidc_payloads')
    .innerJoin(owners(db), 'owner.id', 'oidc_payloads.account_id')
    .select(['oidc_payloads.kind', 'oidc_payloads.id_hash'])
    .where('account_id', '=', accountId)
    .where(ended)
    .execute()
  const count = { sessions: 0, grants: 0 }
  for (const { kind, id_hash } of rows) {
    const deleted = await (kind === 'Grant' ? deleteGrant(db, id_hash) : deleteOne(db, kind, id_hash))
    if (deleted && kind === 'Grant') count.grants += 1
    if (deleted && kind === 'Session') count.sessions += 1
  }
  return count
}

/** Deletes what has expired. */
async function deleteExpired(db: Database, now: number): Promise<void> {
  await db.deleteFrom('oidc_payloads').where('expires_at', '<=', now).execute()
}

/** The name of the grant that a code hangs on. */
const grantOfCode = (on: Database, idHash: string) =>
  on
    .selectFrom('oidc_payloads as code')
    .select('code.grant_id')
    .where('code.kind', '=', 'AuthorizationCode')
    .where('code.id_hash', '=', idHash)

/** The queries that most requests run: each is built once. */
function createReading(db: Database) {
  const byIdOf = onceFor((kind: string) =>
    built((on, { idHash, now }: { idHash: string; now: number }) =>
      withMore(on, [kind], now).where('kind', '=', kind).where('id_hash', '=', idHash),
    ),
  )

  const byUidOf = onceFor((kind: string) =>
    built((on, { uidHash, now }: { uidHash: string; now: number }) =>
      withMore(on, [kind], now).where('kind', '=', kind).where('uid_hash', '=', uidHash),
    ),
  )

  const aheadOf = onceFor((kinds: string, joined?: Joined) =>
    built((on, values: AheadValues) => {
      const names = kinds.split(' ') as (keyof Ahead['hashes'])[]
      return withMore(on, names, values.now)
        .where(({ and, eb, or }) =>
          or([
            ...names.map(kind => and({ kind, id_hash: values[kind] })),
            ...(names.includes('AuthorizationCode')
              ? [
                  and([
                    eb('kind', '=', 'Grant'),
                    eb('id_hash', '=', grantOfCode(on, values.AuthorizationCode)),
                  ]),
                ]
              : []),
          ]),
        )
        .$if(joined !== undefined, query =>
          query
            .leftJoin(joined!.row(on, values), join => join.on('kind', '=', 'Interaction'))
            .selectAll('interaction'),
        )
    }),
  )

  async function one({ kind, idHash }: Name, now: number) {
    const [row] = await byIdOf(kind)(db, { idHash, now })
    if (!row) return undefined
    carryVersion(db, row.memory_version)
    ownerFound(db, row)
    return row
  }

  return {
    byId: (kind: string, idHash: string, now: number) =>
      ONCE.has(kind)
        ? onceInRequest(db, tablesOf(kind), `${kind}/${idHash}`, () => one({ kind, idHash }, now))
        : one({ kind, idHash }, now),
    /** By the name that a session keeps while its id changes; read once while a request is answered. */
    byUid: (kind: string, uidHash: string, now: number) =>
      onceInRequest(db, tablesOf(kind), `${kind}/uid/${uidHash}`, async () => {
        const [row] = await byUidOf(kind)(db, { uidHash, now })
        if (row) ownerFound(db, row)
        return row
      }),
    /** Reads what a request is about in one statement, before anybody asks for it. */
    async ahead({ uid = '', hashes }: Ahead, now: number, joined?: Joined): Promise<void> {
      const named = Object.entries(hashes)
      if (named.length === 0) return
      const find = aheadOf(named.map(([kind]) => kind).join(' '), joined)
      const rows = await find(db, { ...(hashes as Required<Ahead['hashes']>), uid, now })
      for (const row of rows)
        if (row.kind === 'Grant') bringAlong(db, tablesOf('Grant'), `Grant/${row.id_hash}`, row)
      for (const [kind, idHash] of named) {
        const row = rows.find(each => each.kind === kind && each.id_hash === idHash)
        bringAlong(db, tablesOf(kind), `${kind}/${idHash}`, row)
        if (!row) continue
        carryVersion(db, row.memory_version)
        ownerFound(db, row)
        if (kind === 'Interaction') joined?.found(uid, row)
        if (row.uid_hash !== null) bringAlong(db, tablesOf(kind), `${kind}/uid/${row.uid_hash}`, row)
      }
    },
  }
}

/** The SQL of OpenID Connect: sessions, grants, codes, tokens and interactions. Each query is a function of its own. */
export const oidcStore = (db: Database) => ({
  ...createReading(db),
  upsert: upsert.bind(null, db),
  writeGathered: writeGathered.bind(null, db),
  replacePayload: replacePayload.bind(null, db),
  byAccount: byAccount.bind(null, db),
  consume: consume.bind(null, db),
  grantOf: grantOf.bind(null, db),
  delete: deleteOne.bind(null, db),
  deleteByGrant: deleteByGrant.bind(null, db),
  deleteGrant: deleteGrant.bind(null, db),
  deleteGrants: deleteGrants.bind(null, db),
  deleteByAccount: deleteByAccount.bind(null, db),
  deleteEnded: deleteEnded.bind(null, db),
  deleteExpired: deleteExpired.bind(null, db),
})

export type OidcStore = ReturnType<typeof oidcStore>
