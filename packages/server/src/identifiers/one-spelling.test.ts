import { expect, test } from 'vitest'
import { keptForm, oneSpelling } from './one-spelling.ts'

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
    ['13055552671', '0013055552671', '+13055552671', '+1 (305) 555-2671'],
    ['14155552671', '+1 (415) 555-2671', '0014155552671'],
    ['lim@例子.测试', 'LIM@xn--fsqu00a.xn--0zwm56d', 'lim@例子。测试', 'lim@XN--FSQU00A.xn--0zwm56d.'],
    ['ida@bücher.example.com', 'ida@BÜCHER.example.com', 'ida@xn--bcher-kva.example.com'],
    ['ida@example.com', 'ida@ｅｘａｍｐｌｅ.com', 'ida@example.com.'],
    ['12', '12 '],
  ])
    expect(new Set(spellings.map(oneSpelling)).size, spellings[0]).toBe(1)
})

test('identifiers of different users are not one', () => {
  const different = [
    'ada',
    'ada@example.com',
    'a.da@example.com',
    '61412345678',
    '61412345679',
    // An American number, and the one of mainland China that looks like it.
    '13055552671',
    '8613055552671',
    '12',
    '',
  ]
  expect(new Set(different.map(oneSpelling)).size).toBe(different.length)
})

test('what is counted for an address is counted for just the addresses that messages go to as to it', () => {
  // Mail goes to the K of ASCII, whoever typed the Kelvin sign; so nobody else is taken for the owner.
  expect(keptForm('email', '\u212Aim@example.com')).toBe('Kim@example.com')
  expect(oneSpelling('\u212Aim@example.com')).toBe(oneSpelling('kim@example.com'))
  for (const spelling of [
    'ivo＠example.com',
    'ivo@example．com',
    'i\u200Bvo@example.com',
    '\u2066ivo@example.com\u2069',
  ])
    expect(oneSpelling(spelling), spelling).toBe('ivo@example.com')
})
