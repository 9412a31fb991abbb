import { argon2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { sameText } from './keys.ts'

const derive = promisify(argon2)

/** OWASP's minimum for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const

const encode = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

async function hashWith(
  password: string,
  salt: Buffer,
  cost: typeof COST | { memory: number; passes: number; parallelism: number },
) {
  return derive('argon2id', {
    message: Buffer.from(password.normalize('NFKC')),
    nonce: salt,
    tagLength: 32,
    ...cost,
  })
}

/** How our hashes begin, with what they cost now. */
const OURS = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$`

/** True for a hash that costs what ours cost now; one of an older installation may cost something else. */
export const costsAsOurs = (hash: string): boolean => hash.startsWith(OURS)

/**
 * Hashes a password with argon2id into the usual `$argon2id$…` text. For users/passwords.ts alone, which lets only a
 * few run at once.
 */
export async function computeHash(password: string): Promise<string> {
  const salt = randomBytes(16)
  const tag = await hashWith(password, salt, COST)
  return `${OURS}${encode(salt)}$${encode(tag)}`
}

/** A hash of nothing anyone knows: compared with when there is no user, so that the work is the same. */
const DECOY = `${OURS}${encode(randomBytes(16))}$${encode(randomBytes(32))}`

/**
 * Says whether a password belongs to a hash. Null (no such user, or one without password) costs the same time
 * and is never true. For users/passwords.ts alone, as above.
 */
export async function compareHash(password: string, hash: string | null): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(hash ?? DECOY)
  if (!match) return false
  const [, memory, passes, parallelism, salt = '', tag = ''] = match
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const computed = await hashWith(password, Buffer.from(salt, 'base64'), cost)
  return sameText(encode(computed), tag) && hash !== null
}
