import { expect, test } from 'vitest'
import { readCapped } from './capped.ts'

/** A body in chunks, and how many of them were asked for. */
function body(...chunks: string[]) {
  const asked: string[] = []
  async function* read() {
    for (const chunk of chunks) {
      asked.push(chunk)
      yield Buffer.from(chunk)
    }
  }
  return { asked, bytes: read() }
}

const text = ({ bytes, isWhole }: { bytes: Buffer; isWhole: boolean }) => [bytes.toString(), isWhole]

test('a body up to the limit is read whole', async () => {
  expect(text(await readCapped(body('abc', 'def').bytes, 6))).toEqual(['abcdef', true])
})

test('a body over the limit is said to be no whole one, and its rest is not waited for', async () => {
  const { asked, bytes } = body('abc', 'def', 'ghi')
  expect(text(await readCapped(bytes, 5))).toEqual(['abcdef', false])
  expect(asked).toEqual(['abc', 'def'])
})

test('no body is an empty one', async () => {
  expect(text(await readCapped(null, 5))).toEqual(['', true])
})
