import { startOwnPostgres } from '../scripts/postgres.ts'
import { ON_NODES, onDatabase } from './chaos/blows.ts'
import { killAndKill } from './chaos/kills.ts'
import { chaos } from './chaos/trial.ts'
import { conclude, runAsCommand } from './command.ts'
import { drillSqlite } from './database/sqlite.ts'
import { keepIn } from './document.ts'
import { type Figure, gridOf, tableOf } from './table.ts'

/** Nobody waits longer for the drill, whatever it does; a thousand kills take a while. */
const AT_MOST = 3 * 3_600_000

/** Kills of the server on SQLite, where the command names no other number. */
const KILLS = 1_000

/** What one part of the drill has found, to be printed. */
interface Part {
  title: string
  phases?: { title: string; figures: Figure[] }[]
  figures: Figure[]
  complaints?: string[]
}

/** Three servers on a PostgreSQL of their own, and everything that may happen to them and around them. */
async function onPostgres(): Promise<Part> {
  // What it has acknowledged must be there after a crash of its processes.
  const postgres = await startOwnPostgres({ synchronous_commit: 'on' })
  if (postgres.url === null) throw new Error(`PostgreSQL cannot be had here: ${postgres.reason}`)
  const { drain, kill, pause, hang, clock } = ON_NODES
  const trial = { nodes: 3, visitors: 6, settings: { DATABASE_URL: postgres.url } }
  try {
    return await chaos('PostgreSQL, three servers behind a balancer', trial, [
      drain,
      kill,
      pause,
      ...onDatabase(postgres),
      hang,
      clock,
    ])
  } finally {
    await postgres.signal('SIGCONT')
    await postgres.stop()
  }
}

async function onFullDisk(): Promise<Part> {
  const found = await drillSqlite(['disk full', 'no room'])
  return { ...found!, title: 'SQLite, one server whose disk is full' }
}

/**
 * `npm run drill:chaos`: strikes servers of its own, the database behind them and the provider before them, while visitors
 * sign in and others race for what only one may get, and compares what was acknowledged with what is there. Ends with 1
 * when a figure is beyond its bound. Words after the command choose parts, and a number says how often the server on SQLite
 * is killed: `npm run drill:chaos -- kills 100`. `--keep` writes the tables of each part into the document.
 */
async function drill(wanted: readonly string[]): Promise<boolean> {
  const kills = Number(wanted.find(each => /^\d+$/.test(each)) ?? KILLS)
  const keeps = wanted.includes('--keep')
  const words = wanted.filter(each => !/^(?:\d+|--keep)$/.test(each))
  const parts: [string, () => Promise<Part>][] = [
    ['nodes', onPostgres],
    ['disk', onFullDisk],
    ['kills', () => killAndKill(kills)],
  ]
  const all: Figure[] = []
  for (const [name, run] of parts) {
    if (words.length > 0 && !words.includes(name)) continue
    const { title, phases = [], figures, complaints = [] } = await run()
    const tables = [title, ...(phases.length > 0 ? [gridOf(phases)] : []), tableOf(figures)].join('\n\n')
    console.log(`\n${tables}`)
    if (keeps) keepIn('docs/nodes.md', `drill:chaos ${name}`, tables)
    for (const complaint of complaints) console.log(`! ${complaint}`)
    all.push(...phases.flatMap(phase => phase.figures), ...figures)
  }
  const names = parts.map(([name]) => name)
  return conclude(all, names)
}

await runAsCommand(drill, AT_MOST)
