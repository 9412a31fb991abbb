import { compare } from 'bcryptjs'
import type { ImportProblem, PasswordCheck } from './imported-passwords.ts'

/** 2a, 2b and PHP's 2y mean the same for every password; 2x marks hashes of a library that was wrong. */
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z\d]{53}$/

/**
 * Rounds as a power of two. Each step doubles the time, and 14 takes more than a second; what frameworks choose is
 * 10 to 13.
 */
const LEAST_COST = 4
const MOST_COST = 14

/** Bcrypt looks at no more bytes of a password. */
const SEEN_BYTES = 72

/** False when bcrypt sees the beginning of a password alone: then a right answer says nothing about the rest. */
export const seesWhole = (password: string): boolean => Buffer.byteLength(password) <= SEEN_BYTES

/**
 * The comparison computes on the main thread, in pieces. One at a time: pieces of several would follow each other
 * without a pause for anything else.
 */
let last: Promise<unknown> = Promise.resolve()

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work)
  last = mine.catch(() => undefined)
  return mine
}

/** Reads a bcrypt hash, `$2b$` with cost, salt and tag. */
export function readBcrypt(digest: string): PasswordCheck | ImportProblem {
  const [, cost] = BCRYPT.exec(digest) ?? []
  if (cost === undefined || Number(cost) < LEAST_COST) return 'malformed'
  if (Number(cost) > MOST_COST) return 'costly'
  return password => inTurn(() => compare(password, digest))
}
