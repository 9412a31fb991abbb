import { PatternError } from '../db/patterns.ts'
import {
  checkPattern,
  isPatternError,
  SEARCH_MODES,
  type Search,
  type SearchCondition,
  type SearchMode,
} from '../db/search.ts'
import { ApiError } from '../refusals/refusal.ts'
import { isTrue } from './query.ts'

type Query = Record<string, unknown>

/** Longer questions are no question about a user; a pattern's cost grows with its length. */
const LONGEST = 256

const refuse = (message: string) => new ApiError('request.invalid_input', { data: { message } })

const camelCase = (name: string) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

function modeOf(given: unknown): SearchMode {
  if (given === undefined) return 'like'
  const mode = SEARCH_MODES.find(each => each === given)
  if (!mode) throw refuse(`a mode is one of ${SEARCH_MODES.join(', ')}`)
  return mode
}

/** @throws ApiError when no database could follow the pattern */
function requirePattern(mode: SearchMode, value: string): void {
  if (value === '' || value.length > LONGEST) throw refuse(`search for 1 to ${LONGEST} characters`)
  try {
    checkPattern(mode, value)
  } catch (cause) {
    throw patternRefused(cause)
  }
}

/** The caller's mistake, in words; anything else is none. */
function patternRefused(cause: unknown): unknown {
  if (!isPatternError(cause)) return cause
  const message =
    cause instanceof PatternError ? cause.message : 'the pattern is not right, or takes too long'
  return new ApiError('request.invalid_input', { data: { message }, cause })
}

/**
 * Reads the search parameters of a list; undefined when there are none.
 *
 * @throws ApiError `request.invalid_input` for what is not understood: an answer that ignores half of the
 *   question would be wrong
 * @example readSearch({ search: '%ada%' }, ['username'])?.conditions.length // 1
 */
export function readSearch(query: Query, fields: readonly string[]): Search | undefined {
  const fieldOf = (name: string) => {
    const field = camelCase(name)
    if (!fields.includes(field)) throw refuse(`${name} is no field to search in`)
    return field
  }
  const named = (prefix: string) =>
    Object.entries(query).filter(([name, value]) => name.startsWith(prefix) && value !== undefined)
  const isCaseSensitive = isTrue(query.isCaseSensitive)
  const modes = new Map(named('mode.').map(([name, mode]) => [fieldOf(name.slice(5)), modeOf(mode)]))
  const general = modeOf(query.mode)

  const condition = (among: string[], mode: SearchMode, given: unknown): SearchCondition => {
    const values = [given].flat().map(String)
    if (values.length > 1 && mode !== 'exact') throw refuse('several values need the mode exact')
    if (mode === 'similar_to' && !isCaseSensitive) throw refuse('similar_to needs isCaseSensitive=true')
    for (const value of values) requirePattern(mode, value)
    return { fields: among, mode, values }
  }
  const conditions = [
    ...(query.search === undefined ? [] : [condition([...fields], general, query.search)]),
    ...named('search.').map(([name, value]) => {
      const field = fieldOf(name.slice(7))
      return condition([field], modes.get(field) ?? general, value)
    }),
  ]
  const joint = query.joint ?? query.jointMode ?? 'or'
  if (joint !== 'and' && joint !== 'or') throw refuse('joint is "and" or "or"')
  return conditions.length === 0 ? undefined : { conditions, joint, isCaseSensitive }
}

/**
 * Runs a search; a pattern that the database itself cannot follow is the caller's mistake.
 *
 * @example const { users } = await searching(() => room.list(search, 20, 0))
 */
export async function searching<T>(list: () => Promise<T>): Promise<T> {
  try {
    return await list()
  } catch (cause) {
    throw patternRefused(cause)
  }
}
