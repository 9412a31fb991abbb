import type { CatalogEntry, FormField } from '@countersign/api'
import { MAIL_LANGUAGES, mailLanguageOf } from '@countersign/kit/default-mails'
import { isObject } from '@countersign/kit/json'
import { suggestedFor } from '@countersign/kit/suggestions'
import type { Issue } from '../api-error.ts'
import { areMails, mailRow } from './mail-row.ts'

/** A connector's configuration as it travels: members the form does not know are kept. */
export type Configuration = Record<string, unknown>

type Path = readonly (string | number)[]

/** Why a text is not a configuration, and where. */
export interface JsonProblem {
  kind: 'syntax' | 'not-an-object'
  from: number
  to: number
  line: number
  column: number
}

/** What the operator is editing: one configuration with two faces. */
export interface Draft {
  config: Configuration
  /** The JSON face; may be ahead of `config` while it is broken. */
  text: string
  problem?: JsonProblem
  /** What the server said about the members of `config`. */
  issues: readonly Issue[]
  /** Paths of what the operator has changed, joined with dots; the empty one is everything. */
  touched: ReadonlySet<string>
}

export type DraftEvent =
  | { do: 'edit'; path: Path; value: unknown }
  | { do: 'type'; text: string; problem?: JsonProblem }
  | { do: 'fill'; config: Configuration }
  | { do: 'open-json' }
  | { do: 'report'; issues: readonly Issue[] }

/** Equal as JSON values; the order of members does not count. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  )
}

/** The value at a path, or undefined. */
export function readAt(value: unknown, path: Path): unknown {
  let at = value
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Record<string | number, unknown>)[key]
  }
  return at
}

/** A copy with the value at a path replaced; `undefined` takes the member away. */
export function writeAt<T>(value: T, path: Path, next: unknown): T {
  const [key, ...rest] = path
  if (key === undefined) return next as T
  const inner = rest.length === 0 ? next : writeAt(readAt(value, [key]), rest, next)
  if (Array.isArray(value)) return value.with(Number(key), inner) as T
  const members = isObject(value) ? value : {}
  // Written over, not taken out and put back: a member that was there keeps its place in the text.
  const written = Object.entries({ ...members, [key]: inner })
  return Object.fromEntries(written.filter(([name]) => name !== String(key) || inner !== undefined)) as T
}

/** Rare fields are left out: a configuration begins with what everybody needs. */
const blankOf = (field: Omit<FormField, 'key'>): unknown =>
  field.advanced ? undefined : field.default !== undefined ? field.default : field.required ? '' : undefined

/** A new row of `templates`. */
export const blankRow = (field: Pick<FormField, 'row'>, usageType: string): Configuration => ({
  usageType,
  ...Object.fromEntries(
    Object.entries(field.row ?? {}).flatMap(([key, inner]) => {
      const value = suggestedFor(inner, usageType) ?? blankOf(inner)
      return value === undefined ? [] : [[key, value]]
    }),
  ),
})

/**
 * The rows that a new connection starts with. Those of e-mails say something already: in the operator's language for all
 * readers, and in the other one for those who read that.
 */
function blankRows(field: FormField, types: readonly string[], language: string): Configuration[] {
  const rows = types.map(type => blankRow(field, type))
  if (!areMails(field)) return rows
  const base = mailLanguageOf(language)
  const other = MAIL_LANGUAGES.find(each => each !== base)!
  return [...rows.map(row => mailRow(row, base)), ...rows.map(row => mailRow(row, other, other))]
}

/** What a new connection starts from: every required member empty, a row for each template it must have. */
export function blankConfiguration(
  entry: Pick<CatalogEntry, 'fields' | 'requiredUsageTypes'>,
  language: string,
): Configuration {
  return Object.fromEntries(
    entry.fields.flatMap(field => {
      const value =
        field.kind === 'templates' ? blankRows(field, entry.requiredUsageTypes, language) : blankOf(field)
      return value === undefined ? [] : [[field.key, value]]
    }),
  )
}

const formatConfiguration = (config: Configuration): string => JSON.stringify(config, null, 2)

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Complaints about members that have not changed since; the others are answered or out of date. */
const stillOpen = (issues: readonly Issue[], before: Configuration, after: Configuration) =>
  issues.filter(issue => sameJson(readAt(before, issue.path), readAt(after, issue.path)))

export const startDraft = (config: Configuration): Draft => ({
  config,
  text: formatConfiguration(config),
  issues: [],
  touched: new Set(),
})

/** What a change touches: of a list of rows only what differs, so that a row that was added is untouched. */
function touchedBy(path: Path, before: unknown, after: unknown): string[] {
  if (!Array.isArray(after)) return [path.join('.')]
  const rows = Array.isArray(before) ? before : []
  return after.slice(0, rows.length).flatMap((row: unknown, index) => {
    const keys = isObject(row) ? Object.keys(row) : []
    return keys
      .filter(key => !sameJson(readAt(rows, [index, key]), readAt(row, [key])))
      .map(key => [...path, index, key].join('.'))
  })
}

/** Whether the operator has changed a member, something in it, or what it stands in. */
export const isTouched = ({ touched }: Pick<Draft, 'touched'>, path: Path): boolean => {
  const name = path.join('.')
  return [...touched].some(
    one => one === '' || one === name || one.startsWith(`${name}.`) || name.startsWith(`${one}.`),
  )
}

const withConfig = (draft: Draft, config: Configuration, touched: readonly string[]): Draft => ({
  config,
  text: draft.text,
  issues: stillOpen(draft.issues, draft.config, config),
  touched: touched.every(one => draft.touched.has(one))
    ? draft.touched
    : new Set([...draft.touched, ...touched]),
})

/** Every change of a draft, whichever face it came through. */
export function reduceDraft(draft: Draft, event: DraftEvent): Draft {
  switch (event.do) {
    case 'edit': {
      const touched = touchedBy(event.path, readAt(draft.config, event.path), event.value)
      return withConfig(draft, writeAt(draft.config, event.path, event.value), touched)
    }
    case 'type': {
      // While the text is broken the configuration stays what it was last, and the text stays as typed.
      if (event.problem) return { ...draft, text: event.text, problem: event.problem }
      const config = parse(event.text)
      return isObject(config) ? { ...withConfig(draft, config, ['']), text: event.text } : draft
    }
    case 'fill': {
      const config = { ...draft.config, ...event.config }
      return { ...withConfig(draft, config, ['']), text: formatConfiguration(config) }
    }
    case 'open-json':
      // The operator's own line breaks survive a look at the form.
      return sameJson(parse(draft.text), draft.config)
        ? draft
        : { ...draft, text: formatConfiguration(draft.config) }
    case 'report':
      return { ...draft, issues: event.issues }
  }
}
