import { RE2JS } from 're2js'

/** Patterns of PostgreSQL's `SIMILAR TO` and `~`. */
export type Dialect = 'similar_to' | 'posix'

/** Says what is wrong with a pattern, to whoever wrote it. */
export class PatternError extends Error {
  override name = 'PatternError'
}

/** A pattern that can be asked about texts. */
export interface Matcher {
  /** True when the text matches: the whole of it for `similar_to`, any part of it for `posix`. */
  matches(text: string): boolean
  /** The number of steps that each character of a text may cost at most. */
  steps: number
}

/** The most that PostgreSQL repeats by number. */
const MOST_TIMES = 255

/** Longer patterns say nothing about a name. */
const LONGEST = 1000

/** More instructions take too long for each character; repetitions by number multiply them. */
const MOST_INSTRUCTIONS = 1100

/** The classes between `[:` and `:]` of PostgreSQL, and what stands for them between the brackets of RE2. */
const CLASSES: Record<string, string> = {
  alpha: '\\p{L}',
  digit: '\\d',
  alnum: '\\p{L}\\d',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  space: '\\s\\v',
  blank: ' \\t',
  punct: '!-/:-@\\[-`{-~',
  xdigit: '\\da-fA-F',
  word: '\\p{L}\\d_',
}

/** Escapes outside of brackets that mean more than the character, and what RE2 calls them. */
const ESCAPES: Record<string, string> = {
  d: '\\d',
  D: '\\D',
  s: '[\\s\\v]',
  S: '[^\\s\\v]',
  w: '[\\p{L}\\d_]',
  W: '[^\\p{L}\\d_]',
  A: '\\A',
  Z: '\\z',
  y: '\\b',
  Y: '\\B',
  n: '\\n',
  r: '\\r',
  t: '\\t',
}

/**
 * Makes a matcher of a pattern of PostgreSQL (its documentation, 9.7) for a database that has none. RE2 takes time in
 * proportion to the text, whatever the pattern; what it has not is refused: references back, looking ahead, `\m` and
 * `\M`, embedded options.
 *
 * @throws PatternError
 * @example compilePattern('similar_to', 'a%(b|c)', true).matches('axxb') // true
 */
export function compilePattern(dialect: Dialect, pattern: string, isCaseSensitive: boolean): Matcher {
  if (pattern.length > LONGEST) throw new PatternError(`the pattern has more than ${LONGEST} characters`)
  const flags = RE2JS.DOTALL | (isCaseSensitive ? 0 : RE2JS.CASE_INSENSITIVE)
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(translate(dialect, pattern), flags)
  } catch (error) {
    if (error instanceof PatternError) throw error
    throw new PatternError(String((error as Error).message).replace(/^error parsing regexp: /, ''))
  }
  const steps = compiled.programSize()
  if (steps > MOST_INSTRUCTIONS) throw new PatternError('the pattern repeats too much')
  return { matches: text => compiled.test(text), steps }
}

/** One part of a pattern, and what stands for it in RE2's syntax. */
interface Part {
  length: number
  text: string
}

/** The same pattern in RE2's syntax. @throws PatternError for what RE2 would read in another way */
function translate(dialect: Dialect, pattern: string): string {
  const parts: string[] = []
  let mayRepeat = false
  for (let at = 0; at < pattern.length; ) {
    const times = repetition(dialect, pattern, at)
    if (times && !mayRepeat) throw new PatternError('a repetition follows nothing that can be repeated')
    const { length, text } = times ?? part(dialect, pattern, at)
    mayRepeat = !times && !/^(?:\^|\$|\\[AzbB]|\(\?:|\|)$/.test(text)
    parts.push(text)
    at += length
  }
  return dialect === 'similar_to' ? `\\A(?:${parts.join('')})\\z` : parts.join('')
}

function repetition(dialect: Dialect, pattern: string, at: number): Part | undefined {
  const [all, sign, least, comma, most] =
    /^(?:([*+?])|\{(\d{1,3})(,?)(\d{0,3})\})/.exec(pattern.slice(at)) ?? []
  if (all === undefined) {
    if (/^\{\d/.test(pattern.slice(at))) throw new PatternError('a repetition looks like {2}, {2,} or {2,5}')
    return undefined
  }
  const bounds = [least, comma ? most : least].map(Number)
  if (sign === undefined && (bounds.some(times => times > MOST_TIMES) || (most && bounds[1]! < bounds[0]!)))
    throw new PatternError(`a repetition goes from less to more, up to ${MOST_TIMES}`)
  // Whether it takes much or little does not matter to the question whether a text matches.
  const isLazy = dialect === 'posix' && pattern[at + all.length] === '?'
  return { length: all.length + (isLazy ? 1 : 0), text: all }
}

function part(dialect: Dialect, pattern: string, at: number): Part {
  const rest = pattern.slice(at)
  if (rest.startsWith('(?') && !rest.startsWith('(?:'))
    throw new PatternError('of (?…) only (?:…) is known here')
  if (rest.startsWith('(')) return { length: rest.startsWith('(?:') ? 3 : 1, text: '(?:' }
  if (rest.startsWith('[')) return bracket(rest)
  if (rest.startsWith('\\')) return escaped(rest)
  const [sign] = rest
  if (sign === '|' || sign === ')') return { length: 1, text: sign }
  const own: Record<string, string> =
    dialect === 'similar_to' ? { _: '.', '%': '.*' } : { '.': '.', '^': '\\A', $: '\\z' }
  const text = own[sign!] ?? quote(sign!)
  return { length: sign!.length, text }
}

/** A character that stands for itself, also between brackets. */
const quote = (sign: string) => (/[!-/:-@[-`{-~]/.test(sign) ? `\\${sign}` : sign)

function escaped(rest: string): Part {
  const sign = String.fromCodePoint(rest.codePointAt(1) ?? 0)
  if (rest.length === 1) throw new PatternError('the pattern ends in an escape')
  const known = Object.hasOwn(ESCAPES, sign) ? ESCAPES[sign] : undefined
  if (known === undefined && /[\p{L}\d]/u.test(sign)) throw new PatternError(`\\${sign} is not known here`)
  return { length: 1 + sign.length, text: known ?? quote(sign) }
}

/** A set of characters: `[abc]`, `[^a-z]`, `[[:digit:]_]`. A bracket that comes first stands for itself. */
function bracket(rest: string): Part {
  const isNegated = rest[1] === '^'
  let text = isNegated ? '[^' : '['
  let at = isNegated ? 2 : 1
  do {
    const item = bracketItem(rest, at)
    text += item.text
    at += item.length
  } while (rest[at] !== ']')
  return { length: at + 1, text: `${text}]` }
}

function bracketItem(rest: string, at: number): Part {
  const [all, name = ''] = /^\[[:.=](\w*)[:.=]?\]?/.exec(rest.slice(at)) ?? []
  if (all !== undefined) {
    if (all !== `[:${name}:]` || !Object.hasOwn(CLASSES, name))
      throw new PatternError(`a class is one of ${Object.keys(CLASSES).join(', ')}, as in [[:digit:]]`)
    return { length: all.length, text: CLASSES[name]! }
  }
  const short = /^\\([dsw])/.exec(rest.slice(at))?.[1]
  if (short) return { length: 2, text: CLASSES[{ d: 'digit', s: 'space', w: 'word' }[short]!]! }
  const from = bracketSign(rest, at)
  const dash = at + from.length
  if (rest[dash] !== '-' || rest[dash + 1] === ']' || dash + 1 >= rest.length) return from
  if (rest[dash + 1] === '[') throw new PatternError('a range ends in one character')
  const to = bracketSign(rest, dash + 1)
  return { length: from.length + 1 + to.length, text: `${from.text}-${to.text}` }
}

function bracketSign(rest: string, at: number): Part {
  const code = rest.codePointAt(at)
  if (code === undefined) throw new PatternError('a bracket is not closed')
  const sign = String.fromCodePoint(code)
  if (sign !== '\\') return { length: sign.length, text: quote(sign) }
  const { length, text } = escaped(rest.slice(at))
  if (/^(?:\\[dDAzbB]|\[)/.test(text))
    throw new PatternError(`${rest.slice(at, at + 2)} is not known between brackets`)
  return { length, text }
}
