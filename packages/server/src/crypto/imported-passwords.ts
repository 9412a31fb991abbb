import { argon2, createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { readBcrypt } from './bcrypt.ts'
import { sameText } from './keys.ts'
import { readLegacy } from './legacy-passwords.ts'
import { readDjangoScrypt, translated } from './own-strings.ts'
import type { Ceilings, ImportProblem, PasswordCheck } from './password-check.ts'

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

const PLAIN = { SHA1: 'sha1', SHA256: 'sha256', MD5: 'md5' } as const
const ARGON = /^\$(argon2(?:id|i|d))\$v=19\$m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,3})\$([\w+/-]+)\$([\w+/-]+)$/

/**
 * Of hashes that are taken over: 64 MiB, and about a second at most. RFC 9106's setting for little memory (64 MiB, 3
 * passes), libsodium's "interactive", and many passes over little memory (4 MiB, 256 passes) fit; of bcrypt frameworks
 * choose 10 to 13; of pbkdf2 OWASP asks for 1.4 million rounds at most.
 */
const TO_IMPORT: Ceilings = { memory: 64 * 1024, work: 1024 * 1024, bcrypt: 13, pbkdf2: 1_500_000 }

/** Of hashes that are here already: what was taken over when more was allowed still lets its user in. */
const STORED: Ceilings = { memory: 256 * 1024, work: 1024 * 1024, bcrypt: 14, pbkdf2: 4_000_000 }

/**
 * Reads a hash that another system hands over. What comes out compares passwords with it; so nothing can be taken over
 * that could not be compared with, or whose check would keep the server from its other work.
 */
export const readImported = (algorithm: PasswordAlgorithm, digest: string): PasswordCheck | ImportProblem =>
  read(algorithm, digest, TO_IMPORT)

/** Reads a hash that is stored. `costly`: it would not be taken over today, and must be checked alone. */
export function readStored(
  algorithm: PasswordAlgorithm,
  digest: string,
): { check: PasswordCheck; costly: boolean } | undefined {
  const check = read(algorithm, digest, STORED)
  if (typeof check === 'string') return undefined
  return { check, costly: read(algorithm, digest, TO_IMPORT) === 'costly' }
}

function read(algorithm: PasswordAlgorithm, digest: string, most: Ceilings): PasswordCheck | ImportProblem {
  switch (algorithm) {
    case 'Legacy':
      return readDjangoScrypt(digest) ?? readOwnString(digest, most) ?? readLegacy(digest, most)
    case 'Bcrypt':
      return readBcrypt(digest, most.bcrypt)
    case 'SHA1':
    case 'SHA256':
    case 'MD5':
      return readPlain(PLAIN[algorithm], digest)
    default:
      return readArgon(algorithm.toLowerCase(), digest, most)
  }
}

/** Another system's own string, by what it says in the words of the other algorithms; undefined for any other text. */
function readOwnString(digest: string, most: Ceilings): PasswordCheck | ImportProblem | undefined {
  const own = translated(digest)
  if (!own) return undefined
  const { algorithm, before } = own
  const check = algorithm === 'Legacy' ? readLegacy(own.digest, most) : read(algorithm, own.digest, most)
  return typeof check === 'string' || !before ? check : password => check(before(password))
}

function readPlain(algorithm: string, digest: string): PasswordCheck | ImportProblem {
  const compute = (text: string) => createHash(algorithm).update(text).digest('hex')
  if (digest.length !== compute('').length || !/^[\da-f]+$/i.test(digest)) return 'malformed'
  return async password => sameText(compute(password), digest.toLowerCase())
}

function readArgon(algorithm: string, digest: string, most: Ceilings): PasswordCheck | ImportProblem {
  const [, kind, ...figures] = ARGON.exec(digest) ?? []
  if (kind !== algorithm) return 'malformed'
  const [memory, passes, parallelism] = figures.map(Number) as [number, number, number]
  const nonce = Buffer.from(figures[3]!, 'base64')
  const expected = Buffer.from(figures[4]!, 'base64')
  // RFC 9106: salts of 8 bytes at least, tags of 4, and 8 KiB for each lane.
  const possible = passes >= 1 && parallelism >= 1 && memory >= 8 * parallelism
  if (!possible || nonce.length < 8 || expected.length < 4) return 'malformed'
  if (memory > most.memory || memory * passes > most.work) return 'costly'
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
