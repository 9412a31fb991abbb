import { parseArgs } from 'node:util'
import { runAsCommand } from './command.ts'
import { keepIn } from './document.ts'
import { type Fault, fuzz, type Outcome } from './fuzz/trial.ts'
import { gridOf, holds, isBound, tableOf } from './table.ts'

/** Nobody waits longer, however slow the machine is. */
const AT_MOST = 180 * 60_000

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    database: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})

const indented = (text: string) => text.replaceAll(/^/gm, '    ')

const told = ({ role, what, sent, answered }: Fault) =>
  `${role}: ${what}\n  sent\n${indented(sent)}\n  answered\n${indented(answered)}\n`

function report({ phases, faults, logged, never, totals }: Outcome): boolean {
  for (const fault of faults) console.log(told(fault))
  for (const line of logged.slice(0, 40)) console.log(line.slice(0, 2_000))
  console.log(`\nNobody was let in at:\n${indented(never.join('\n') || 'none')}\n`)
  const tables = `${gridOf(phases)}\n\n${tableOf(totals)}`
  console.log(tables)
  const place = values.database === undefined ? 'fuzz on SQLite' : 'fuzz on PostgreSQL'
  if (values.keep) keepIn('docs/limits-of-strangers.md', place, tables)
  return [...phases.flatMap(({ figures }) => figures), ...totals].filter(isBound).every(holds)
}

// `npm run fuzz`: sends every place of the product 200,000 requests that no program of good will would send, and ends with 1
// when one is answered as it must not be. `-- --requests 5000 --seed 7 --only /api/users` makes it shorter, another, narrower;
// `--database postgres://…` takes PostgreSQL, where the tables must not exist yet; `--keep` writes the tables into the document.
await runAsCommand(
  async () =>
    report(
      await fuzz({
        requests: Number(values.requests),
        seed: Number(values.seed),
        only: values.only,
        ...(values.database !== undefined && { databaseUrl: values.database }),
      }),
    ),
  AT_MOST,
)
