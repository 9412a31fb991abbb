import { type Database, isUniqueViolation } from '../db/database.ts'
import { patiently } from '../db/patience.ts'
import { canonicalEmail, emailKey } from '../identifiers/email.ts'
import { phoneKey } from '../identifiers/phone.ts'
import { putSetting, readSetting } from '../settings/settings.ts'
import type { Log } from '../world.ts'
import { byEmail, byPhone, identifiersAfter, type KeptIdentifiers, rewriteIdentifiers } from './store.ts'

type Columns = Partial<Omit<KeptIdentifiers, 'id'>>

/**
 * The form that an identifier is to be kept in. Whoever changes that of phone numbers or e-mail addresses changes the rule
 * here and its version: then every installation is gone through once at its next start, before anybody comes in.
 */
interface Rule {
  version: string
  field: 'primaryPhone' | 'primaryEmail'
  /** The column that is unique, in which two users may meet. */
  unique: 'primary_phone' | 'email_key'
  /** The columns in their form, of a user who has one. Done twice it changes nothing more. */
  formOf(row: KeptIdentifiers): Columns
}

const RULES: readonly Rule[] = [
  {
    version: 'phones-1',
    field: 'primaryPhone',
    unique: 'primary_phone',
    formOf: ({ primary_phone: phone }) => (phone === null ? {} : { primary_phone: phoneKey(phone) }),
  },
  {
    version: 'addresses-1',
    field: 'primaryEmail',
    unique: 'email_key',
    formOf: ({ primary_email: address }) =>
      address === null ? {} : { primary_email: canonicalEmail(address), email_key: emailKey(address) },
  },
]

const VERSION = RULES.map(({ version }) => version).join()

const SETTING = 'users.one-form'

/** Nodes of before may write their forms for so long after the first new one has started. */
const OVERLAP = 24 * 60 * 60_000

/** Lines of the log for what is left; `countersign doctor` lists all. */
const MOST_LINES = 20

const REMEDY =
  'An old form finds nobody any more: decide whose it is and take it from the others; the next start does the rest.'

/** An identifier that several users have, in forms that are one today: only an operator can say whose it is. */
export interface LeftIdentifier {
  field: Rule['field']
  /** The user who has it in its form of today, if anybody has. */
  ownerId: string | null
  /** The users who have it in an old form. */
  userIds: string[]
}

/** The outcome of going through the users: what was rewritten, or would be, and what was left. */
export interface OldForms {
  rewritten: number
  left: LeftIdentifier[]
}

/** The users to look at: those with these ids, and all who were changed since a moment. */
interface Which {
  ids?: readonly string[]
  since?: number
}

const ALL: Which = { since: 0 }

/** The note of the last time: when and by which rules the users were gone through, and whose identifiers were left. */
interface State {
  version: string
  at: number
  left: string[]
}

/** The users, a page at a time; some of them twice. */
async function* pages(db: Database, { ids = [], since }: Which): AsyncIterable<KeptIdentifiers[]> {
  for (let start = 0; start < ids.length; start += 1000)
    yield await identifiersAfter(db, '', 0, ids.slice(start, start + 1000))
  for (let last = since === undefined ? undefined : ''; last !== undefined; ) {
    const rows: KeptIdentifiers[] = await identifiersAfter(db, last, since!)
    yield rows
    last = rows.at(-1)?.id
  }
}

/** Users whose identifier stands in an old form, with the columns that are to be written; each of them once. */
async function* oldForms(db: Database, which: Which, { formOf }: Rule) {
  const seen = new Set<string>()
  for await (const rows of pages(db, which))
    for (const row of rows) {
      const form = formOf(row)
      const isOld = Object.entries(form).some(([column, value]) => row[column as keyof Columns] !== value)
      if (!isOld || seen.has(row.id)) continue
      seen.add(row.id)
      yield { row, form }
    }
}

const ownerOf = async (db: Database, { unique }: Rule, value: string): Promise<string | undefined> =>
  (await (unique === 'primary_phone' ? byPhone(db, value) : byEmail(db, value)))?.id

/** Rewrites what only one user has. @returns false when somebody took it in this moment */
async function rewrite(db: Database, row: KeptIdentifiers, form: Columns): Promise<boolean> {
  try {
    await rewriteIdentifiers(db, row, form)
    return true
  } catch (error) {
    if (!isUniqueViolation(error, 'users')) throw error
    return false
  }
}

async function followRule(db: Database, rule: Rule, which: Which, write: boolean): Promise<OldForms> {
  const ids: string[] = []
  const wanted = new Set<string>()
  const contested = new Set<string>()
  for await (const { row, form } of oldForms(db, which, rule)) {
    const value = form[rule.unique]!
    if (wanted.has(value)) contested.add(value)
    wanted.add(value)
    ids.push(row.id)
  }
  let rewritten = 0
  const left = new Map<string, LeftIdentifier>()
  for await (const { row, form } of oldForms(db, { ids }, rule)) {
    const value = form[rule.unique]!
    const owner = await ownerOf(db, rule, value)
    const isFree = !contested.has(value) && (owner === undefined || owner === row.id)
    if (isFree && (!write || (await rewrite(db, row, form)))) {
      rewritten += 1
      continue
    }
    const ownerId = owner ?? (await ownerOf(db, rule, value)) ?? null
    const same = left.get(value) ?? { field: rule.field, ownerId, userIds: [] }
    same.userIds.push(row.id)
    left.set(value, same)
  }
  return { rewritten, left: [...left.values()] }
}

/**
 * Looks for users whose identifiers stand in a form of before. What is certain is rewritten: where nobody else has the
 * identifier, in whatever form. Where several have, all of them stay as they are, and are listed: nothing is merged.
 *
 * @param options `write`: false only looks
 * @example (await findOldForms(db, { write: false })).left // for `countersign doctor`
 */
export async function findOldForms(
  db: Database,
  { write }: { write: boolean },
  which: Which = ALL,
): Promise<OldForms> {
  const all: OldForms = { rewritten: 0, left: [] }
  for (const rule of RULES) {
    const { rewritten, left } = await followRule(db, rule, which, write)
    all.rewritten += rewritten
    all.left.push(...left)
  }
  return all
}

/**
 * Brings the identifiers of all users into the form of today, before anybody looks for one. After the first time it looks
 * only at who was changed since, for nodes of an older version may still write, and at who was left. Several nodes may do
 * it at once: each rewrites only what stands there as it was read.
 */
export async function bringToOneForm(db: Database, now: number, log: Log): Promise<OldForms> {
  return patiently(async () => {
    const text = await readSetting(db, SETTING)
    const before = text === undefined ? undefined : (JSON.parse(text) as State)
    const last = before?.version === VERSION ? before : undefined
    const which = last ? { since: last.at - OVERLAP, ids: last.left } : ALL
    const found = await findOldForms(db, { write: true }, which)
    const left = found.left.flatMap(({ userIds }) => userIds)
    const isNews = !last || last.left.join() !== left.join() || now - last.at >= OVERLAP
    if (isNews)
      await putSetting(db, SETTING, JSON.stringify({ version: VERSION, at: now, left } satisfies State))
    tell(found, log)
    return found
  })
}

function tell({ rewritten, left }: OldForms, log: Log): void {
  if (rewritten > 0) log('info', `numbers and addresses of ${rewritten} users brought into their one form`)
  for (const { field, ownerId, userIds } of left.slice(0, MOST_LINES)) {
    const all = [...(ownerId === null ? [] : [ownerId]), ...userIds]
    log('warn', `users ${all.slice(0, 10).join(' and ')} have one ${field}, in several forms. ${REMEDY}`)
  }
  if (left.length > MOST_LINES)
    log('warn', `so do others, ${left.length - MOST_LINES} times: countersign doctor lists them`)
}
