/** The reasons why the database does nothing for us now, and what an operator does about each. */
const REASONS = {
  lost: 'The connection to the database was lost or could not be made. Is it running, and does DATABASE_URL name it?',
  silent:
    'The database did not answer in time. Is it frozen, overloaded, or cut off from this server, or does somebody hold a lock?',
  exhausted: 'No connection to the database became free in time. Is it slower than usual?',
  busy: 'Another process holds the lock of the SQLite file. Which one has it open? Backups are taken with `countersign backup`, which holds no lock.',
  full: 'The disk of the database is full. Free some space; what is stored so far is whole.',
  'read-only': 'The database takes no writes. Are its file and folder ours to write, and is it no stand-by?',
  disk: 'The disk of the database fails. Look at the log of the machine.',
  changed:
    'A newer server has changed the tables just now. Nothing is to be done: the next request knows them.',
} as const

export type UnavailableReason = keyof typeof REASONS

/** Seconds after which it is worth trying again: restarts and fail-overs take some, disks and locks longer. */
const RETRY_AFTER: Record<UnavailableReason, number> = {
  lost: 2,
  silent: 5,
  exhausted: 2,
  busy: 2,
  full: 30,
  'read-only': 30,
  disk: 30,
  changed: 1,
}

/**
 * The database cannot do what was asked of it, through no fault of the asker: nothing is wrong with the request, and
 * the same one may succeed in a moment. `http/errors.ts` makes a 503 of it.
 */
export class DatabaseUnavailable extends Error {
  override name = 'DatabaseUnavailable'
  readonly reason: UnavailableReason
  /** Seconds. */
  readonly retryAfter: number
  /** The status that Koa answers with, in which the OpenID Connect provider runs. */
  readonly status = 503
  readonly headers: Record<string, string>
  /** The database's own code, where it said one. */
  readonly code: unknown

  constructor(reason: UnavailableReason, cause?: unknown) {
    const { message, code } = (cause ?? {}) as { message?: string; code?: unknown }
    super(message ? `${REASONS[reason]} (${message})` : REASONS[reason], { cause })
    this.reason = reason
    this.retryAfter = RETRY_AFTER[reason]
    this.headers = { 'Retry-After': String(this.retryAfter) }
    this.code = code
  }
}

/** The reasons behind PostgreSQL's SQLSTATE; two characters stand for the whole class. */
const STATES: Record<string, UnavailableReason> = {
  '08': 'lost',
  // It shuts down, has crashed, starts up, or somebody ended our session.
  '57P': 'lost',
  // It gave up a transaction of ours that stood still.
  '25P03': 'lost',
  '25006': 'read-only',
  '53': 'exhausted',
  '53100': 'full',
  // Only our own bound ends statements.
  '57014': 'silent',
  '55P03': 'silent',
  '58030': 'disk',
}

const stateOf = (code: string): UnavailableReason | undefined =>
  STATES[code] ?? STATES[code.slice(0, 3)] ?? STATES[code.slice(0, 2)]

/** The reasons behind SQLite's primary codes. */
const SQLITE: Record<number, UnavailableReason> = {
  5: 'busy',
  6: 'busy',
  8: 'read-only',
  10: 'disk',
  13: 'full',
  14: 'disk',
  15: 'busy',
}

/** The socket's own errors have no code of PostgreSQL, and what `pg` says itself has none at all. */
const LOST = /^(?:Connection terminated|Client (?:has encountered|was closed))/

/**
 * Reads an error of the database: one that is no complaint about the statement becomes `DatabaseUnavailable`, any other
 * stays itself.
 *
 * @example throw readDatabaseError(error)
 */
export function readDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseUnavailable) return error
  const { code, errcode, syscall, severity } = error as Error & Record<string, unknown>
  let reason: UnavailableReason | undefined
  if (typeof errcode === 'number') reason = SQLITE[errcode & 0xff]
  else if (typeof severity === 'string') reason = typeof code === 'string' ? stateOf(code) : undefined
  else if (code === 'ENOSPC') reason = 'full'
  else if (typeof syscall === 'string' || LOST.test(error.message)) reason = 'lost'
  return reason ? new DatabaseUnavailable(reason, error) : error
}
