import { argon2, createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { readBcrypt } from './bcrypt.ts'
import { sameText } from './keys.ts'
import { readLegacy } from './legacy-passwords.ts'

const derive = promisify(argon2)

/** Kinds of hashes that other systems hand over, with Logto's names. */
export const PASSWORD_ALGORITHMS = [
  'Argon2i',
  'Argon2id',
  'Argon2d',
  'SHA1',
  'SHA256',
  'MD5',
  'Bcrypt',
  'Legacy',
] as const
export type PasswordAlgorithm = (typeof PASSWORD_ALGORITHMS)[number]

/** Why a hash cannot be taken over: nothing we know, no hash of that kind, or one that takes too long to check. */
export type ImportProblem = 'unsupported' | 'malformed' | 'costly'

/** Says whether a password belongs to the hash that this was read from. */
export type PasswordCheck = (password: string) => Promise<boolean>

const PLAIN = { SHA1: 'sha1', SHA256: 'sha256', MD5: 'md5' } as const
const ARGON = /^\$(argon2(?:id|i|d))\$v=19\$m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,3})\$([\w+/-]+)\$([\w+/-]+)$/

/**
 * What one check may take of memory (KiB) and of memory times passes: a quarter of a gigabyte, and about two
 * seconds. Libsodium's "moderate" setting (256 MiB, 3 passes) fits.
 */
const MOST_ARGON = { memory: 256 * 1024, work: 1024 * 1024 } as const

/**
 * Reads a hash of another system. What comes out compares passwords with it; so nothing can be taken over that
 * could not be compared with, or whose check would keep the server from its other work.
 */
export function readImported(algorithm: PasswordAlgorithm, digest: string): PasswordCheck | ImportProblem {
  switch (algorithm) {
    case 'Legacy':
      return readLegacy(digest)
    case 'Bcrypt':
      return readBcrypt(digest)
    case 'SHA1':
    case 'SHA256':
    case 'MD5':
      return readPlain(PLAIN[algorithm], digest)
    default:
      return readArgon(algorithm.toLowerCase(), digest)
  }
}

function readPlain(algorithm: string, digest: string): PasswordCheck | ImportProblem {
  const compute = (text: string) => createHash(algorithm).update(text).digest('hex')
  if (digest.length !== compute('').length || !/^[\da-f]+$/i.test(digest)) return 'malformed'
  return async password => sameText(compute(password), digest.toLowerCase())
}

function readArgon(algorithm: string, digest: string): PasswordCheck | ImportProblem {
  const [, kind, ...figures] = ARGON.exec(digest) ?? []
  if (kind !== algorithm) return 'malformed'
  const [memory, passes, parallelism] = figures.map(Number) as [number, number, number]
  const nonce = Buffer.from(figures[3]!, 'base64')
  const expected = Buffer.from(figures[4]!, 'base64')
  // RFC 9106: salts of 8 bytes at least, tags of 4, and 8 KiB for each lane.
  const possible = passes >= 1 && parallelism >= 1 && memory >= 8 * parallelism
  if (!possible || nonce.length < 8 || expected.length < 4) return 'malformed'
  if (memory > MOST_ARGON.memory || memory * passes > MOST_ARGON.work) return 'costly'
  const cost = { nonce, memory, passes, parallelism, tagLength: expected.length }
  const isOf = async (text: string) => {
    const computed = await derive(kind as 'argon2id', { message: Buffer.from(text), ...cost })
    return sameText(computed.toString('hex'), expected.toString('hex'))
  }
  return async password => {
    const right = await isOf(password)
    const ours = password.normalize('NFKC')
    // A server of our kind hashes this form (passwords.ts). Computed after a right answer too: the work depends on the
    // given password alone.
    return kind === 'argon2id' && ours !== password ? (await isOf(ours)) || right : right
  }
}
