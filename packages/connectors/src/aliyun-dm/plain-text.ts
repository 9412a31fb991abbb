const INVISIBLE = ['style', 'script', 'head', 'title']
const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  apos: "'",
  nbsp: ' ',
}

/** Escapes a value for HTML text and attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign]!,
  )

/**
 * The text of a mail for readers that show no HTML: tags gone, blocks as lines. Rough on purpose: it is made from
 * the operator's own template, and takes time in proportion to its length whatever stands in it.
 */
export function plainText(html: string): string {
  let text = html
  for (const name of INVISIBLE) text = withoutElement(text, name)
  return text
    .replace(/[^\S\n]*\n[^\S\n]*|[^\S\n]+/g, ' ')
    .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h[1-6])\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(#?\w{2,4});/g, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole)
    .split('\n')
    .map(line => line.replace(/ {2,}/g, ' ').trim())
    .filter(line => line !== '')
    .join('\n')
}

function withoutElement(html: string, name: string): string {
  const lowerCase = html.toLowerCase()
  // Lower case can change the length of some letters; then positions would not match.
  if (lowerCase.length !== html.length) return html
  let kept = ''
  let from = 0
  for (;;) {
    const start = lowerCase.indexOf(`<${name}`, from)
    const end = start < 0 ? -1 : lowerCase.indexOf(`</${name}`, start)
    if (end < 0) return kept + html.slice(from)
    kept += html.slice(from, start)
    const close = html.indexOf('>', end)
    from = close < 0 ? html.length : close + 1
  }
}
