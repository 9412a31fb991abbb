import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hmac } from './hmac.ts'

test.each(['sha1', 'sha256'] as const)(
  '%s of any key and text is what the runtime makes of them',
  algorithm => {
    const key = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
      // Around the length of a block, where the key is hashed first.
      fc.integer({ min: 62, max: 67 }).map(length => 'k'.repeat(length)),
    )
    fc.assert(
      fc.property(key, fc.string({ unit: 'grapheme' }), (key, text) => {
        for (const encoding of ['hex', 'base64'] as const)
          expect(hmac(algorithm, key, text, encoding)).toBe(
            createHmac(algorithm, key).update(text).digest(encoding),
          )
      }),
      { numRuns: 500 },
    )
  },
)
