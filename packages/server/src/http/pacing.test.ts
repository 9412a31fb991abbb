import { AsyncLocalStorage } from 'node:async_hooks'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPacing } from './pacing.ts'

const turn = () => new Promise(resolve => setImmediate(resolve))

/** Turns whose clock goes on only when work is done, and what was begun, in its order. */
function working() {
  let now = 0
  const begun: string[] = []
  const pacing = createPacing(() => now)
  const take = (whose: string | undefined, name: string, cost = 2) =>
    pacing.begin(whose, () => {
      now += cost
      begun.push(name)
    })
  return { take, begun }
}

test('while there is time, work begins at once', () => {
  const { take, begun } = working()
  take('a', 'first')
  take('a', 'second')
  expect(begun).toEqual(['first', 'second'])
})

test('a turn begins no more than it has time for, and what waits begins in the next ones', async () => {
  const { take, begun } = working()
  for (const name of ['1', '2', '3', '4', '5']) take('a', name)
  expect(begun).toEqual(['1', '2'])
  const seen: number[] = []
  while (begun.length < 5) {
    await turn()
    seen.push(begun.length)
  }
  expect(begun).toEqual(['1', '2', '3', '4', '5'])
  expect(seen.every((count, n) => count - (seen[n - 1] ?? 2) <= 2)).toBe(true)
})

test('work that is longer than a slice still begins, one piece in a turn', async () => {
  const { take, begun } = working()
  for (const name of ['1', '2', '3']) take('a', name, 50)
  expect(begun).toEqual(['1'])
  while (begun.length < 3) {
    const before = begun.length
    await turn()
    expect(begun.length - before).toBeLessThanOrEqual(1)
  }
})

test('one network after the other, whoever came first with however many', async () => {
  const { take, begun } = working()
  for (let n = 0; n < 50; n++) take('flood', `flood ${n}`, 5)
  take('b', 'newcomer', 5)
  take(undefined, 'behind a proxy', 5)
  take(undefined, 'behind it, too', 5)
  while (begun.length < 53) await turn()
  expect(begun.slice(0, 5)).toEqual(['flood 0', 'flood 1', 'newcomer', 'behind a proxy', 'behind it, too'])
})

test('what was said of a request goes with its work', async () => {
  const request = new AsyncLocalStorage<string>()
  const seen: [string, string | undefined][] = []
  let now = 0
  const slow = createPacing(() => (now += 10))
  await Promise.all(
    ['a', 'a', 'a', 'b'].map(
      (name, n) =>
        new Promise<void>(resolve =>
          request.run(`${name}${n}`, () =>
            slow.begin(name, () => {
              seen.push([`${name}${n}`, request.getStore()])
              resolve()
            }),
          ),
        ),
    ),
  )
  expect(seen).toHaveLength(4)
  for (const [own, told] of seen) expect(told).toBe(own)
})

test('all work begins once, in its order for each network', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ whose: fc.constantFrom('a', 'b', 'c'), cost: fc.nat({ max: 9 }) }), {
        maxLength: 60,
      }),
      async pieces => {
        const { take, begun } = working()
        for (const [n, { whose, cost }] of pieces.entries()) {
          take(whose, `${whose}/${n}`, cost)
          if (cost === 0) await turn()
        }
        for (let n = 0; n < 100 && begun.length < pieces.length; n++) await turn()
        for (const whose of ['a', 'b', 'c'])
          expect(begun.filter(name => name.startsWith(whose))).toEqual(
            pieces.flatMap((piece, n) => (piece.whose === whose ? [`${whose}/${n}`] : [])),
          )
      },
    ),
    { numRuns: 30 },
  )
})
