import { parseArgs } from 'node:util'
import { keepIn } from './document.ts'
import { FLOODS, overload } from './overload/trial.ts'
import { gridOf, holds, isBound } from './table.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    places: { type: 'string', default: '200' },
    keep: { type: 'boolean', default: false },
  },
})

// Leaving by `exit` takes the server along.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

// `npm run drill:overload`: asks a server of its own for more than it can do, a minute from one network and a minute from
// many, while honest people ask for codes. Prints what came of it, and ends with 1 where a figure is beyond its bound.
// `-- --seconds 1800` makes half an hour of each minute; `--places` is the server's MAX_REQUESTS; `--keep` writes the
// table into the document.
const phases = await overload({ seconds: Number(values.seconds), places: Number(values.places) }, FLOODS)
const table = gridOf(phases)
console.log(table)
if (values.keep) keepIn('docs/limits-of-strangers.md', 'drill:overload', table)
process.exitCode = phases.flatMap(({ figures }) => figures.filter(isBound)).every(holds) ? 0 : 1
