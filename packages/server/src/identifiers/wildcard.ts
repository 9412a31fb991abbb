/**
 * True when a text is that of a pattern, in which each `*` stands for any characters, `least` of them or more. Takes the
 * first place for every part, which leaves most for the rest: so it looks once through the text, where a regular
 * expression of several `*` could take longer than anybody waits.
 */
export function matchesWildcard(pattern: string, text: string, least = 0): boolean {
  const [first = '', ...parts] = pattern.split('*')
  const last = parts.pop()
  if (last === undefined) return pattern === text
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of parts) {
    const found = text.indexOf(part, at + least)
    if (found < 0) return false
    at = found + part.length
  }
  return text.endsWith(last) && text.length - last.length >= at + least
}
