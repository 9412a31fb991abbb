import { expect, test } from 'vitest'
import { MOST_WAITING, writingTogether } from './together.ts'
import { DatabaseUnavailable } from './unavailable.ts'

/** A table that takes no row called `bad`, and nothing while it is away. */
function tableOf(sizeOf: (row: string) => number = () => 1) {
  const statements: string[][] = []
  const lost: string[] = []
  const table = { isAway: false, statements, lost }
  const entries = writingTogether<string>({
    async insert(rows) {
      if (table.isAway) throw new DatabaseUnavailable('lost')
      if (rows.includes('bad')) throw new Error('refused')
      statements.push([...rows])
    },
    sizeOf,
    lost: (count, reason) => lost.push(`${count}: ${reason}`),
  })
  return { table, entries }
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index))

test('rows of a short while are written in one statement, and at most a hundred', async () => {
  const { table, entries } = tableOf()
  for (const row of numbers(250)) entries.add(row)
  await entries.flush()
  expect(table.statements.map(rows => rows.length)).toEqual([100, 100, 50])
  expect(table.statements.flat()).toEqual(numbers(250))
})

test('rows that come one after the other are written by themselves, together', async () => {
  const { table, entries } = tableOf()
  entries.add('one')
  await new Promise(resolve => setImmediate(resolve))
  entries.add('two')
  await expect.poll(() => table.statements).toEqual([['one', 'two']])
  entries.add('three')
  await expect.poll(() => table.statements).toEqual([['one', 'two'], ['three']])
})

test('a row that the database does not take costs none of the others', async () => {
  const { table, entries } = tableOf()
  for (const row of ['one', 'bad', 'two']) entries.add(row)
  await entries.flush()
  expect(table.statements.flat()).toEqual(['one', 'two'])
  expect(table.lost).toEqual(['1: Error: refused'])
})

test('rows wait for a database that is away, and are then written once and in their order', async () => {
  const { table, entries } = tableOf()
  table.isAway = true
  for (const row of numbers(150)) entries.add(row)
  await entries.flush()
  entries.add('150')
  expect(table.statements).toEqual([])
  table.isAway = false
  await expect.poll(() => table.statements.flat(), { timeout: 5_000 }).toEqual(numbers(151))
  await entries.close()
  expect([table.statements.flat().length, table.lost]).toEqual([151, []])
})

test.each([
  ['rows', MOST_WAITING.rows, 1],
  ['bytes', 100, MOST_WAITING.bytes / 100],
])('only so many %s wait, and what exceeds them is counted', async (_, most, size) => {
  const { table, entries } = tableOf(() => size)
  table.isAway = true
  for (const row of numbers(most + 7)) entries.add(row)
  await entries.flush()
  expect(table.lost).toEqual([expect.stringMatching(/^7: /)])
  table.isAway = false
  await entries.flush()
  expect(table.statements.flat()).toEqual(numbers(most))
})

test('what still waits when the process stops is counted', async () => {
  const { table, entries } = tableOf()
  table.isAway = true
  for (const row of numbers(3)) entries.add(row)
  await entries.close()
  expect(table.lost).toEqual([expect.stringMatching(/^3: /)])
})
