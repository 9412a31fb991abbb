/** One thing that a drill has measured, and the bound that it must stay within. */
export interface Figure {
  what: string
  value: number
  unit: string
  /** The most that is allowed, or the least that is needed; a figure without a bound is only told. */
  most?: number
  least?: number
}

/**
 * A figure without a unit, unless one is given.
 *
 * @example figure('codes spent twice', spentTwice.length, { most: 0 })
 */
export const figure = (
  what: string,
  value: number,
  more: Partial<Omit<Figure, 'what' | 'value'>> = {},
): Figure => ({ what, value, unit: '', ...more })

/** True when a figure is within its bound. A figure that could not be measured (`NaN`) never is. */
export function holds({ value, most, least }: Figure): boolean {
  if (Number.isNaN(value)) return false
  return (most === undefined || value <= most) && (least === undefined || value >= least)
}

/** True for a figure that must stay within a bound. */
export const isBound = ({ most, least }: Figure) => most !== undefined || least !== undefined

const short = (value: number) =>
  Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)

function boundOf({ most, least }: Figure): string {
  if (most !== undefined) return `at most ${short(most)}`
  return least === undefined ? '' : `at least ${short(least)}`
}

/**
 * The figures as a Markdown table, which reads well in a terminal too: what, figure, bound, and whether it holds.
 *
 * @example tableOf([{ what: 'messages', value: 10, most: 10, unit: '' }])
 */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [
    ['figure', 'measured', 'bound', 'holds'],
    ...figures.map(figure => [
      figure.what,
      `${short(figure.value)} ${figure.unit}`.trim(),
      boundOf(figure),
      figure.most === undefined && figure.least === undefined ? '' : holds(figure) ? 'yes' : 'NO',
    ]),
  ]
  return markdown(rows)
}

/**
 * The same figures of several phases, a line for each phase; what is beyond its bound has a mark.
 *
 * @param phases each with the same figures in the same order
 */
export function gridOf(phases: readonly { title: string; figures: readonly Figure[] }[]): string {
  const heads = phases[0]!.figures
  return markdown([
    ['', ...heads.map(({ what, unit }) => (unit ? `${what} (${unit})` : what))],
    ...phases.map(({ title, figures }) => [
      title,
      ...figures.map(figure => `${short(figure.value)}${isBound(figure) && !holds(figure) ? ' !' : ''}`),
    ]),
    ['bound', ...heads.map(boundOf)],
  ])
}

function markdown(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const lines = rows.map(row => `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`)
  lines.splice(1, 0, `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`)
  return lines.join('\n')
}
