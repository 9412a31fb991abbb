/** One cell of a table. */
export type Cell = string | number | null

/** Characters by which spreadsheets take a text for a formula. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/

function cellOf(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * Writes a table as CSV. Texts that spreadsheets would run as formulas begin with an apostrophe, and the mark before all
 * makes Excel read it as UTF-8.
 *
 * @example csvOf([['day', 'sent'], ['2026-01-31', 12]])
 */
export const csvOf = (rows: readonly (readonly Cell[])[]): string =>
  `\uFEFF${rows.map(row => `${row.map(cellOf).join(',')}\r\n`).join('')}`

/**
 * The headers with which a browser saves a table as a file.
 *
 * @example csvHeaders('deliveries')
 */
export const csvHeaders = (name: string) => ({
  'content-type': 'text/csv; charset=utf-8',
  'content-disposition': `attachment; filename="${name}.csv"`,
  'cache-control': 'private, no-store',
})
