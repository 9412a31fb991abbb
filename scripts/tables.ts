import { textOf, withoutComments } from './sources.ts'

/** Tables that the database's own room looks after. */
export const OF_THE_DATABASE = ['memory_version', 'readiness']

/** Files that make the tables, or know of all of them. */
const MAKERS =
  /\/db\/(?:migrations|audit-filters|connection-health|fraud-tables|ledger-schema|ledger-tables|message-budgets|message-devices|message-origins|ordered-connections|price-columns|receipt-tables|second-codes|several-connections|version-triggers|schema)\.ts$/

/** Where Kysely takes the names of tables: one, or several in a list, with or without an alias. */
const CALL =
  /\.(?:selectFrom|insertInto|updateTable|deleteFrom|replaceInto|mergeInto|from|using|(?:inner|left|right|full|cross|innerLateral|leftLateral)Join)\(\s*(\[[^\]]*\]|'[^']*'|"[^"]*"|`[^`]*`)/g

/** A text of SQL, with or without the type of its rows. */
const TEMPLATE = /\bsql(?:<[^`]*>)?`([^`]*)`/g

/** Where a text of SQL names a table. */
const NAMED = /\b(?:from|join|into|update|table|on)\s+(?:if\s+exists\s+)?"?([a-z_]+)"?/gi

/** A column with its table before it, in a text of SQL. */
const COLUMN = /\b([a-z_]+)\.[a-z_]+\b/g

/** Which tables a source names in SQL: in calls of Kysely and in texts of SQL; aliases and functions among them. */
export function namesInSql(source: string): Set<string> {
  const names = new Set<string>()
  for (const [, given] of source.matchAll(CALL))
    for (const [, , name] of given!.matchAll(/(['"`])([a-z_]+)(?: as \w+)?\1/g)) names.add(name!)
  for (const [, text] of source.matchAll(TEMPLATE)) {
    const sql = text!.replaceAll(/\$\{[^}]*\}/g, '?')
    for (const [, name] of sql.matchAll(NAMED)) names.add(name!)
    for (const [, name] of sql.matchAll(COLUMN)) names.add(name!)
  }
  return names
}

/** Which of these files name each of the given tables. */
export function tableUses(paths: readonly string[], tables: readonly string[]): Map<string, Set<string>> {
  const uses = new Map<string, Set<string>>()
  for (const path of paths.filter(path => !MAKERS.test(path)))
    for (const name of namesInSql(withoutComments(textOf(path)!)))
      if (tables.includes(name)) uses.set(name, (uses.get(name) ?? new Set()).add(path))
  return uses
}
