import { hash } from 'node:crypto'

type Algorithm = 'sha1' | 'sha256'

/** Of both algorithms, in bytes. */
const BLOCK = 64
const DIGEST = { sha1: 20, sha256: 32 }

/**
 * HMAC (RFC 2104) out of two one-shot hashes: less than half the processor time of `createHmac`, whose objects
 * outweigh the hashing of such short texts. Four of them go into one TC3 signature.
 */
export function hmac(
  algorithm: Algorithm,
  key: string | Buffer,
  text: string,
  encoding: 'hex' | 'base64' = 'hex',
): string {
  const bytes = typeof key === 'string' ? Buffer.from(key) : key
  const short = bytes.length > BLOCK ? hash(algorithm, bytes, 'buffer') : bytes
  const inner = Buffer.allocUnsafe(BLOCK + Buffer.byteLength(text))
  const outer = Buffer.allocUnsafe(BLOCK + DIGEST[algorithm])
  for (let i = 0; i < BLOCK; i++) {
    const byte = i < short.length ? short[i]! : 0
    inner[i] = byte ^ 0x36
    outer[i] = byte ^ 0x5c
  }
  inner.write(text, BLOCK)
  outer.write(hash(algorithm, inner, 'hex'), BLOCK, 'hex')
  return hash(algorithm, outer, encoding)
}
