import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeInstallation } from '../packages/cli/src/product.ts'
import { lockOutFrom, namedIdentifier } from './strangers/lock-out.ts'
import { refusedSends } from './strangers/refused-sends.ts'
import { spellings } from './strangers/spellings.ts'
import { startTrial, type Trial } from './strangers/trial.ts'
import { holds, isBound } from './table.ts'

// The short form of `npm run drill:strangers`: the attacks whose figures are counts. How long others wait is measured by
// the drill alone.

let trial: Trial
beforeAll(async () => {
  trial = await startTrial()
})
afterAll(async () => {
  await trial?.product.stop()
  if (trial) await removeInstallation(trial.product.installation)
})

test.each([spellings, refusedSends, namedIdentifier, lockOutFrom(120)])(
  'an attack stays within its bounds: $title',
  async ({ run }) => {
    const figures = await run(trial)
    expect(figures.filter(isBound).length).toBeGreaterThan(0)
    expect(figures.filter(figure => isBound(figure) && !holds(figure))).toEqual([])
  },
  120_000,
)
