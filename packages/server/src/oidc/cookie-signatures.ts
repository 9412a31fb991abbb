import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'

/** Bytes of an HMAC-SHA-1, in base64url without padding. */
const LENGTH = 27

/**
 * Signs cookies and checks their signatures. The signatures are those of the package `keygrip`, which the `cookies`
 * package would use with bare keys, so cookies that browsers already hold stay valid. That package makes each key anew
 * for every signature, and three HMACs and a random key for every comparison.
 *
 * Example: `new CookieSignatures(['new key', 'old key'])` signs with the new key and accepts both.
 */
export class CookieSignatures {
  readonly #keys: KeyObject[]
  /** What names of cookies begin with that no other host shall set: see `hostPrefix`. */
  readonly prefix: string

  /** @param keys the first one signs, all of them verify */
  constructor(keys: readonly string[], prefix = '') {
    this.prefix = prefix
    if (keys.length === 0) throw new Error('Cookies cannot be signed without a key')
    this.#keys = keys.map(key => createSecretKey(Buffer.from(key)))
  }

  sign(data: string): string {
    return macOf(this.#keys[0]!, data).toString('base64url')
  }

  /** The place of the key that made a signature; -1 when none of them did. */
  index(data: string, signature: string): number {
    const given = Buffer.from(signature, 'base64url')
    // Only one text stands for these bytes, as for everything that is signed.
    if (signature.length !== LENGTH || given.toString('base64url') !== signature) return -1
    return this.#keys.findIndex(key => timingSafeEqual(macOf(key, data), given))
  }

  verify(data: string, signature: string): boolean {
    return this.index(data, signature) >= 0
  }
}

const macOf = (key: KeyObject, data: string) => createHmac('sha1', key).update(data).digest()
