import { fileRemedy, rootCauses, StartError, wordsOf } from '../start-error.ts'
import { DatabaseUnavailable } from './unavailable.ts'

const UNTRUSTED =
  'The certificate of the server is not trusted. Add sslrootcert=/path/to/ca.pem to DATABASE_URL (its authority, or the certificate itself where it is self-signed), or sslmode=no-verify to encrypt without asking who answers.'

/** The remedies by the codes of the network, of TLS and of PostgreSQL; three characters stand for all that begin so. */
const REMEDIES: Record<string, string> = {
  ECONNREFUSED: 'Nothing listens there. Start PostgreSQL, or correct host and port in DATABASE_URL.',
  ENOTFOUND: 'There is no host of that name. Correct it in DATABASE_URL.',
  EAI_AGAIN:
    'The name of the host could not be looked up. Look at the network and at the name in DATABASE_URL.',
  ETIMEDOUT: 'Nobody answers there. Correct host and port in DATABASE_URL, or open the firewall.',
  EHOSTUNREACH: 'There is no way to that host. Correct it in DATABASE_URL, or look at the network.',
  ENETUNREACH: 'There is no way to that host. Correct it in DATABASE_URL, or look at the network.',
  ECONNRESET: 'Whoever listens there hangs up. Is it PostgreSQL? Correct host and port in DATABASE_URL.',
  ENOENT: 'DATABASE_URL names a file that is not there, such as sslrootcert or a socket. Correct it.',
  EACCES:
    'DATABASE_URL names a file that this user may not read, such as sslkey or a socket. Give it to that user.',
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_HAS_EXPIRED: 'Give the server a new certificate.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'The certificate is for another host. Name that host in DATABASE_URL, or add sslmode=no-verify to encrypt without asking who answers.',
  '28P01':
    'Correct user name and password in DATABASE_URL; what is special in them is percent-encoded (# as %23, @ as %40).',
  '28000':
    'Correct the user name in DATABASE_URL, or let that user in (pg_hba.conf); where it wants encryption, add sslmode=require.',
  '3D000': 'Make it (create database …), or name another in DATABASE_URL.',
  '3F000':
    'The schema that search_path names is not there. Make it (create schema …), or leave search_path out of DATABASE_URL.',
  '42501':
    'Give that user the right (grant usage, create on schema …), or an own schema, and name it in DATABASE_URL: ?options=-c%20search_path%3D<schema>.',
  '55000':
    'Let it take connections (alter database … with allow_connections true), or name another in DATABASE_URL.',
  '53300': 'Raise max_connections of PostgreSQL, or end what else is connected.',
  '53100': 'The disk of the database is full. Free some space.',
  '25006': 'It is a stand-by. Name the primary in DATABASE_URL.',
  '57P': 'It starts, stops or recovers. Start again when it is up.',
}

const WORDS: readonly [RegExp, string][] = [
  [
    /does not support SSL/,
    'Leave sslmode and ssl out of DATABASE_URL, or switch TLS on in PostgreSQL (ssl = on).',
  ],
  [
    /password must be a string/,
    'It asks for a password and DATABASE_URL has none: postgres://user:password@host/database.',
  ],
  [
    /^corrupted migrations/,
    'The tables were made by a Countersign with other migrations. Start that one or a later one, or put back a backup from before.',
  ],
  [/URI malformed/, REMEDIES['28P01']!],
  [
    /startup parameter: options/,
    'PgBouncer passes no options on. Leave them out of DATABASE_URL and set the path for the user: alter role … set search_path = …',
  ],
  [/timeout|timed out/i, REMEDIES.ETIMEDOUT!],
  [/^Connection terminated/, REMEDIES.ECONNRESET!],
]

/** The same for SQLite, by its primary code. */
const SQLITE: Record<number, string> = {
  5: 'Another process holds the lock of the file. End it; backups are taken with countersign backup, which holds no lock.',
  8: 'This user may not write it. Give folder and file to the user that the server runs as (chown), or name another folder in DATA_DIR.',
  11: 'The file is damaged. Put a backup back, or save what can be read: sqlite3 … .recover.',
  13: 'The disk is full. Free some space.',
  14: 'This user may not open it. Give folder and file to the user that the server runs as (chown), or name another folder in DATA_DIR.',
  26: 'It is no SQLite file, or is damaged. Put a backup back, or name another folder in DATA_DIR.',
}

function remedyFor(error: Error): string | undefined {
  const { code, errcode } = error as Error & { code?: unknown; errcode?: unknown }
  if (typeof errcode === 'number') return SQLITE[errcode & 0xff]
  const known = typeof code === 'string' ? (REMEDIES[code] ?? REMEDIES[code.slice(0, 3)]) : undefined
  return known ?? WORDS.find(([words]) => words.test(error.message))?.[1]
}

/**
 * Why a database cannot be opened, in one line: where it is, what its driver says, and what to do.
 *
 * @param place where it is, without a password
 * @example throw explainOpening(error, placeOf(url, file))
 */
export function explainOpening(error: unknown, place: string): StartError {
  if (error instanceof StartError) return new StartError(`${place}: ${error.message}`, { cause: error })
  const causes = rootCauses(error)
  const remedy = causes
    .map(cause => (place.startsWith('SQLite') ? fileRemedy(cause) : undefined) ?? remedyFor(cause))
    .find(Boolean)
  // It explains itself.
  if (!remedy && causes[0] instanceof DatabaseUnavailable)
    return new StartError(`${place}: ${causes[0].message}`, { cause: error })
  return new StartError(`${place} cannot be opened: ${wordsOf(causes)}.${remedy ? ` ${remedy}` : ''}`, {
    cause: error,
  })
}
