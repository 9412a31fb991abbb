import type { CodeFigures } from './codes/codes.ts'
import type { ConnectorResults } from './connectors/connectors.ts'
import type { SignInResults } from './sign-in/sign-in.ts'
import type { StartFigures } from './start/start.ts'

export interface Results {
  machine: string
  connectors?: ConnectorResults
  codes?: Record<string, CodeFigures>
  signIn?: SignInResults
  start?: Record<string, StartFigures>
}

interface Goal {
  what: string
  value: number
  /** The value may be at most this, or must be at least this. */
  most?: number
  least?: number
  unit: string
}

const NAMES: Record<string, string> = {
  ours: 'Countersign',
  logto: 'Logto connector',
  sdk: 'official SDK',
  bare: 'bare undici',
  countersign: 'Countersign',
  'better-auth': 'better-auth',
  real: 'CLOUDS=real',
  simulated: 'development world',
  'real, sources': 'CLOUDS=real, from sources',
  'simulated, sources': 'development world, from sources',
  this: 'this checkout',
  beside: 'the one beside it',
}

/** Figures to three digits. */
const short = (figure: number) => (figure >= 100 ? Math.round(figure).toString() : figure.toPrecision(3))

function table(head: string[], rows: Record<string, number[]>): string {
  const lines = [
    head,
    ...Object.entries(rows).map(([name, figures]) => [NAMES[name] ?? name, ...figures.map(short)]),
  ]
  const widths = head.map((_, column) => Math.max(...lines.map(line => line[column]!.length)))
  const format = (line: string[]) =>
    `| ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [format(lines[0]!), rule, ...lines.slice(1).map(format)].join('\n')
}

const rowsOf = <T extends Record<string, number>>(results: Record<string, T>, ...names: (keyof T)[]) =>
  Object.fromEntries(
    Object.entries(results).map(([who, figures]) => [who, names.map(name => figures[name] as number)]),
  )

/** What was to be reached, with what was. */
export function goalsOf({ connectors = {} as ConnectorResults, codes, signIn, start }: Results): Goal[] {
  const goals: Goal[] = []
  for (const [name, { ours, logto, bare }] of Object.entries(connectors))
    for (const inFlight of [1, 64]) {
      const cpu = `cpuMs${inFlight}`
      const what = `${name}, ${inFlight} in flight`
      goals.push(
        {
          what: `${what}: sends per CPU second, × Logto`,
          value: logto![cpu]! / ours![cpu]!,
          least: 3,
          unit: '×',
        },
        { what: `${what}: CPU, × bare undici`, value: ours![cpu]! / bare![cpu]!, most: 1.25, unit: '×' },
      )
    }
  if (codes)
    for (const inFlight of [1, 16])
      for (const [figure, per] of [
        ['pairsPerSecond', 'second'],
        ['pairsPerCpuSecond', 'CPU second'],
      ] as const) {
        const key = `${figure}${inFlight}` as keyof CodeFigures
        const value = codes.countersign![key]! / codes['better-auth']![key]!
        goals.push({
          what: `codes per ${per}, ${inFlight} in flight, × better-auth`,
          value,
          least: 4,
          unit: '×',
        })
      }
  for (const [database, { this: own, beside }] of Object.entries(signIn ?? {}))
    if (own && beside)
      for (const requests of [6, 10])
        goals.push({
          what: `sign-ins per CPU second, ${requests} requests, ${database}, × the checkout beside`,
          value: own[`perCpuSecond${requests}`]! / beside[`perCpuSecond${requests}`]!,
          least: database === 'SQLite' ? 1.5 : 2,
          unit: '×',
        })
  if (start) {
    const { real: built, 'real, sources': sources } = start
    goals.push(
      { what: 'memory after start', value: built!.rssMb, most: 130, unit: 'MB' },
      { what: 'first answer after', value: built!.readyMs / 1000, most: 0.8, unit: 's' },
      { what: 'CPU of a start, × the sources', value: built!.cpuMs / sources!.cpuMs, most: 0.5, unit: '×' },
    )
  }
  return goals
}

function goalLine({ what, value, most, least, unit }: Goal): string {
  const reached = most === undefined ? value >= least! : value <= most
  const goal = most === undefined ? `at least ${least}` : `at most ${most}`
  return `${reached ? 'reached' : 'MISSED '}  ${what}: ${short(value)} ${unit} (goal: ${goal})`
}

/** Tables and goals, ready to be read. */
export function report(results: Results): string {
  const parts = [results.machine]
  for (const [name, figures] of Object.entries(results.connectors ?? {}))
    parts.push(
      table(
        [name, 'sends/s, 1', 'sends/s, 64', 'CPU ms/send, 1', 'CPU ms/send, 64', 'import ms'],
        rowsOf(figures, 'perSecond1', 'perSecond64', 'cpuMs1', 'cpuMs64', 'importMs'),
      ),
    )
  if (results.codes)
    parts.push(
      table(
        ['ask and check a code', 'pairs/s, 1', 'pairs/s, 16', 'pairs/CPU s, 1', 'pairs/CPU s, 16'],
        rowsOf(
          results.codes,
          'pairsPerSecond1',
          'pairsPerSecond16',
          'pairsPerCpuSecond1',
          'pairsPerCpuSecond16',
        ),
      ),
    )
  for (const [database, figures] of Object.entries(results.signIn ?? {}))
    parts.push(
      table(
        [`sign-ins, ${database}`, '6 requests: /CPU s', '10 requests: /CPU s', '6: /s', '10: /s'],
        rowsOf(figures, 'perCpuSecond6', 'perCpuSecond10', 'perSecond6', 'perSecond10'),
      ),
    )
  if (results.start)
    parts.push(
      table(
        ['start', 'ready after ms', 'CPU ms', 'memory MB'],
        rowsOf(results.start, 'readyMs', 'cpuMs', 'rssMb'),
      ),
    )
  parts.push(goalsOf(results).map(goalLine).join('\n'))
  return parts.join('\n\n')
}
