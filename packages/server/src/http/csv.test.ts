import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

test('a table in CSV begins with the mark of UTF-8, and quotes what would break its lines and cells', () => {
  expect(
    csvOf([
      ['名称', 'sent'],
      ['a "b", c\nd', 12],
      [null, -1.5],
    ]),
  ).toBe('\uFEFF名称,sent\r\n"a ""b"", c\nd",12\r\n,-1.5\r\n')
})

test.each(['=1+1', '+86 138****8000', '-2', '@SUM(A1)', '\tx', '\rx', '＝1+1'])(
  'a text that a spreadsheet would run, %j, is none any more',
  text => {
    expect(csvOf([[text]])).toMatch(/^\uFEFF"?'/)
  },
)
