import fc from 'fast-check'
import { expect, it } from 'vitest'
import { circlesOf } from './circles.ts'

const idsOf = (groups: { id: string }[][]) => groups.map(group => group.map(({ id }) => id).sort())

it('those who wait for each other move together, and after them who waits for one of them', () => {
  const { groups, stuck } = circlesOf([
    { id: 'a', rivals: ['b'] },
    { id: 'b', rivals: ['c', 'a'] },
    { id: 'c', rivals: ['a'] },
    { id: 'd', rivals: ['a'] },
    { id: 'free', rivals: [] },
    { id: 'e', rivals: ['d', 'stays'] },
    { id: 'f', rivals: ['e'] },
  ])
  expect(idsOf(groups)).toEqual([['a', 'b', 'c'], ['d'], ['free']])
  expect(stuck.map(({ id }) => id)).toEqual(['e', 'f'])
})

it('of any number of users each moves once, after or with all whom they wait for; who waits for one who stays, stays', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  const rivals = fc.uniqueArray(fc.constantFrom(...ids, 'stays'), { maxLength: 3 })
  fc.assert(
    fc.property(fc.array(rivals, { maxLength: ids.length }), all => {
      const waiting = all.map((rivals, index) => ({ id: ids[index]!, rivals }))
      const { groups, stuck } = circlesOf(waiting)
      const moved = new Set<string>()
      for (const group of groups) {
        for (const { id } of group) {
          expect(moved).not.toContain(id)
          moved.add(id)
        }
        for (const { rivals } of group) for (const rival of rivals) expect(moved).toContain(rival)
      }
      expect([...moved, ...stuck.map(({ id }) => id)].sort()).toEqual(waiting.map(({ id }) => id))
      for (const { rivals } of stuck) expect(rivals.every(rival => moved.has(rival))).toBe(false)
    }),
  )
})
