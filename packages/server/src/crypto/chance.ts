import { randomBytes, randomFillSync } from 'node:crypto'

/** A source of random bytes. */
export type Random = (size: number) => Uint8Array

const POOL = 4096

/**
 * Random bytes of the runtime, fetched many at a time: most of the cost of a few bytes is the asking. What has
 * been handed out is wiped here, so each byte serves once and none can be read back.
 */
export function pooledRandom(): Random {
  const pool = Buffer.alloc(POOL)
  let next = POOL
  return size => {
    if (size > POOL / 16) return randomBytes(size)
    if (next + size > POOL) {
      randomFillSync(pool)
      next = 0
    }
    const end = next + size
    const bytes = Uint8Array.from(pool.subarray(next, end))
    pool.fill(0, next, end)
    next = end
    return bytes
  }
}

const LOWER = '0123456789abcdefghijklmnopqrstuvwxyz'
const MIXED = `${LOWER}ABCDEFGHIJKLMNOPQRSTUVWXYZ`

/** Picks characters of an alphabet, each equally likely: bytes that would favour some are thrown away. */
function pick(random: Random, alphabet: string, length: number): string {
  const limit = 256 - (256 % alphabet.length)
  let text = ''
  while (text.length < length) {
    for (const byte of random(length - text.length + 8)) {
      if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length]
    }
  }
  return text
}

/** An id as Logto has it: 21 characters `[0-9a-z]`. */
export const newId = (random: Random) => pick(random, LOWER, 21)

/** Id of users and connections: 12 characters `[0-9a-z]`. */
export const newShortId = (random: Random) => pick(random, LOWER, 12)

/** Secret of an application or a one-time link: 32 characters `[0-9A-Za-z]`, 190 bits. */
export const newSecret = (random: Random) => pick(random, MIXED, 32)

/** One-time code: decimal digits, leading zeros allowed. */
export const newCode = (random: Random, length: number) => pick(random, '0123456789', length)
