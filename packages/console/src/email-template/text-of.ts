import { parseMail } from './harmless.ts'

/** Elements that stand on lines of their own, with a free line around them where `true`. */
const LINES: Readonly<Record<string, boolean>> = {
  address: true,
  article: false,
  blockquote: true,
  div: false,
  footer: false,
  h1: true,
  h2: true,
  h3: true,
  h4: true,
  header: false,
  li: false,
  ol: true,
  p: true,
  pre: true,
  section: false,
  table: true,
  tr: false,
  ul: true,
}

/** Elements that say nothing to a reader. */
const SILENT = ['head', 'script', 'style', 'title', 'template', 'noscript']

function* piecesOf(node: Node): Generator<string> {
  if (node.nodeType === Node.TEXT_NODE) yield (node.textContent ?? '').replaceAll(/\s+/g, ' ')
  if (!(node instanceof Element) || SILENT.includes(node.localName)) return
  if (node.localName === 'br') yield '\n'
  const free = LINES[node.localName]
  const line = free === undefined ? '' : free ? '\n\n' : '\n'
  yield line
  for (const child of node.childNodes) yield* piecesOf(child)
  yield line || (/^t[dh]$/.test(node.localName) ? ' ' : '')
}

/** Roughly what readers without HTML get of an e-mail: its text, a line for each part that stands alone. */
export function textOf(html: string): string {
  return [...piecesOf(parseMail(html).body)]
    .join('')
    .replaceAll(/ *\n */g, '\n')
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}
