import { startOwnPostgres } from '../scripts/postgres.ts'
import { conclude, runAsCommand } from './command.ts'
import { type Crash, crash } from './crash/trial.ts'
import { type Figure, tableOf } from './table.ts'

/** Nobody waits longer for the drill, whatever it does to the servers. */
const AT_MOST = 300_000

const MESSAGES = 1_000

/** Every kill takes down a server with its requests under way. */
const KILLS = 4

/** A PostgreSQL of its own for as long as the work takes. */
async function withPostgres<T>(work: (url: string) => Promise<T>): Promise<T> {
  const postgres = await startOwnPostgres()
  if (postgres.url === null) throw new Error(`PostgreSQL cannot be had here: ${postgres.reason}`)
  const { url } = postgres
  return work(url).finally(() => postgres.stop())
}

/** Prints what one of them found, and returns its figures. */
async function run(trial: Crash): Promise<Figure[]> {
  const { figures, complaints } = await crash(trial)
  console.log(`\n${trial.title}\n\n${tableOf(figures)}`)
  for (const complaint of complaints) console.log(`! ${complaint}`)
  return figures
}

/**
 * `npm run drill:crash`: has servers of its own send 1,000 codes, kills them with SIGKILL meanwhile, starts them again,
 * and compares what arrived with what the ledger says. Ends with 1 when a figure is beyond its bound. A word after the
 * command chooses a database: `npm run drill:crash -- sqlite`.
 */
async function drill([wanted = '']: readonly string[]): Promise<boolean> {
  const common = { messages: MESSAGES, kills: KILLS }
  const trials: [string, () => Promise<Figure[]>][] = [
    ['sqlite', () => run({ title: 'SQLite, one server', nodes: 1, settings: {}, ...common })],
    [
      'postgresql',
      () =>
        withPostgres(url =>
          run({ title: 'PostgreSQL, two servers', nodes: 2, settings: { DATABASE_URL: url }, ...common }),
        ),
    ],
  ]
  const all: Figure[] = []
  for (const [name, trial] of trials) {
    if (!name.startsWith(wanted.toLowerCase())) continue
    all.push(...(await trial()))
  }
  const names = trials.map(([name]) => name)
  return conclude(all, names)
}

await runAsCommand(drill, AT_MOST)
