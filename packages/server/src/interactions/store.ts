import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import { built, builtWrite } from '../db/built.ts'
import type { Database } from '../db/database.ts'
import { currentRequest, type Request } from '../db/patience.ts'
import { stateContext } from './state-context.ts'

/** A stored value with the version that the next write must name. */
export interface Versioned<T> {
  value: T
  version: number
}

/** An interaction's row, or nulls where there is none, as another room's statement brings it along. */
export interface InteractionRow {
  interaction_state: string | null
  interaction_version: number | null
}

/** An interaction's row. */
const rowOf = (db: Database, { uid, now }: { uid: string; now: number }) =>
  db
    .selectFrom('interactions')
    .select(['state as interaction_state', 'version as interaction_version'])
    .where('uid', '=', uid)
    .where('expires_at', '>', now)

const readRow = built(rowOf)

interface Saving {
  uid: string
  state: string
  expiresAt: number
}

const insertRow = builtWrite((db, { uid, state, expiresAt, now }: Saving & { now: number }) =>
  db
    .insertInto('interactions')
    .values({ uid, state, version: 1, expires_at: expiresAt })
    .onConflict(conflict =>
      conflict
        .column('uid')
        .doUpdateSet({ state, version: 1, expires_at: expiresAt })
        // One that expired and was not purged yet is none.
        .where('interactions.expires_at', '<=', now),
    ),
)

const updateRow = builtWrite(
  (db, { uid, state, expiresAt, version, next }: Saving & { version: number; next: number }) =>
    db
      .updateTable('interactions')
      .set({ state, version: next, expires_at: expiresAt })
      .where('uid', '=', uid)
      .where('version', '=', version),
)

/**
 * An interaction's row to be joined as `interaction` to another statement, which hands over what it found.
 *
 * @example query.leftJoin(joinedRow(db, { uid, now }), join => join.onTrue()).selectAll('interaction')
 */
export const joinedRow = (db: Database, values: { uid: string; now: number }) =>
  rowOf(db, values).as('interaction')

/**
 * The SQL of interactions: state sealed, written only over the version that was read.
 *
 * @example const found = await interactionStore<Stored>(db, keys).load(uid, world.now())
 */
export function interactionStore<T>(db: Database, keys: Keys) {
  /** What a statement of the request has brought along, until it is used. */
  const brought = new WeakMap<Request, { uid: string; row: InteractionRow }>()

  function takeBrought(uid: string): InteractionRow | undefined {
    const request = currentRequest()
    const known = request && brought.get(request)
    if (known?.uid !== uid) return undefined
    brought.delete(request!)
    return known.row
  }

  return {
    /** Takes an interaction's row that another statement has found. */
    found(uid: string, row: InteractionRow): void {
      const request = currentRequest()
      if (request) brought.set(request, { uid, row })
    },
    /** Forgets what was brought along, since it may have changed. */
    outdate: (uid: string): unknown => takeBrought(uid),
    /** A value as it is stored. */
    seal: (uid: string, value: T): string => seal(keys.seal, JSON.stringify(value), stateContext(uid)),
    async load(uid: string, now: number): Promise<Versioned<T> | undefined> {
      const row = takeBrought(uid) ?? (await readRow(db, { uid, now }))[0]
      if (!row || row.interaction_state === null || row.interaction_version === null) return undefined
      const value = JSON.parse(open(keys.seal, row.interaction_state, stateContext(uid)))
      return { value, version: row.interaction_version }
    },
    /** Writes what is sealed over `version` (0: there is none yet); false when somebody else was faster. */
    async save(
      uid: string,
      state: string,
      version: number,
      { now, expiresAt }: { now: number; expiresAt: number },
    ): Promise<boolean> {
      const saving = { uid, state, expiresAt }
      const saved =
        version === 0
          ? await insertRow(db, { ...saving, now })
          : await updateRow(db, { ...saving, version, next: version + 1 })
      return saved === 1
    },
    delete: (uid: string) => db.deleteFrom('interactions').where('uid', '=', uid).execute(),
    purge: (now: number) => db.deleteFrom('interactions').where('expires_at', '<=', now).execute(),
  }
}

export type InteractionStore<T> = ReturnType<typeof interactionStore<T>>
