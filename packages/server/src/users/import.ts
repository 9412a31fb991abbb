import { PASSWORD_ALGORITHMS, type PasswordAlgorithm } from '../crypto/imported-passwords.ts'
import { againAfterDeadlock, type Database, isUniqueViolation } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import { passwordChange } from './passwords.ts'
import * as store from './store.ts'

/** The members of a user that an import brings; nobody hands the others over. */
export type ImportedUser = Omit<store.StoredUser, 'passwordChangedAt' | 'passwordExpired' | 'sessionEpoch'>

/** The outcome of a write: `meanwhile` somebody else wrote this user, or has one of the identifiers. */
export type Written = 'written' | 'meanwhile'

async function unlessTaken(write: () => Promise<boolean>): Promise<Written> {
  try {
    return (await againAfterDeadlock(write)) ? 'written' : 'meanwhile'
  } catch (error) {
    // Whichever column it is: id, username, address or number.
    if (isUniqueViolation(error, 'users')) return 'meanwhile'
    throw error
  }
}

/** Why a password could not be compared with a hash; undefined when it could. */
async function hashProblem(algorithm: string, digest: string): Promise<string | undefined> {
  if (!(PASSWORD_ALGORITHMS as readonly string[]).includes(algorithm))
    return 'made with an algorithm that is not known here'
  try {
    const passwordAlgorithm = algorithm as PasswordAlgorithm
    await passwordChange({ passwordDigest: digest, passwordAlgorithm }, 0)
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.code === 'password.unsupported_legacy_hash_algorithm'
      ? 'made with an algorithm that is not known here'
      : 'malformed, or too costly to check'
  }
}

/** Stores a user who is not here yet. */
const insertImported = (db: Database, user: ImportedUser): Promise<Written> =>
  unlessTaken(async () => {
    // When the password was set, nobody said; its age counts as that of users of before.
    await store.insert(db, { ...user, passwordChangedAt: null, passwordExpired: false, sessionEpoch: 0 })
    return true
  })

/** Puts a newer state in the place of just the one that was seen; whoever signs in meanwhile keeps theirs. */
const replaceImported = (
  db: Database,
  { id, createdAt: _, ...change }: ImportedUser,
  seen: store.StoredUser,
): Promise<Written> =>
  unlessTaken(() => store.replaceSeen(db, id, { ...change, passwordChangedAt: null }, seen))

/** Writes users as they were in another installation: ids, dates, password hashes and all. */
export function createUserImport(db: Database) {
  return {
    hashProblem,
    insert: insertImported.bind(null, db),
    replace: replaceImported.bind(null, db),
  }
}
