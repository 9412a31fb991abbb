import type { DatabaseSync } from 'node:sqlite'
import { compilePattern, type Dialect, type Matcher, PatternError } from './patterns.ts'

/** Compares by pattern: SQLite has neither SIMILAR TO nor regular expressions. */
export const MATCH_FUNCTION = 'matches_pattern'

/** Makes all letters small, not only those of ASCII. */
export const FOLD_FUNCTION = 'folded'

/** Steps that searches may take in one turn of the event loop: about a second, in which the server does nothing else. */
const MOST_STEPS = 20_000_000

/** Makes the function that matches a text with a pattern. It keeps the last one compiled: a query asks for each row. */
export function patternMatcher(
  mostSteps = MOST_STEPS,
): (mode: string, pattern: string, isCaseSensitive: number, text: string | null) => number {
  let last: { key: string; matcher: Matcher } | undefined
  let steps = 0
  const spend = (more: number) => {
    if (steps === 0) setImmediate(() => (steps = 0))
    steps += more
    if (steps > mostSteps)
      throw new PatternError('the search takes too long; look in fewer fields, or say more')
  }
  return (mode, pattern, isCaseSensitive, text) => {
    if (text === null) return 0
    const key = JSON.stringify([mode, isCaseSensitive, pattern])
    if (last?.key !== key)
      last = { key, matcher: compilePattern(mode as Dialect, pattern, isCaseSensitive === 1) }
    spend((text.length + 1) * last.matcher.steps)
    return last.matcher.matches(text) ? 1 : 0
  }
}

/** Gives SQLite the functions that searches need. */
export function addFunctions(db: DatabaseSync): void {
  db.function(MATCH_FUNCTION, { deterministic: true }, patternMatcher() as never)
  const fold = (text: string | null) => text?.toLowerCase() ?? null
  db.function(FOLD_FUNCTION, { deterministic: true }, fold as never)
}
