import { PASSWORD_ALGORITHMS, type PasswordAlgorithm } from '../crypto/imported-passwords.ts'
import { inTransaction } from '../db/along.ts'
import { againAfterDeadlock, type Database, isUniqueViolation } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import { passwordChange } from './passwords.ts'
import * as store from './store.ts'

/** The members of a user that an import brings; nobody hands the others over. */
export type ImportedUser = Omit<store.StoredUser, 'passwordChangedAt' | 'passwordExpired' | 'sessionEpoch'>

/** The outcome of a write: `meanwhile` somebody else wrote one of the users, or has one of the identifiers. */
export type Written = 'written' | 'meanwhile'

/** A user as they are to be, and as they were seen here; without `seen` one who is not here yet. */
export interface ImportedWrite {
  user: ImportedUser
  seen?: store.StoredUser | undefined
}

/** Ends a transaction: a user is not as they were seen. */
class NotAsSeen extends Error {}

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

/** Nobody said when the password was set, so it counts as old as those of users who were here before dates were kept. */
const PASSWORD_OF_BEFORE = { passwordChangedAt: null }

/** Stores a user who is not here yet, or puts a newer state in the place of just the one that was seen. */
async function writeOne(tx: Database, { user, seen }: ImportedWrite): Promise<void> {
  const { id, createdAt: _, ...change } = { ...user, ...PASSWORD_OF_BEFORE }
  if (!seen)
    await store.insert(tx, { ...user, ...PASSWORD_OF_BEFORE, passwordExpired: false, sessionEpoch: 0 })
  else if (!(await store.replaceSeen(tx, id, change, seen))) throw new NotAsSeen()
}

/**
 * Writes users, all of them or none: together they may take identifiers that others of them have. Whoever signs in
 * meanwhile keeps theirs.
 *
 * @param along writes what must be there exactly when the users are
 */
async function writeImported(
  db: Database,
  writes: readonly ImportedWrite[],
  along?: (tx: Database) => Promise<void>,
): Promise<Written> {
  const work = async (tx: Database) => {
    // No database lets two users have one identifier for a moment. Outside nobody sees that nobody has it.
    if (writes.length > 1)
      for (const { seen } of writes)
        if (seen && !(await store.replaceSeen(tx, seen.id, NO_IDENTIFIERS, seen))) throw new NotAsSeen()
    for (const each of writes) await writeOne(tx, each)
    await along?.(tx)
  }
  try {
    await againAfterDeadlock(() => inTransaction(db, work))
    return 'written'
  } catch (error) {
    // Whichever column it is: id, username, address or number.
    if (error instanceof NotAsSeen || isUniqueViolation(error, 'users')) return 'meanwhile'
    throw error
  }
}

const NO_IDENTIFIERS = { username: null, primaryEmail: null, primaryPhone: null }

/** Writes users as they were in another installation: ids, dates, password hashes and all. */
export function createUserImport(db: Database) {
  return { hashProblem, write: writeImported.bind(null, db) }
}
