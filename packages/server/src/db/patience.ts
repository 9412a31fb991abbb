import { AsyncLocalStorage } from 'node:async_hooks'

/** Whoever asks the database, and how long that one can wait. */
export interface Request {
  /** On the clock that nobody sets. */
  began: number
  /** The database has let it down already. */
  inVain: boolean
}

const askers = new AsyncLocalStorage<Request | 'patient'>()

/** Milliseconds that a statement waits for a connection, or for its turn. */
const FOR_CONNECTION = 1_250

/** Milliseconds that a statement may run. Both together, and what follows, stay below the five seconds of a request. */
export const FOR_STATEMENT = 3_250

/** The milliseconds that a request gets for both when the database does not answer and it has waited already. */
const LAST_CHANCE = 200

/** A request of this age has waited already. */
const OLD = 1_500

/** For work that nobody waits for: long enough for any table, short enough not to hang for ever. */
const PATIENT = 60 * 60_000

/**
 * Runs what a request brings: it waits for the database only so long that its caller hears within five seconds.
 *
 * @example duringRequest(() => answer(request))
 */
export const duringRequest = <T>(work: () => T): T =>
  askers.run({ began: performance.now(), inVain: false }, work)

/**
 * Runs work that may take long and that no caller waits for: migrations, imports, cleaning up.
 *
 * @example await patiently(() => purge())
 */
export const patiently = <T>(work: () => T): T => askers.run('patient', work)

/** Runs work that several requests share: it is no request's own, and has the patience of none of them. */
export const outsideRequests = <T>(work: () => T): T => askers.exit(work)

/** The request that the running code works for, if any. */
export function currentRequest(): Request | undefined {
  const asker = askers.getStore()
  return asker === 'patient' ? undefined : asker
}

export const isPatient = (): boolean => askers.getStore() === 'patient'

/**
 * Milliseconds that the next thing may take.
 *
 * @param suspect the database has not answered the last time that somebody waited
 * @param patient whoever asks
 * @example const { connection, statement } = bounds(false)
 */
export function bounds(suspect: boolean, patient = false): { connection: number; statement: number } {
  const asker = patient ? 'patient' : askers.getStore()
  if (asker === 'patient') return { connection: PATIENT, statement: PATIENT }
  const waited = asker && (asker.inVain || (suspect && performance.now() - asker.began > OLD))
  return waited
    ? { connection: LAST_CHANCE, statement: LAST_CHANCE }
    : { connection: FOR_CONNECTION, statement: FOR_STATEMENT }
}

/** Notes that the database has let the current request wait in vain. */
export function waitedInVain(): void {
  const asker = askers.getStore()
  if (asker && asker !== 'patient') asker.inVain = true
}
