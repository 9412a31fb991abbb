import { readPhone } from '@countersign/kit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactSpelling, oneSpelling } from './one-spelling.ts'

test('spellings that find one user are one', () => {
  for (const spellings of [
    ['ada@example.com', 'Ada@Example.COM', ' ada@example.com '],
    ['61412345678', '610412345678', '+61 412 345 678', '+61 (0412) 345-678'],
    ['ada', 'ADA', 'aDa'],
    [
      '8613800138210',
      '13800138210',
      '008613800138210',
      '+8613800138210',
      '+86 138 0013 8210',
      '(86) 138‑0013‑8210',
      '86013800138210',
      '８６１３８００１３８２１０',
    ],
    ['13055552671', '8613055552671', '0013055552671', '+13055552671'],
    ['14155552671', '+1 (415) 555-2671', '0014155552671'],
    ['lim@例子.测试', 'LIM@xn--fsqu00a.xn--0zwm56d', 'lim@例子。测试', 'lim@XN--FSQU00A.xn--0zwm56d.'],
    ['ida@bücher.example.com', 'ida@BÜCHER.example.com', 'ida@xn--bcher-kva.example.com'],
    ['ida@example.com', 'ida@ｅｘａｍｐｌｅ.com', 'ida@example.com.'],
    ['12', '12 '],
  ])
    expect(new Set(spellings.map(oneSpelling)).size, spellings[0]).toBe(1)
})

test('identifiers of different users are not one', () => {
  const different = ['ada', 'ada@example.com', 'a.da@example.com', '61412345678', '61412345679', '12', '']
  expect(new Set(different.map(oneSpelling)).size).toBe(different.length)
})

test('whatever number a connector may dial for some digits is counted as one with them', () => {
  const digits = fc.oneof(
    fc.stringMatching(/^1[3-9]\d{9}$/),
    fc.stringMatching(/^861[3-9]\d{9}$/),
    fc.stringMatching(/^[1-9]\d{4,14}$/),
  )
  fc.assert(
    fc.property(digits, fc.constantFrom('', '+', '00'), fc.boolean(), (number, prefix, bare) => {
      const given = prefix + number
      const dialled = readPhone(given, { bare })?.digits
      if (dialled !== undefined) expect(oneSpelling(dialled)).toBe(oneSpelling(given))
    }),
    { numRuns: 5000 },
  )
})

test('what opens something never takes a number that can be American for a mainland one', () => {
  const exact = (value: string) => exactSpelling('phone', value)
  for (const spelling of ['13800138210', '008613800138210', '+86 138 0013 8210'])
    expect(exact(spelling)).toBe('8613800138210')
  for (const american of ['13055552671', '+13055552671', '0013055552671', '+1 (305) 555-2671'])
    expect(exact(american)).toBe('13055552671')
  expect(exact('+13800138210')).toBe('13800138210')
  expect(exactSpelling('email', 'Lim@xn--fsqu00a.xn--0zwm56d')).toBe('lim@例子.测试')
})

test('an address with the Kelvin sign is not that with a k', () => {
  expect(oneSpelling('\u212Aim@example.com')).not.toBe(oneSpelling('kim@example.com'))
})
