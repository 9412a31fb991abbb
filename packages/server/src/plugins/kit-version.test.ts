import { expect, test } from 'vitest'
import { takesKit } from './kit-version.ts'

test.each([
  ['^5.0.0'],
  ['^5.1.0'],
  ['~5.1.0'],
  ['5.1.0'],
  ['=5.1.0'],
  ['5'],
  ['5.x'],
  ['5.1'],
  ['*'],
  [''],
  ['>=4'],
  ['>= 4.0.0 < 6'],
  ['>5.0'],
  ['<=5.1'],
  ['<=5'],
  ['^4.0.0 || ^5.0.0'],
  ['workspace:^4.0.0'],
])('the range “%s” takes this kit', range => {
  expect(takesKit(range)).toBe(true)
})

test.each([
  ['^4.0.0'],
  ['^6.0.0'],
  ['^5.2.0'],
  ['~5.0.0'],
  ['5.0.0'],
  ['5.2'],
  ['>5.1.0'],
  ['>5'],
  ['<5.1.0'],
  ['>=4 <5'],
  ['latest'],
  ['file:../kit'],
])('the range “%s” does not take this kit', range => {
  expect(takesKit(range)).toBe(false)
})
