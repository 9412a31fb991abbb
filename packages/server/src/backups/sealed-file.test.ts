import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openedBytes, sealedBytes } from './sealed-file.ts'

const passphrase = 'five small words of mine'

async function* inParts(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function all(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = []
  for await (const part of parts) found.push(part)
  return Buffer.concat(found)
}

// A low cost: what is tried here is not how long a passphrase resists.
const seal = (bytes: Uint8Array) =>
  all(sealedBytes(inParts(bytes, 50_000), { passphrase, random: randomBytes, cost: 2 }))
const open = (sealed: Uint8Array, words = passphrase) => all(openedBytes(inParts(sealed, 30_001), words))

const HEAD = 53
const CHUNK = 65_536 + 16

describe('a sealed file', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 200_000])('of %d bytes opens as it was', async size => {
    const bytes = randomBytes(size)
    expect((await open(await seal(bytes))).equals(bytes)).toBe(true)
  })

  it('is another one each time, and shows nothing of what is in it', async () => {
    const bytes = Buffer.from('anemone '.repeat(100))
    const [one, another] = [await seal(bytes), await seal(bytes)]
    expect(one.equals(another)).toBe(false)
    expect(one.includes('anemone')).toBe(false)
  })

  it('does not open with other words; those that are composed differently are the same', async () => {
    const sealed = await all(
      sealedBytes(inParts(Buffer.from('x'), 1), {
        passphrase: 'caf\u00e9 au lait',
        random: randomBytes,
        cost: 2,
      }),
    )
    await expect(open(sealed)).rejects.toMatchObject({ problem: 'passphrase' })
    expect((await open(sealed, 'cafe\u0301 au lait')).toString()).toBe('x')
  })

  it('is refused when it was cut anywhere, lengthened, changed, or its chunks change places', async () => {
    const sealed = await seal(randomBytes(3 * 65_536))
    const chunk = (place: number) => sealed.subarray(HEAD + place * CHUNK, HEAD + (place + 1) * CHUNK)
    const changed = Buffer.from(sealed)
    changed[HEAD + CHUNK + 5]! ^= 1
    const wrong = {
      'cut within a chunk': sealed.subarray(0, -1),
      'cut between two': sealed.subarray(0, HEAD + 2 * CHUNK),
      lengthened: Buffer.concat([sealed, Buffer.from('x')]),
      changed,
      'in another order': Buffer.concat([sealed.subarray(0, HEAD), chunk(0), chunk(2), chunk(1)]),
      'without one': Buffer.concat([sealed.subarray(0, HEAD), chunk(0), chunk(2)]),
    }
    for (const [what, bytes] of Object.entries(wrong))
      await expect(open(bytes), what).rejects.toMatchObject({ problem: 'damaged' })
    await expect(open(Buffer.from('-- a dump of something else --'.repeat(4)))).rejects.toMatchObject({
      problem: 'none',
    })
    await expect(open(sealed.subarray(0, 20))).rejects.toMatchObject({ problem: 'none' })
    const greedy = Buffer.from(sealed)
    greedy[20] = 30
    await expect(open(greedy)).rejects.toMatchObject({ problem: 'damaged' })
  })
})
