import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAdmission, type Visit } from './admission.ts'
import { networkOfVisitor } from './network.ts'

/** An admission that is asked by addresses. */
function admission(most: number, clock?: () => number) {
  const { enter } = createAdmission(most, clock)
  return {
    enter: (ip: string | undefined, ...more: [isUnderway?: () => boolean, visit?: Visit]) =>
      enter(networkOfVisitor(ip), ...more),
  }
}

const address = (n: number) => `8.8.${n >> 8}.${n & 255}`

test('as many as there are places come in, and the next one when somebody leaves', () => {
  const { enter } = admission(16)
  const inside = Array.from({ length: 16 }, (_, n) => enter(address(n)))
  expect(inside.every(Boolean)).toBe(true)
  expect(enter(address(99))).toBeUndefined()
  inside[3]!()
  // Who leaves twice gives back one place.
  inside[3]!()
  expect(enter(address(99))).toBeDefined()
  expect(enter(address(98))).toBeUndefined()
})

test('in a crowd one network holds an eighth at most, and the others still come in', () => {
  const { enter } = admission(16)
  const flood = Array.from({ length: 20 }, () => enter('2001:4860:1:2::1'))
  expect(flood.filter(Boolean)).toHaveLength(8)
  expect(enter('2001:4860:1:2::ffff')).toBeUndefined()
  const others = Array.from({ length: 8 }, (_, n) => enter(address(n)))
  expect(others.every(Boolean)).toBe(true)
})

test('in a crowd all networks that begin alike hold a quarter together', () => {
  const { enter } = admission(16)
  for (let n = 0; n < 8; n++) enter(address(n))
  const neighbours = Array.from({ length: 8 }, (_, n) => enter(`2001:4860:1:${n}::1`))
  expect(neighbours.filter(Boolean)).toHaveLength(4)
  expect(enter('2001:4860:2::1')).toBeDefined()
})

test('whoever holds a place by being slow loses it to others, after three seconds', () => {
  let now = 0
  const { enter } = admission(2, () => now)
  const ended: string[] = []
  const visit = (name: string, waitsForClient = () => true) => ({
    waitsForClient,
    end: () => ended.push(name),
  })
  let isSending = true
  enter(
    address(1),
    undefined,
    visit('answered', () => isSending),
  )
  enter(address(2), undefined, visit('slow'))
  expect(enter(address(3))).toBeUndefined()
  now += 2_900
  expect(enter(address(3))).toBeUndefined()
  isSending = false
  now += 250
  const third = enter(address(3))
  expect([third !== undefined, ended]).toEqual([true, ['slow']])
  // Its place was given back once, and whoever is being answered keeps theirs.
  expect(enter(address(4))).toBeUndefined()
  third!()
  expect([enter(address(4)), enter(address(5))].map(Boolean)).toEqual([true, false])
})

test('a quarter more places are for those who are in the middle of a sign-in', () => {
  const { enter } = admission(16)
  for (let n = 0; n < 16; n++) enter(address(n))
  const others = Array.from({ length: 6 }, (_, n) => enter(address(50 + n), () => true))
  expect(others.filter(Boolean)).toHaveLength(4)
  expect(enter(address(98), () => false)).toBeUndefined()
})

test.each(['127.0.0.1', '10.0.0.7', '::1', undefined])('%s may be many people', ip => {
  const { enter } = admission(16)
  expect(Array.from({ length: 16 }, () => enter(ip)).every(Boolean)).toBe(true)
  expect(enter(ip)).toBeUndefined()
})

test('whoever comes and goes, no more are inside than there are places, and all places come back', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 40 }), { maxLength: 400 }), moves => {
      const { enter } = admission(16)
      const inside: (() => void)[] = []
      for (const move of moves) {
        // Even numbers come from one of five networks, odd ones leave.
        const leave = move % 2 === 0 ? enter(address(move % 5)) : undefined
        if (leave) inside.push(leave)
        else if (move % 2 === 1) inside.splice(move % (inside.length || 1), 1)[0]?.()
        expect(inside.length).toBeLessThanOrEqual(16)
      }
      for (const leave of inside) leave()
      expect(Array.from({ length: 16 }, (_, n) => enter(address(n))).every(Boolean)).toBe(true)
    }),
    { numRuns: 50 },
  )
})
