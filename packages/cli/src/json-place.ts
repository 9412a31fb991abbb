/** Where JSON ends to be JSON, and why; never what stands there. */
export interface JsonFault {
  reason: string
  line: number
  column: number
}

const messageOf = (text: string) => {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return (error as SyntaxError).message
  }
}

/**
 * What is wrong with a text that is no JSON. The runtime's own message may quote the text, and with it a secret, so
 * only its closed sentences and numbers are taken over.
 */
export function jsonFault(text: string): JsonFault | undefined {
  const message = messageOf(text)
  if (message === undefined) return undefined
  const told = /^([^"]*?) (?:in|after) JSON at position (\d+)/.exec(message)
  if (told) return { reason: sentence(told[1]!), ...placeOf(text, Number(told[2])) }
  if (message.startsWith('Unexpected token'))
    return { reason: 'something is here that is no JSON', ...placeOf(text, firstToken(text)) }
  return { reason: text.trim() === '' ? 'it is empty' : 'it ends too early', ...placeOf(text, text.length) }
}

const SENTENCES: readonly [RegExp, string][] = [
  [/^Expected double-quoted property name/, 'a name in double quotes is missing, or a comma is one too many'],
  [/^Expected property name/, 'a name in double quotes is missing'],
  [/^Expected ',' or '}'/, 'a comma or a closing } is missing'],
  [/^Expected ',' or '\]'/, 'a comma or a closing ] is missing'],
  [/^Expected ':'/, 'a colon is missing'],
  [/^Unterminated string/, 'a text has no closing quote'],
  [/^Bad control character/, 'a text goes over the end of its line; write \\n'],
  [/^Bad (?:escaped character|Unicode escape)/, 'a backslash is followed by something that is no escape'],
  [/^Unexpected non-whitespace/, 'something stands behind the end'],
]

const sentence = (message: string) =>
  SENTENCES.find(([pattern]) => pattern.test(message))?.[1] ?? 'something is here that is no JSON'

/**
 * The runtime does not say where an unexpected token stands. A beginning of the text is accepted as long as it does
 * not hold that token, so the shortest one that is refused for it ends there.
 */
function firstToken(text: string): number {
  let [fine, bad] = [0, text.length]
  while (bad - fine > 1) {
    const middle = (fine + bad) >> 1
    if (messageOf(text.slice(0, middle))?.startsWith('Unexpected token')) bad = middle
    else fine = middle
  }
  return bad - 1
}

function placeOf(text: string, position: number): { line: number; column: number } {
  const lines = text.slice(0, position).split('\n')
  return { line: lines.length, column: lines.at(-1)!.length + 1 }
}
