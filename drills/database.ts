import { conclude, runAsCommand } from './command.ts'
import { drillPostgres } from './database/postgres.ts'
import { drillSqlite } from './database/sqlite.ts'
import { type Figure, gridOf, tableOf } from './table.ts'

/** Nobody waits longer for the drill, whatever it does to the databases. */
const AT_MOST = 180_000

/**
 * `npm run drill:database`: starts servers of its own on PostgreSQL and SQLite, lets visitors sign in by code, and ends,
 * freezes, locks and fills their databases meanwhile. Prints what the visitors met, and ends with 1 when a figure is
 * beyond its bound. Words after the command choose databases or blows by their titles: `npm run drill:database -- standstill`.
 */
async function drill(wanted: readonly string[]): Promise<boolean> {
  const all: Figure[] = []
  let complained = 0
  for (const run of [drillPostgres, drillSqlite]) {
    const findings = await run(wanted)
    if (!findings) continue
    const { title, phases, figures, complaints } = findings
    console.log(`\n${title}\n\n${gridOf(phases)}\n\n${tableOf(figures)}`)
    for (const complaint of complaints) console.log(`! ${complaint}`)
    all.push(...phases.flatMap(phase => phase.figures), ...figures)
    complained += complaints.length
  }
  return conclude(all, ['PostgreSQL', 'SQLite', 'and their blows by a word of the title'], complained)
}

await runAsCommand(drill, AT_MOST)
