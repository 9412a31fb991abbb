/** The entries of a list that is typed one in each line; empty lines count for nothing. */
export const toLines = (text: string): string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')

/** The line, counted from 1, in which an entry of `toLines` stands. */
export function lineOfEntry(text: string, index: number): number {
  let left = index
  const lines = text.split('\n')
  for (const [at, line] of lines.entries()) if (line.trim() !== '' && left-- === 0) return at + 1
  return lines.length
}
