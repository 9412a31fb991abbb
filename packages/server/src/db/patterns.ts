/** A set of characters. */
export interface Signs {
  has(sign: string): boolean
}

/** What a condition between two characters looks at. */
export type Edge = 'start' | 'end' | 'word' | 'no-word' | 'word-start' | 'word-end'

/** A pattern, taken apart. */
export type Pattern =
  | { kind: 'sign'; signs: Signs }
  | { kind: 'edge'; edge: Edge }
  | { kind: 'sequence' | 'choice'; parts: Pattern[] }
  | { kind: 'repeat'; part: Pattern; least: number; most: number }

/** Patterns of PostgreSQL's `SIMILAR TO` and `~`. */
export type Dialect = 'similar_to' | 'posix'

/** Says what is wrong with a pattern, to whoever wrote it. */
export class PatternError extends Error {
  override name = 'PatternError'
}

/** The most that PostgreSQL repeats by number. */
const MOST_TIMES = 255

/** Deeper nesting says nothing about a name. */
const DEEPEST = 50

const CLASSES: Record<string, RegExp> = {
  alpha: /\p{L}/u,
  digit: /\d/,
  alnum: /[\p{L}\d]/u,
  upper: /\p{Lu}/u,
  lower: /\p{Ll}/u,
  space: /\s/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[\da-f]/i,
  word: /[\p{L}\d_]/u,
}
const SHORT_CLASSES: Record<string, string> = { d: 'digit', s: 'space', w: 'word' }
const CONTROLS: Record<string, string> = { n: '\n', r: '\r', t: '\t' }
const EDGES: Record<string, Edge> = {
  A: 'start',
  Z: 'end',
  y: 'word',
  Y: 'no-word',
  m: 'word-start',
  M: 'word-end',
}

const ANY: Pattern = { kind: 'sign', signs: { has: () => true } }

/** True for letters, digits and the underscore: what words are made of. */
export const isWordSign = (sign: string): boolean => CLASSES.word!.test(sign)

/** The same for a character and for both of its cases. */
const inAnyCase =
  (has: (sign: string) => boolean) =>
  (sign: string): boolean =>
    has(sign) || has(sign.toLowerCase()) || has(sign.toUpperCase())

/**
 * Takes a pattern apart, by the rules of PostgreSQL (its documentation, 9.7), without what could not be matched in one
 * pass over a text: references back, looking ahead; and without embedded options.
 *
 * @throws PatternError
 */
export function parsePattern(source: string, dialect: Dialect, isCaseSensitive: boolean): Pattern {
  const signs = Array.from(source)
  let at = 0
  const isSimilar = dialect === 'similar_to'

  const setOf = (has: (sign: string) => boolean): Pattern => ({
    kind: 'sign',
    signs: { has: isCaseSensitive ? has : inAnyCase(has) },
  })
  const literal = (sign: string) => setOf(each => each === sign)
  const take = (sign: string) => signs[at] === sign && ++at > 0

  function next(): string {
    const sign = signs[at]
    if (sign === undefined) throw new PatternError('the pattern ends too early')
    at += 1
    return sign
  }

  function choice(depth: number): Pattern {
    if (depth > DEEPEST) throw new PatternError('the pattern is nested too deeply')
    const parts = [sequence(depth)]
    while (take('|')) parts.push(sequence(depth))
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts }
  }

  function sequence(depth: number): Pattern {
    const parts: Pattern[] = []
    while (at < signs.length && signs[at] !== '|' && signs[at] !== ')') parts.push(repeated(depth))
    return { kind: 'sequence', parts }
  }

  function repeated(depth: number): Pattern {
    const part = atom(depth)
    const times = quantifier()
    if (!times) return part
    if (part.kind === 'edge') throw new PatternError('nothing stands before a repetition')
    // Whether it takes much or little does not matter to the question whether a text matches.
    if (!isSimilar) take('?')
    if (quantifier()) throw new PatternError('a repetition follows a repetition')
    return { kind: 'repeat', part, ...times }
  }

  function quantifier(): { least: number; most: number } | undefined {
    if (take('*')) return { least: 0, most: Number.POSITIVE_INFINITY }
    if (take('+')) return { least: 1, most: Number.POSITIVE_INFINITY }
    if (take('?')) return { least: 0, most: 1 }
    if (signs[at] !== '{' || !/\d/.test(signs[at + 1] ?? '')) return undefined
    const end = signs.indexOf('}', at)
    const bounds = /^(\d{1,3})(,?)(\d{0,3})$/.exec(end < 0 ? '' : signs.slice(at + 1, end).join(''))
    if (!bounds) throw new PatternError('a repetition looks like {2}, {2,} or {2,5}')
    const least = Number(bounds[1])
    const most = bounds[3] ? Number(bounds[3]) : bounds[2] ? Number.POSITIVE_INFINITY : least
    if (least > MOST_TIMES || (most > MOST_TIMES && most !== Number.POSITIVE_INFINITY) || most < least)
      throw new PatternError(`a repetition goes from less to more, up to ${MOST_TIMES}`)
    at = end + 1
    return { least, most }
  }

  function atom(depth: number): Pattern {
    if (quantifier()) throw new PatternError('nothing stands before a repetition')
    const sign = next()
    if (sign === '(') return group(depth)
    if (sign === '[') return bracket()
    if (sign === '\\') return escaped()
    if (isSimilar) {
      if (sign === '_') return ANY
      if (sign === '%') return { kind: 'repeat', part: ANY, least: 0, most: Number.POSITIVE_INFINITY }
    } else {
      if (sign === '.') return ANY
      if (sign === '^') return { kind: 'edge', edge: 'start' }
      if (sign === '$') return { kind: 'edge', edge: 'end' }
    }
    return literal(sign)
  }

  function group(depth: number): Pattern {
    if (take('?') && !take(':')) throw new PatternError('of (?…) only (?:…) is known here')
    const inner = choice(depth + 1)
    if (!take(')')) throw new PatternError('a parenthesis is not closed')
    return inner
  }

  function escaped(): Pattern {
    const sign = next()
    const name = SHORT_CLASSES[sign.toLowerCase()]
    if (name) return setOf(each => CLASSES[name]!.test(each) !== /[A-Z]/.test(sign))
    const edge = EDGES[sign]
    if (edge) return { kind: 'edge', edge }
    return literal(escapedSign(sign))
  }

  function escapedSign(sign: string): string {
    const control = CONTROLS[sign]
    if (control) return control
    if (/[\p{L}\d]/u.test(sign)) throw new PatternError(`\\${sign} is not known here`)
    return sign
  }

  function bracket(): Pattern {
    const isNegated = take('^')
    const items: ((sign: string) => boolean)[] = []
    do items.push(bracketItem())
    while (!take(']'))
    const some = (sign: string) => items.some(has => has(sign))
    const has = isCaseSensitive ? some : inAnyCase(some)
    return { kind: 'sign', signs: { has: sign => has(sign) !== isNegated } }
  }

  function bracketItem(): (sign: string) => boolean {
    const first = next()
    if (first === '[' && /[:.=]/.test(signs[at] ?? '')) return namedClass()
    if (first === '\\') {
      const name = SHORT_CLASSES[signs[at] ?? '']
      if (name) {
        at += 1
        return sign => CLASSES[name]!.test(sign)
      }
    }
    const from = first === '\\' ? escapedSign(next()) : first
    if (signs[at] !== '-' || signs[at + 1] === ']' || at + 1 >= signs.length) return sign => sign === from
    at += 1
    const second = next()
    if (second === '[') throw new PatternError('a range ends in one character')
    const to = second === '\\' ? escapedSign(next()) : second
    const [low, high] = [from.codePointAt(0)!, to.codePointAt(0)!]
    if (low > high) throw new PatternError(`the range ${from}-${to} is the wrong way round`)
    return sign => {
      const code = sign.codePointAt(0)!
      return code >= low && code <= high
    }
  }

  function namedClass(): (sign: string) => boolean {
    const [all, name] = /^:(\w+):\]/.exec(signs.slice(at, at + 12).join('')) ?? []
    const known = name && Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined
    if (!all || !known)
      throw new PatternError(`a class is one of ${Object.keys(CLASSES).join(', ')}, as in [[:digit:]]`)
    at += all.length
    return sign => known.test(sign)
  }

  const pattern = choice(0)
  if (at < signs.length) throw new PatternError('a parenthesis is closed and was not opened')
  if (!isSimilar) return pattern
  const parts: Pattern[] = [{ kind: 'edge', edge: 'start' }, pattern, { kind: 'edge', edge: 'end' }]
  return { kind: 'sequence', parts }
}
