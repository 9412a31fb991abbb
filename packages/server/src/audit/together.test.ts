import { expect, test } from 'vitest'
import { writingTogether } from './together.ts'

test('rows of one moment are written in one statement, and at most a hundred', async () => {
  const statements: number[][] = []
  const write = writingTogether<number>(async rows => statements.push([...rows]))
  await Promise.all(Array.from({ length: 250 }, (_, index) => write(index)))
  await write(250)
  expect(statements.map(rows => rows.length)).toEqual([100, 100, 50, 1])
  expect(statements.flat()).toEqual(Array.from({ length: 251 }, (_, index) => index))
})

test('a row that the database does not take costs none of the others', async () => {
  const table: string[] = []
  const write = writingTogether<string>(async rows => {
    if (rows.includes('bad')) throw new Error('refused')
    table.push(...rows)
  })
  const outcomes = await Promise.allSettled(['one', 'bad', 'two'].map(write))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(table).toEqual(['one', 'two'])
})
