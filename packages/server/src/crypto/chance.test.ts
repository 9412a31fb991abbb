import { expect, test } from 'vitest'
import { pooledRandom } from './chance.ts'

test('the pool hands out as many bytes as asked for, never the same ones twice, and each value equally often', () => {
  const random = pooledRandom()
  const seen = new Set<string>()
  const counts = new Array<number>(256).fill(0)
  for (let i = 0; i < 20_000; i++) {
    const size = 8 + (i % 30)
    const bytes = random(size)
    expect(bytes.length).toBe(size)
    seen.add(Buffer.from(bytes).toString('hex'))
    for (const byte of bytes) counts[byte]!++
  }
  expect(seen.size).toBe(20_000)
  const expected = counts.reduce((sum, count) => sum + count) / 256
  for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected))
  expect(random(100_000).length).toBe(100_000)
})

test('bytes handed out stay as they are when more are asked for', () => {
  const random = pooledRandom()
  const first = random(16)
  const copy = Uint8Array.from(first)
  for (let i = 0; i < 1000; i++) random(16)
  expect(first).toEqual(copy)
})
