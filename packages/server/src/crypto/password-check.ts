/** Why a hash cannot be taken over: nothing we know, no hash of that kind, or one that takes too long to check. */
export type ImportProblem = 'unsupported' | 'malformed' | 'costly'

/** Says whether a password belongs to the hash that this was read from. */
export type PasswordCheck = (password: string) => Promise<boolean>

/** What one check of a hash may cost. */
export interface Ceilings {
  /** Argon2: KiB of memory, and memory times passes. */
  memory: number
  work: number
  /** Bcrypt: rounds as a power of two. */
  bcrypt: number
  /** Pbkdf2: rounds times blocks of output. */
  pbkdf2: number
}
