import { expect, test } from 'vitest'
import { fromOnePlace, overload } from './overload/trial.ts'
import { holds, isBound } from './table.ts'

// The short form of `npm run drill:overload`, with few places, so that few requests fill them.
test('a flood from one network is turned away, and honest people are served', async () => {
  const [phase] = await overload({ seconds: 1, places: 16 }, [fromOnePlace])
  expect(phase!.figures.filter(isBound).filter(figure => !holds(figure))).toEqual([])
}, 120_000)
