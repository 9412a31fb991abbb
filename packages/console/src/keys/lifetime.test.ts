import { expect, test } from 'vitest'
import { fromSeconds, toSeconds } from './lifetime.ts'

test.each([
  [1_209_600, { value: 14, unit: 'days' }],
  [7200, { value: 2, unit: 'hours' }],
  [5400, { value: 90, unit: 'minutes' }],
  [61, { value: 2, unit: 'minutes' }],
] as const)('%i seconds are said as %j', (seconds, lifetime) => {
  expect(fromSeconds(seconds)).toEqual(lifetime)
})

test.each([1_209_600, 7200, 5400, 60])('%i seconds are the same after being said', seconds => {
  expect(toSeconds(fromSeconds(seconds))).toBe(seconds)
})

test.each([
  [{ value: '', unit: 'days' }],
  [{ value: 0, unit: 'hours' }],
  [{ value: -1, unit: 'days' }],
  [{ value: 401, unit: 'days' }],
] as const)('%j is no lifetime', lifetime => {
  expect(toSeconds(lifetime)).toBeUndefined()
})
