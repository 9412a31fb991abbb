/** How an attempt to send ended. */
export interface EndedAttempt {
  /** Undefined for settings that are tried before they are saved. */
  connectionId: string | undefined
  connector: string
  outcome: 'accepted' | 'failed' | 'unconfirmed'
  /** The class of the failure, of the closed list in `kit`; undefined where there was none. */
  failure: string | undefined
  /** Milliseconds from the moment at which the attempt began. */
  took: number
}

/** The first final receipt of an attempt. */
export interface ReceivedReceipt {
  connectionId: string | undefined
  connector: string
  receipt: 'delivered' | 'undelivered'
  /** Milliseconds from the moment at which the attempt began. */
  took: number
}

/** A request that was answered, or whose client has gone. */
export interface AnsweredRequest {
  listener: 'public' | 'console'
  method: string
  /** Its address, as it came. */
  url: string
  status: number
  /** Milliseconds. */
  took: number
}

/** A statement that the database has answered. */
export interface RunStatement {
  kind: 'select' | 'insert' | 'update' | 'delete' | 'other'
  failed: boolean
  /** Milliseconds, those for its turn included on SQLite. */
  took: number
}

/**
 * What the server tells of its work while it is measured. Nothing of it fails, waits or asks the database. What is told may
 * name nobody: whoever measures keeps only what is of a closed list, or what operators have made.
 */
export interface Meter {
  attempt(ended: EndedAttempt): void
  /** A message that did not leave, and why, of the ledger's closed lists. */
  unsent(message: { channel: string; state: string; reason: string }): void
  receipt(received: ReceivedReceipt): void
  /** A code that was typed: `right`, or the public code of its refusal. */
  code(result: string): void
  /** An interaction that has ended in a session, or in a new password. */
  finished(event: 'SignIn' | 'Register' | 'ForgotPassword'): void
  request(answered: AnsweredRequest): void
  statement(run: RunStatement): void
  /** Milliseconds for which somebody waited for a connection to PostgreSQL. */
  connected(took: number): void
  /** A line of the log. */
  logged(level: 'info' | 'warn' | 'error'): void
}
