import { expect, test } from 'vitest'
import { circles } from './circles.ts'

const imports = (...pairs: string[]) =>
  pairs.map(pair => {
    const [file, target] = pair.split(' ') as [string, string]
    return { file, target }
  })

test('two files that import each other are a circle, named by its way', () => {
  expect(circles(imports('a b', 'b a'))).toEqual(['a → b → a'])
})

test('a circle is found by way of other files, once, and without those that only lead to it', () => {
  expect(circles(imports('start a', 'a b', 'b c', 'c a', 'b end', 'other b'))).toEqual(['a → b → c → a'])
})

test('a file that imports itself is a circle', () => {
  expect(circles(imports('a a'))).toEqual(['a → a'])
})

test('two ways to one file are no circle', () => {
  expect(circles(imports('a b', 'a c', 'b d', 'c d'))).toEqual([])
})
