import { ApiError, canonical } from '@countersign/server/move-in'
import { type Action, isWritten, type Move, type Note, type Outcome } from './outcome.ts'
import { sentenceOf } from './reading.ts'

/** An object as it is here and as it is in the source, each as plain data of the same form. */
export interface Pair {
  /** Name of the kind in the record of imports. */
  kind: string
  id: string
  /** Undefined when there is none here. */
  seen: unknown
  wanted: unknown
  /** As installations begin with it: nobody here has chosen it. */
  unchosen?: boolean
  /** Keeps what was changed here even with `--overwrite`. */
  lasting?: boolean
}

const DELETED: Note = {
  text: 'was deleted here since it was imported',
  remedy: '--overwrite brings it back.',
}
const CHANGED: Note = { text: 'was changed here since it was imported', remedy: '--overwrite takes it over.' }
const OTHER: Note = {
  text: 'is here already and differs',
  remedy: '--overwrite puts the one of the source in its place.',
}

/**
 * Decides what becomes of an object. What was made, changed or deleted here stays so, unless `--overwrite` is given;
 * what nobody touched here since it was imported follows the source.
 */
export async function decide(
  { here, overwrite }: Move,
  { kind, id, seen, wanted, unchosen = false, lasting = false }: Pair,
): Promise<{ action: Action; reason?: Note }> {
  if (seen !== undefined && canonical(seen) === canonical(wanted)) return { action: 'same' }
  const since = await here.imports.since(kind, id, seen)
  if (seen === undefined)
    return since === 'never-imported' || overwrite
      ? { action: 'create' }
      : { action: 'kept', reason: DELETED }
  if (since === 'never-imported' && unchosen) return { action: 'create' }
  if (since === 'untouched' || (overwrite && !lasting)) return { action: 'update' }
  return { action: 'kept', reason: since === 'changed' ? CHANGED : OTHER }
}

/**
 * Carries out what was decided, unless it is a trial: writes the object, then remembers in which state. When the
 * second is lost the next run finds the same object and remembers it then. A refusal of the server's own rules makes
 * the outcome a failure.
 */
export async function carryOut(
  move: Move,
  pair: Pair,
  outcome: Outcome,
  write: () => Promise<unknown>,
): Promise<void> {
  if (move.trial) return
  if (outcome.action === 'same') await rememberSame(move, pair)
  if (!isWritten(outcome)) return
  try {
    await write()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    Object.assign(outcome, { action: 'failed', reason: { text: `refused: ${sentenceOf(error)}` } })
    return
  }
  await move.here.imports.record(pair.kind, pair.id, pair.wanted)
}

/** Remembers the state of an object that was found to be the same, where that is not known yet. */
export async function rememberSame({ here }: Move, { kind, id, wanted }: Pair): Promise<void> {
  if ((await here.imports.since(kind, id, wanted)) !== 'untouched')
    await here.imports.record(kind, id, wanted)
}
