import { removeInstallation } from '../packages/cli/src/product.ts'
import { conclude, runAsCommand } from './command.ts'
import { lockOutFrom, namedIdentifier } from './strangers/lock-out.ts'
import { passwordChecks } from './strangers/password-checks.ts'
import { refusedSends } from './strangers/refused-sends.ts'
import { spellings } from './strangers/spellings.ts'
import { staging } from './strangers/staging.ts'
import { type Attack, startTrial } from './strangers/trial.ts'
import { type Figure, tableOf } from './table.ts'

/** In the order in which they disturb each other least: what fills the machine comes last. */
const ATTACKS: readonly Attack[] = [
  spellings,
  refusedSends,
  namedIdentifier,
  lockOutFrom(300),
  passwordChecks,
  staging,
]

/** Nobody waits longer for the drill, whatever it does to the server. */
const AT_MOST = 180_000

/**
 * `npm run drill:strangers`: starts a server of its own, attacks it as a stranger with many addresses would, and prints
 * what the attacks did. Ends with 1 when a figure is beyond its bound. Words after the command choose attacks by their
 * titles: `npm run drill:strangers -- lock-out`.
 */
async function drill(wanted: readonly string[]): Promise<boolean> {
  const chosen = ATTACKS.filter(
    ({ title }) =>
      wanted.length === 0 || wanted.some(word => title.toLowerCase().includes(word.toLowerCase())),
  )
  if (chosen.length === 0) throw new Error(`No attack is called ${wanted.join(' or ')}`)
  const trial = await startTrial()
  const all: Figure[] = []
  try {
    for (const { title, run } of chosen) {
      console.log(`\n${title}\n`)
      const figures = await run(trial)
      console.log(tableOf(figures))
      all.push(...figures)
    }
    if (trial.product.hasEnded()) throw new Error(`The server has ended:\n${trial.product.output()}`)
  } finally {
    await trial.product.stop()
    await removeInstallation(trial.product.installation)
  }
  const titles = ATTACKS.map(({ title }) => title)
  return conclude(all, titles)
}

await runAsCommand(drill, AT_MOST)
