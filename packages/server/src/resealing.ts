import { CompiledQuery, sql } from 'kysely'
import { contextOf as proofContext } from './account/proofs-room.ts'
import { context as secretContext } from './applications/applications.ts'
import { contextOf as captchaContext, type Stored as StoredCaptcha } from './captcha/secrets.ts'
import { context as connectionContext } from './connections/room.ts'
import { OWN, type Vault } from './crypto/keys.ts'
import { sealedAnew, sealedBy } from './crypto/seal.ts'
import { againAfterDeadlock, type Database, isSqlite } from './db/database.ts'
import { patiently } from './db/patience.ts'
import { configContext } from './hooks/config.ts'
import { keyContext } from './hooks/room.ts'
import { bodyContext, outcomeContext } from './hooks/sealing.ts'
import { stateContext } from './interactions/state-context.ts'
import { answerContext, detailContext, recipientContext } from './ledger/room.ts'
import { contextOf as payloadContext } from './oidc/adapter.ts'
import { RINGS } from './oidc/in-force.ts'
import { context as addressContext } from './receipts/addresses.ts'
import { readSetting, replaceSetting } from './settings/settings.ts'
import { contextOf as identityContext } from './test-identities/test-identities.ts'

/** A column in which sealed texts stand. */
interface Place {
  table: string
  column: string
  /** Its primary key. */
  keys: readonly string[]
  /** What the text is bound to, from the values of the primary key. */
  context(...keys: string[]): string
}

const place = (
  table: string,
  column: string,
  context: Place['context'],
  keys: readonly string[] = ['id'],
): Place => ({ table, column, keys, context })

/** Every column that holds what is sealed; a test looks for others. */
export const PLACES: readonly Place[] = [
  place('connections', 'config', connectionContext),
  place('application_secrets', 'value', secretContext, ['application_id', 'name']),
  place('hooks', 'config', configContext),
  place('hooks', 'signing_key', keyContext),
  place('receipt_addresses', 'sealed', addressContext, ['connection_id']),
  place('test_identities', 'code', identityContext),
  place('account_verifications', 'recipient', proofContext),
  place('interactions', 'state', stateContext, ['uid']),
  place('oidc_payloads', 'payload', payloadContext, ['kind', 'id_hash']),
  place('hook_deliveries', 'body', bodyContext),
  place('hook_deliveries', 'outcome', outcomeContext),
  place('attempts', 'answer', answerContext),
  place('attempts', 'sealed_to', recipientContext),
  place('receipts', 'detail', detailContext),
]

/** Rows that are read at once. */
const AT_ONCE = 200

/** How many texts each key has sealed, by the keys' ids; `own` is that of the secret. */
export type SealedCounts = Record<string, number>

/** What sealing anew has done. */
export interface Resealed {
  /** Texts that the first key has sealed now. */
  resealed: number
  /** Texts that no key here opens; they stay as they are. */
  unopened: number
}

const PREFIX = sql.raw(
  `case when sealed like 'v1.%' then '${OWN}' when sealed like 'v2.%' then substr(sealed, 4, 16) end`,
)

/**
 * Counts by which key what stands in the database is sealed.
 *
 * @example await countSealed(db) // { own: 812, '9b1d0c6a51e2f377': 4 }
 */
export async function countSealed(db: Database): Promise<SealedCounts> {
  const counts: SealedCounts = {}
  const add = (key: string | null | undefined, count: number) => {
    if (key) counts[key] = (counts[key] ?? 0) + count
  }
  for (const { table, column } of PLACES) {
    const { rows } = await sql<{ key: string | null; count: number }>`
      select ${PREFIX} as key, count(*) as count
      from (select ${sql.ref(column)} as sealed from ${sql.table(table)}) as texts group by 1`.execute(db)
    for (const { key, count } of rows) add(key, Number(count))
  }
  for (const { sealed } of await sealedSettings(db)) add(sealedBy(sealed), 1)
  return counts
}

/**
 * Seals with the first key of the vault whatever another one has sealed, while servers run: a text is replaced only as it was
 * read, so nothing that is written meanwhile is lost. Whatever ends it, it goes on where it was when it is run again.
 *
 * @param progress is told now and then how many texts were sealed
 * @example const { resealed } = await resealAll(db, keys.seal, () => {})
 */
export function resealAll(db: Database, vault: Vault, progress: (count: number) => void): Promise<Resealed> {
  const done: Resealed = { resealed: 0, unopened: 0 }
  const anew = (sealed: string, context: string): string | undefined => {
    try {
      return sealedAnew(vault, sealed, context)
    } catch {
      // It is told by its count, and by the counts of all keys.
      done.unopened += 1
      return undefined
    }
  }
  return patiently(async () => {
    for (const each of PLACES) await resealColumn(db, each, anew, done, progress)
    for (const { name, sealed, context, whole } of await sealedSettings(db)) {
      const next = anew(sealed, context)
      const text = next === undefined ? undefined : whole(next)
      if (text && (await replaceSetting(db, name, text.old, text.next))) done.resealed += 1
    }
    return done
  })
}

async function resealColumn(
  db: Database,
  { table, column, keys, context }: Place,
  anew: (sealed: string, context: string) => string | undefined,
  done: Resealed,
  progress: (count: number) => void,
): Promise<void> {
  const mark = (place: number) => (isSqlite(db) ? '?' : `$${place}`)
  const ask = (on: Database, text: string, values: unknown[]) =>
    on.executeQuery(CompiledQuery.raw(text, values))
  const behind = `(${keys.join(', ')}) > (${keys.map((_, at) => mark(at + 1)).join(', ')})`
  const same = keys.map((key, at) => `${key} = ${mark(at + 2)}`).join(' and ')
  const update = `update ${table} set ${column} = ${mark(1)} where ${same} and ${column} = ${mark(keys.length + 2)}`
  for (let last = keys.map(() => ''); ; ) {
    const { rows } = await ask(
      db,
      `select ${[...keys, column].join(', ')} from ${table}
       where ${behind} order by ${keys.join(', ')} limit ${AT_ONCE}`,
      last,
    )
    const changes = (rows as Record<string, string | null>[]).flatMap(row => {
      const [sealed, values] = [row[column], keys.map(key => row[key]!)]
      const next = sealed == null ? undefined : anew(sealed, context(...values))
      return next === undefined ? [] : [[next, ...values, sealed]]
    })
    const write = async (tx: Database) => {
      let count = 0
      for (const values of changes) count += Number((await ask(tx, update, values)).numAffectedRows ?? 0)
      return count
    }
    if (changes.length > 0) done.resealed += await againAfterDeadlock(() => db.transaction().execute(write))
    progress(done.resealed)
    if (rows.length < AT_ONCE) return
    last = keys.map(key => String((rows.at(-1) as Record<string, unknown>)[key]))
  }
}

/** Where settings hold what is sealed, and how they read with another text in its place. */
async function sealedSettings(db: Database) {
  const found: {
    name: string
    sealed: string
    context: string
    whole(next: string): { old: string; next: string }
  }[] = []
  for (const name of Object.values(RINGS)) {
    const sealed = await readSetting(db, name)
    if (sealed !== undefined)
      found.push({ name, sealed, context: name, whole: next => ({ old: sealed, next }) })
  }
  const text = await readSetting(db, CAPTCHA)
  const stored = text === undefined ? undefined : (JSON.parse(text) as Partial<StoredCaptcha>)
  if (text !== undefined && stored?.sealed !== undefined && stored.settings)
    found.push({
      name: CAPTCHA,
      sealed: stored.sealed,
      context: captchaContext(stored.settings.provider),
      whole: next => ({ old: text, next: JSON.stringify({ ...stored, sealed: next }) }),
    })
  return found
}

/** Under which the checks for people keep their settings. */
const CAPTCHA = 'captcha'
