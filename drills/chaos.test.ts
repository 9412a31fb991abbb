import { expect, test } from 'vitest'
import { addressOf, createPostgres, dropPostgres } from '../packages/server/src/db/testing-templates.ts'
import { ON_NODES } from './chaos/blows.ts'
import { chaos } from './chaos/trial.ts'
import { holds, isBound } from './table.ts'

// The short form of `npm run drill:chaos`: two nodes behind a balancer, of which one is asked to end.

test.skipIf(!process.env.TEST_DATABASE_URL)(
  'several servers of one database lose and double nothing, and no request when one is asked to end',
  async () => {
    const url = process.env.TEST_DATABASE_URL!
    const name = await createPostgres(url, {})
    try {
      // So long that on a busy machine no provider is taken for silent, and the balancer notices who is about to end.
      const settings = { DATABASE_URL: addressOf(url, name), SEND_TIMEOUT: '8000', DRAIN_TIME: '5000' }
      const trial = { nodes: 2, visitors: 1, settings }
      const { phases, figures, complaints } = await chaos('short', trial, [ON_NODES.end])
      const all = [...phases.flatMap(phase => phase.figures), ...figures]
      expect(all.filter(figure => isBound(figure) && !holds(figure))).toEqual([])
      expect(complaints).toEqual([])
    } finally {
      await dropPostgres(url, name)
    }
  },
  120_000,
)
