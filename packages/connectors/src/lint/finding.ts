import type { Finding, Localized } from '@countersign/kit'
import { isObject } from '@countersign/kit'
import { both } from '../failure-table.ts'

/** A configuration as it was typed: any member may be missing or of another type. */
export type Draft = Readonly<Record<string, unknown>>

type Path = Finding['path']

const make =
  (severity: Finding['severity']) =>
  (path: Path, code: string, message: Localized, remedy: Localized): Finding => ({
    path,
    severity,
    code,
    message,
    remedy,
  })

/** Messages will fail. */
export const error = make('error')
/** Messages may fail, or the operator will be surprised. */
export const warning = make('warning')

/** The text of a member; undefined when it is empty or none. */
export function textOf(draft: Draft, key: string): string | undefined {
  const value = draft[key]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** The rows of `templates` that are objects, each with its place. */
export function rowsOf(draft: Draft): { row: Draft; index: number }[] {
  if (!Array.isArray(draft.templates)) return []
  return draft.templates.flatMap((row, index) => (isObject(row) ? [{ row: row as Draft, index }] : []))
}

export { both }
