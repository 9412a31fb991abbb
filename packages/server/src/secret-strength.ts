/** Guessing 2⁶⁴ takes too long even for whoever has the whole network to guess with. */
const ENOUGH = 64

/** Shorter ones are refused whatever is in them. */
const SHORTEST = 20

/** Words that people build such a secret of; a guesser begins with them. */
const WORDS =
  /secret|pass(?:word|phrase)?|bootstrap|counter|sign|logto|client|admin(?:istrator)?|manage(?:ment)?|machine|change[-_ ]?me|example|default|test|demo|dev(?:elopment)?|prod(?:uction)?|token|login|letmein|welcome|qwerty|asdf|key/gi

/** How many characters there are of the kinds that a text uses. */
function poolOf(text: string): number {
  const kinds: [RegExp, number][] = [
    [/\d/, 10],
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[^\dA-Za-z]/, 16],
  ]
  return kinds.reduce((sum, [kind, size]) => sum + (kind.test(text) ? size : 0), 0)
}

/**
 * How many bits a guesser must find at least, roughly: nothing for known words, for characters that follow from the
 * one before (`1234`, `aaaa`) and for what was there already.
 */
export function bitsOf(secret: string): number {
  const text = secret.replaceAll(WORDS, '')
  const seen = new Set<string>()
  let counted = 0
  for (let at = 0; at < text.length; at += 1) {
    const step = at === 0 ? 9 : text.charCodeAt(at) - text.charCodeAt(at - 1)
    const pair = text.slice(at - 1, at + 1)
    if (Math.abs(step) > 1 && !(at > 0 && seen.has(pair))) counted += 1
    if (at > 0) seen.add(pair)
  }
  return counted * Math.log2(Math.max(2, poolOf(text)))
}

/** Why a secret that opens everything must not be this one; undefined when it may. */
export function secretProblem(secret: string): string | undefined {
  const remedy = 'it opens the whole Management API. Make one: openssl rand -base64 32'
  if (secret.length < SHORTEST) return `must have at least ${SHORTEST} characters; ${remedy}`
  if (bitsOf(secret) < ENOUGH) return `can be guessed; ${remedy}`
  return undefined
}
