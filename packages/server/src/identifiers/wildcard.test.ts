import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesWildcard } from './wildcard.ts'

const letters = (signs: string, most: number) =>
  fc.array(fc.constantFrom(...signs), { maxLength: most }).map(parts => parts.join(''))

test('a wildcard matches what a regular expression would', () => {
  fc.assert(
    fc.property(letters('ab*', 6), letters('ab', 9), fc.constantFrom(0, 1), (pattern, text, least) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', least ? '.+' : '.*')}$`)
      expect(matchesWildcard(pattern, text, least)).toBe(expression.test(text))
    }),
    { numRuns: 5000 },
  )
})

test('a pattern of many wildcards is answered at once', () => {
  expect(matchesWildcard('*a'.repeat(50), `${'a'.repeat(100_000)}b`)).toBe(false)
})
