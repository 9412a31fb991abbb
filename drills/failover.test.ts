import { expect, test } from 'vitest'
import { failover } from './failover/trial.ts'
import { holds, isBound } from './table.ts'

// The short form of `npm run drill:failover`, on the database that needs nothing else.

test('codes arrive while the first of two providers fails in every way, and none is sent twice unnoticed', async () => {
  const { phases, figures, complaints } = await failover({
    perSecond: 20,
    sendTimeout: 8_000,
    quiet: 500,
    blows: {
      dies: 500,
      'answers HTML': 500,
      hangs: 500,
      'is out of balance': 300,
      'has its key revoked': 300,
    },
    recovery: 0,
    typed: 1,
  })
  expect(complaints).toEqual([])
  const bounded = [...phases.flatMap(phase => phase.figures), ...figures].filter(isBound)
  expect(bounded.length).toBeGreaterThan(0)
  expect(bounded.filter(figure => !holds(figure))).toEqual([])
}, 120_000)
