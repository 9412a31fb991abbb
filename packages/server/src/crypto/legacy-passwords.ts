import { createCipheriv, createHash, getHashes, pbkdf2, type ScryptOptions, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { sameText } from './keys.ts'
import type { Ceilings, ImportProblem, PasswordCheck } from './password-check.ts'

const derive = {
  pbkdf2: promisify(pbkdf2),
  scrypt: promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt),
}

/** A `Legacy` hash of Logto's: what to compute, of what, and what must come out of it. */
interface Recipe {
  algorithm: string
  /** With `@` in the place of the password. */
  parts: string[]
  expected: string
}

/** What Firebase itself takes (its reference of user import: rounds up to 8, memory cost up to 14, so 16 MiB). */
const MOST_FIREBASE = { rounds: 8, memoryCost: 14 } as const

const HEX = /^(?:[\da-f]{2})+$/i
const BASE64 = /^[\w+/-]+={0,2}$/

/** Reads a `Legacy` hash: JSON text of algorithm, arguments and the expected result. */
export function readLegacy(digest: string, most: Ceilings): PasswordCheck | ImportProblem {
  const recipe = readRecipe(digest)
  if (!recipe) return 'malformed'
  if (recipe.algorithm === 'pbkdf2') return readPbkdf2(recipe, most.pbkdf2)
  if (recipe.algorithm === 'firebase-scrypt') return readFirebase(recipe)
  return readDigest(recipe)
}

function readRecipe(digest: string): Recipe | undefined {
  try {
    const [algorithm, parts, expected, ...more] = JSON.parse(digest) as unknown[]
    const texts = Array.isArray(parts) && parts.every(part => typeof part === 'string')
    if (typeof algorithm !== 'string' || !texts || typeof expected !== 'string' || more.length > 0)
      return undefined
    return parts.includes('@') ? { algorithm, parts, expected } : undefined
  } catch {
    return undefined // not JSON, or no array
  }
}

const lengthOf = (algorithm: string) => createHash(algorithm).digest().length

function readDigest({ algorithm, parts, expected }: Recipe): PasswordCheck | ImportProblem {
  if (!getHashes().includes(algorithm)) return 'unsupported'
  if (!HEX.test(expected) || expected.length !== 2 * lengthOf(algorithm)) return 'malformed'
  return async password => {
    const text = parts.map(part => (part === '@' ? password : part)).join('')
    return sameText(createHash(algorithm).update(text).digest('hex'), expected.toLowerCase())
  }
}

/** A whole number between 1 and `most`, as text; NaN for anything else. */
const figure = (text = '', most: number) => (/^\d{1,9}$/.test(text) ? boundedFigure(Number(text), most) : NaN)
const boundedFigure = (value: number, most: number) => (value >= 1 && value <= most ? value : NaN)

/** Salt (text, or bytes as `hex:…`), rounds, length in bytes and digest. */
function readPbkdf2({ parts, expected }: Recipe, mostRounds: number): PasswordCheck | ImportProblem {
  const [salt, rounds, length, digest, ...more] = parts.filter(part => part !== '@')
  if (salt === undefined || digest === undefined || more.length > 0) return 'malformed'
  if (!getHashes().includes(digest)) return 'unsupported'
  const bytes = figure(length, 512)
  const times = figure(rounds, 999_999_999)
  if (!bytes || !times || !HEX.test(expected) || expected.length !== 2 * bytes) return 'malformed'
  if (times * Math.ceil(bytes / lengthOf(digest)) > mostRounds) return 'costly'
  const hex = salt.startsWith('hex:') ? salt.slice(4) : undefined
  if (hex && !HEX.test(hex)) return 'malformed'
  const seed = hex === undefined ? Buffer.from(salt) : Buffer.from(hex, 'hex')
  return async password =>
    sameText(
      (await derive.pbkdf2(password, seed, times, bytes, digest)).toString('hex'),
      expected.toLowerCase(),
    )
}

/**
 * Firebase's variant of scrypt (github.com/firebase/scrypt): scrypt makes a key of the password, and the project's
 * signer key enciphered with it is the hash. Arguments: signer key, salt separator, rounds, memory cost (the
 * project's parameters), salt (the user's); keys, salts and hash in base64 as Firebase exports them, the hash also in
 * hexadecimal digits.
 */
function readFirebase({ parts, expected }: Recipe): PasswordCheck | ImportProblem {
  const given = parts.filter(part => part !== '@')
  const [signerKey = '', separator = '', rounds, memoryCost, salt = ''] = given
  if (given.length !== 5 || ![signerKey, salt].every(text => BASE64.test(text))) return 'malformed'
  if (separator !== '' && !BASE64.test(separator)) return 'malformed'
  const [r, exponent] = [figure(rounds, 999), figure(memoryCost, 999)]
  if (!r || !exponent) return 'malformed'
  if (r > MOST_FIREBASE.rounds || exponent > MOST_FIREBASE.memoryCost) return 'costly'
  const secret = Buffer.from(signerKey, 'base64')
  const isHex = HEX.test(expected) && expected.length === 2 * secret.length
  const hash = Buffer.from(expected, isHex ? 'hex' : 'base64')
  if (!(isHex || BASE64.test(expected)) || hash.length !== secret.length) return 'malformed'
  const seed = Buffer.concat([Buffer.from(salt, 'base64'), Buffer.from(separator, 'base64')])
  const cost = { N: 2 ** exponent, r, p: 1, maxmem: 256 * 2 ** exponent * r }
  return async password => {
    const key = await derive.scrypt(password, seed, 32, cost)
    const computed = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(secret)
    return sameText(computed.toString('hex'), hash.toString('hex'))
  }
}
