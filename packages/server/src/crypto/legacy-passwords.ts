import { createCipheriv, createHash, pbkdf2, pbkdf2Sync, type ScryptOptions, scrypt } from 'node:crypto'
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
  if (/^pbkdf2(?:sync)?$/i.test(recipe.algorithm)) return readPbkdf2(recipe, most.pbkdf2)
  if (recipe.algorithm === 'firebase-scrypt') return readFirebase(recipe)
  return readDigest(recipe)
}

function readRecipe(digest: string): Recipe | undefined {
  try {
    const [algorithm, given, expected, ...more] = JSON.parse(digest) as unknown[]
    if (typeof algorithm !== 'string' || !Array.isArray(given)) return undefined
    if (typeof expected !== 'string' || more.length > 0) return undefined
    const parts = given.map(part => (Number.isSafeInteger(part) ? String(part) : part))
    const isWhole = parts.every(part => typeof part === 'string') && parts.includes('@')
    return isWhole ? { algorithm, parts, expected } : undefined
  } catch {
    return undefined // not JSON, or no array
  }
}

/** How many bytes a digest has, by any name that OpenSSL has for it (`SHA256`, `sha2-256`); undefined for an unknown one. */
function lengthOf(algorithm: string): number | undefined {
  try {
    return createHash(algorithm).digest().length
  } catch {
    return undefined
  }
}

/** Bytes in hexadecimal digits or base64, of which there must be so many; undefined for anything else. */
function bytesOf(text: string, length: number): Buffer | undefined {
  if (HEX.test(text) && text.length === 2 * length) return Buffer.from(text, 'hex')
  const bytes = BASE64.test(text) ? Buffer.from(text, 'base64') : undefined
  return bytes?.length === length ? bytes : undefined
}

const isSame = (computed: Buffer, expected: Buffer) =>
  sameText(computed.toString('hex'), expected.toString('hex'))

function readDigest({ algorithm, parts, expected }: Recipe): PasswordCheck | ImportProblem {
  const length = lengthOf(algorithm)
  if (length === undefined) return 'unsupported'
  const hash = bytesOf(expected, length)
  if (!hash) return 'malformed'
  return async password => {
    const text = parts.map(part => (part === '@' ? password : part)).join('')
    return isSame(createHash(algorithm).update(text).digest(), hash)
  }
}

/** True for digests that pbkdf2 takes: not for those of variable length. */
function servesPbkdf2(digest: string): boolean {
  try {
    return pbkdf2Sync('', '', 1, 1, digest).length === 1
  } catch {
    return false
  }
}

/** A whole number between 1 and `most`, as text; NaN for anything else. */
const figure = (text = '', most: number) => (/^\d{1,9}$/.test(text) ? boundedFigure(Number(text), most) : NaN)
const boundedFigure = (value: number, most: number) => (value >= 1 && value <= most ? value : NaN)

/** Salt (text, or bytes as `hex:…`), rounds, length in bytes and digest. */
function readPbkdf2({ parts, expected }: Recipe, mostRounds: number): PasswordCheck | ImportProblem {
  const [salt, rounds, length, digest, ...more] = parts.filter(part => part !== '@')
  if (salt === undefined || digest === undefined || more.length > 0) return 'malformed'
  const block = lengthOf(digest)
  if (block === undefined || !servesPbkdf2(digest)) return 'unsupported'
  const bytes = figure(length, 512)
  const times = figure(rounds, 999_999_999)
  const hash = bytes ? bytesOf(expected, bytes) : undefined
  if (!times || !hash) return 'malformed'
  if (times * Math.ceil(bytes / block) > mostRounds) return 'costly'
  const hex = salt.startsWith('hex:') ? salt.slice(4) : undefined
  if (hex && !HEX.test(hex)) return 'malformed'
  const seed = hex === undefined ? Buffer.from(salt) : Buffer.from(hex, 'hex')
  return async password => isSame(await derive.pbkdf2(password, seed, times, bytes, digest), hash)
}

/**
 * Firebase's variant of scrypt (github.com/firebase/scrypt): scrypt makes a key of the password, and the project's
 * signer key enciphered with it is the hash. Arguments in Logto's order: salt (the user's), signer key, salt separator,
 * rounds, memory cost (the project's parameters); or with the salt as the last of the five. Keys, salts and hash in
 * base64 as Firebase exports them, the hash also in hexadecimal digits.
 */
function readFirebase({ parts, expected }: Recipe): PasswordCheck | ImportProblem {
  const given = parts.filter(part => part !== '@')
  const [salt = '', ...project] = given
  const read = readFirebaseOf(project, salt, expected)
  return read === 'malformed' ? readFirebaseOf(given.slice(0, -1), given.at(-1) ?? '', expected) : read
}

function readFirebaseOf(project: string[], salt: string, expected: string): PasswordCheck | ImportProblem {
  const [signerKey = '', separator = '', rounds, memoryCost] = project
  if (project.length !== 4 || ![signerKey, salt].every(text => BASE64.test(text))) return 'malformed'
  if (separator !== '' && !BASE64.test(separator)) return 'malformed'
  const [r, exponent] = [figure(rounds, 999), figure(memoryCost, 999)]
  if (!r || !exponent) return 'malformed'
  if (r > MOST_FIREBASE.rounds || exponent > MOST_FIREBASE.memoryCost) return 'costly'
  const secret = Buffer.from(signerKey, 'base64')
  const hash = bytesOf(expected, secret.length)
  if (!hash) return 'malformed'
  const seed = Buffer.concat([Buffer.from(salt, 'base64'), Buffer.from(separator, 'base64')])
  const cost = { N: 2 ** exponent, r, p: 1, maxmem: 256 * 2 ** exponent * r }
  return async password => {
    const key = await derive.scrypt(password, seed, 32, cost)
    const computed = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(secret)
    return isSame(computed, hash)
  }
}
