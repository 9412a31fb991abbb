import { expect, test } from 'vitest'
import { crash } from './crash/trial.ts'
import { holds, isBound } from './table.ts'

// The short form of `npm run drill:crash`, on the database that needs nothing else.

test('a server that is killed while it sends loses no message and no code, and sends none again', async () => {
  const trial = { title: 'short', nodes: 1, settings: {}, messages: 60, kills: 1 }
  const { figures, complaints } = await crash(trial)
  expect(figures.filter(isBound).length).toBeGreaterThan(0)
  expect(figures.filter(figure => isBound(figure) && !holds(figure))).toEqual([])
  expect(complaints).toEqual([])
}, 120_000)
