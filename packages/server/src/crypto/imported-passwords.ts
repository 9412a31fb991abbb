import { argon2, createHash, getHashes, pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { sameText } from './keys.ts'

const derive = { argon2: promisify(argon2), pbkdf2: promisify(pbkdf2) }

/** Kinds of hashes that other systems hand over (contract sheet 6.4). */
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

/** Why a hash cannot be taken over. */
export type ImportProblem = 'unsupported' | 'malformed'

/** A `Legacy` hash: what to compute, of what, and what must come out of it. */
interface Recipe {
  algorithm: string
  /** With `@` in the place of the password. */
  parts: string[]
  expected: string
}

/** Attackers choose neither; but a hash that takes a minute to check stops the server. */
const MOST_ROUNDS = 10_000_000
const MOST_MEMORY = 1024 * 1024

const PLAIN = { SHA1: 'sha1', SHA256: 'sha256', MD5: 'md5' } as const
const ARGON = /^\$(argon2(?:id|i|d))\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/-]+)\$([\w+/-]+)$/

function readRecipe(digest: string): Recipe | undefined {
  try {
    const [algorithm, parts, expected, ...more] = JSON.parse(digest) as unknown[]
    const texts = Array.isArray(parts) && parts.every(part => typeof part === 'string')
    if (typeof algorithm !== 'string' || !texts || typeof expected !== 'string' || more.length > 0)
      return undefined
    return parts.includes('@') && expected !== '' ? { algorithm, parts, expected } : undefined
  } catch {
    return undefined // not JSON, or no array
  }
}

/** Salt, rounds, length and digest of pbkdf2. */
function readPbkdf2({ parts }: Recipe) {
  const [salt, rounds, length, digest, ...more] = parts.filter(part => part !== '@')
  const figures = { rounds: Number(rounds), length: Number(length) }
  if (salt === undefined || digest === undefined || more.length > 0) return undefined
  if (!Number.isInteger(figures.rounds) || figures.rounds < 1 || figures.rounds > MOST_ROUNDS)
    return undefined
  if (!Number.isInteger(figures.length) || figures.length < 1 || figures.length > 512) return undefined
  return {
    salt: salt.startsWith('hex:') ? Buffer.from(salt.slice(4), 'hex') : Buffer.from(salt),
    ...figures,
    digest,
  }
}

function recipeProblem(digest: string): ImportProblem | undefined {
  const recipe = readRecipe(digest)
  if (!recipe) return 'malformed'
  if (recipe.algorithm !== 'pbkdf2') return getHashes().includes(recipe.algorithm) ? undefined : 'unsupported'
  const given = readPbkdf2(recipe)
  if (!given) return 'malformed'
  return getHashes().includes(given.digest) ? undefined : 'unsupported'
}

/** What keeps a hash from being taken over; undefined when a password can be compared with it. */
export function importProblem(algorithm: PasswordAlgorithm, digest: string): ImportProblem | undefined {
  if (algorithm === 'Legacy') return recipeProblem(digest)
  // The runtime knows no bcrypt.
  if (algorithm === 'Bcrypt') return 'unsupported'
  if (algorithm === 'SHA1' || algorithm === 'SHA256' || algorithm === 'MD5')
    return digest.length === createHash(PLAIN[algorithm]).digest('hex').length && /^[\da-f]+$/i.test(digest)
      ? undefined
      : 'malformed'
  const [, kind, memory, passes, lanes] = ARGON.exec(digest) ?? []
  if (kind !== algorithm.toLowerCase()) return 'malformed'
  // Less memory than this per lane is no argon2 at all.
  const possible = Number(memory) >= 8 * Number(lanes) && Number(passes) >= 1 && Number(lanes) >= 1
  return possible && Number(memory) <= MOST_MEMORY && Number(passes) <= 1000 ? undefined : 'malformed'
}

async function matchesArgon(password: string, digest: string): Promise<boolean> {
  const [, kind, memory, passes, lanes, salt = '', tag = ''] = ARGON.exec(digest) ?? []
  const expected = Buffer.from(tag, 'base64')
  const computed = await derive.argon2(kind as 'argon2id', {
    message: Buffer.from(password),
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(lanes),
    tagLength: expected.length,
  })
  return sameText(computed.toString('hex'), expected.toString('hex'))
}

async function matchesRecipe(password: string, digest: string): Promise<boolean> {
  const recipe = readRecipe(digest)!
  if (recipe.algorithm !== 'pbkdf2') {
    const text = recipe.parts.map(part => (part === '@' ? password : part)).join('')
    return sameText(createHash(recipe.algorithm).update(text).digest('hex'), recipe.expected.toLowerCase())
  }
  const { salt, rounds, length, digest: name } = readPbkdf2(recipe)!
  const computed = await derive.pbkdf2(password, salt, rounds, length, name)
  return sameText(computed.toString('hex'), recipe.expected.toLowerCase())
}

/** Says whether a password belongs to an imported hash; false for one that cannot be read. */
export async function matchesImported(
  algorithm: PasswordAlgorithm,
  password: string,
  digest: string,
): Promise<boolean> {
  if (importProblem(algorithm, digest)) return false
  if (algorithm === 'Legacy') return matchesRecipe(password, digest)
  if (algorithm === 'SHA1' || algorithm === 'SHA256' || algorithm === 'MD5')
    return sameText(createHash(PLAIN[algorithm]).update(password).digest('hex'), digest.toLowerCase())
  return matchesArgon(password, digest)
}
