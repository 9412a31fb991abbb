import { expect, test } from 'vitest'
import { oneSpelling } from './one-spelling.ts'

test('spellings that find one user are one', () => {
  for (const spellings of [
    ['ada@example.com', 'Ada@Example.COM', ' ada@example.com '],
    ['61412345678', '610412345678', '+61 412 345 678', '+61 (0412) 345-678'],
    ['ada', 'ADA', 'aDa'],
    ['12', '12 '],
  ])
    expect(new Set(spellings.map(oneSpelling)).size, spellings[0]).toBe(1)
})

test('identifiers of different users are not one', () => {
  const different = ['ada', 'ada@example.com', 'a.da@example.com', '61412345678', '61412345679', '12', '']
  expect(new Set(different.map(oneSpelling)).size).toBe(different.length)
})

test('an address with the Kelvin sign is not that with a k', () => {
  expect(oneSpelling('\u212Aim@example.com')).not.toBe(oneSpelling('kim@example.com'))
})
