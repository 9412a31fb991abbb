import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countSegments } from './segments.ts'

const of = (count: number, character: string) => character.repeat(count)

test.each([
  ['mainland', 'a code in Chinese', '【示例科技】您的验证码是739154，5分钟内有效。', 1],
  ['mainland', '70 characters', of(70, '码'), 1],
  ['mainland', '71 characters', of(71, '码'), 2],
  ['mainland', '134 characters', of(134, '码'), 2],
  ['mainland', '135 characters', of(135, '码'), 3],
  ['mainland', '71 letters, which are counted like any other characters', of(71, 'a'), 2],
  ['mainland', 'nothing', '', 1],
  ['international', '160 letters', of(160, 'a'), 1],
  ['international', '161 letters', of(161, 'a'), 2],
  ['international', '306 letters', of(306, 'a'), 2],
  ['international', '307 letters', of(307, 'a'), 3],
  ['international', '80 characters that take two places each', of(80, '€'), 1],
  ['international', '159 letters and one that takes two places', `${of(159, 'a')}{`, 2],
  [
    'international',
    'two places that a cut would part, and room for them',
    `${of(152, 'a')}€${of(151, 'a')}`,
    2,
  ],
  [
    'international',
    'two places that a cut would part, and no room for them',
    `${of(152, 'a')}€${of(152, 'a')}`,
    3,
  ],
  ['international', '70 characters of Chinese', of(70, '码'), 1],
  ['international', '71 characters of Chinese', of(71, '码'), 2],
  ['international', '71 letters with one that the alphabet does not have', `${of(70, 'a')}ş`, 2],
  ['international', '35 characters outside the first plane', of(35, '😀'), 1],
  ['international', '36 characters outside the first plane', of(36, '😀'), 2],
  ['international', 'one outside the first plane that would be cut', of(67, '😀'), 3],
] as const)('%s: %s', (rule, _, text, expected) => {
  expect(countSegments(text, rule)).toBe(expected)
})

test('never falls when a text grows, nor rises by more than one with a character', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('mainland', 'international'),
      fc.array(fc.constantFrom('a', '€', 'é'), { maxLength: 500 }),
      fc.constantFrom('a', '€'),
      (rule, text, more) => {
        const grown = countSegments(text.join('') + more, rule) - countSegments(text.join(''), rule)
        expect([0, 1]).toContain(grown)
      },
    ),
    { numRuns: 200 },
  )
})
