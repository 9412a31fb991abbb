import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Writes what a drill found into a document, between `<!-- name -->` and `<!-- end of name -->`.
 *
 * @param document its path from the root of the sources
 * @throws Error when the document has no such place
 * @example keepIn('docs/limits-of-strangers.md', 'fuzz', gridOf(phases))
 */
export function keepIn(document: string, name: string, text: string): void {
  const file = new URL(`../${document}`, import.meta.url)
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
  const [before, rest = ''] = readFileSync(file, 'utf8').split(begin)
  const [, after] = rest.split(end)
  if (after === undefined) throw new Error(`${document} has no place between ${begin} and ${end}`)
  writeFileSync(file, `${before}${begin}\n\n${text}\n\n${end}${after}`)
}
