import { expect, test } from 'vitest'
import { meaningOf } from './json-input.tsx'

test.each([
  ['{"type":"login"}', { type: 'login' }],
  ['[1]', [1]],
  ['', undefined],
  ['  \n', undefined],
  // Kept as it is: the server says what is wrong with it, and the operator types on.
  ['{"type":', '{"type":'],
])('the text %j in a JSON field stands for %j', (text, value) => {
  expect(meaningOf(text)).toEqual(value)
})
