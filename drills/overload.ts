import { parseArgs } from 'node:util'
import { runAsCommand } from './command.ts'
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

const seconds = Number(values.seconds)

/** Both floods, a measurement before the second, and as much again for what a slow machine takes. */
const atMost = 2 * (seconds + 180) * 1_000

// `npm run drill:overload`: asks a server of its own for more than it can do, a minute from one network and a minute from
// many, while honest people sign in. Prints what came of it, and ends with 1 where a figure is beyond its bound.
// `-- --seconds 1800` makes half an hour of the second minute; `--places` is the server's MAX_REQUESTS; `--keep` writes the
// table into the document.
await runAsCommand(async () => {
  const phases = await overload({ seconds, places: Number(values.places) }, FLOODS)
  const table = gridOf(phases)
  console.log(table)
  if (values.keep) keepIn('docs/limits-of-strangers.md', 'drill:overload', table)
  return phases.flatMap(({ figures }) => figures.filter(isBound)).every(holds)
}, atMost)
