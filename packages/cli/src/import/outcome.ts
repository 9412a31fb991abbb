import type { Connector } from '@countersign/kit'
import type { MoveIn } from '@countersign/server/move-in'
import type { Source } from './source.ts'

/** What can be moved, in the order in which it is: what others need comes first. */
export const KINDS = [
  'connectors',
  'templates',
  'phrases',
  'resources',
  'applications',
  'experience',
  'users',
] as const
export type KindName = (typeof KINDS)[number]

/**
 * What becomes of an object: made; brought up to date; there already and the same; left as it is here; outside what
 * Countersign does; or not possible.
 */
export const ACTIONS = ['create', 'update', 'same', 'kept', 'skipped', 'failed'] as const
export type Action = (typeof ACTIONS)[number]

/** Why something was not done, and what helps. Holds neither secrets nor whole numbers or addresses. */
export interface Note {
  text: string
  /** What is particular of one object, such as whom it meets. */
  detail?: string
  remedy?: string
  /** Something that users will miss, and that an operator must know of. */
  lost?: true
}

/** One object of the source, and what becomes of it. */
export interface Outcome {
  id: string
  /** For people, beside the id. */
  label?: string
  action: Action
  /** Why it is kept, skipped or failed. */
  reason?: Note
  /** What of an object does not come with it. */
  without?: Note[]
}

/** True when the object is written. */
export const isWritten = ({ action }: Pick<Outcome, 'action'>): boolean =>
  action === 'create' || action === 'update'

/**
 * True when the object is here as it is in the source. What did not come with it is told then, at every run: a second
 * run that says that all is well would hide what the first has said.
 */
export const isLikeThere = (outcome: Pick<Outcome, 'action'>): boolean =>
  isWritten(outcome) || outcome.action === 'same'

/** Everything that the kinds need. */
export interface Move {
  source: Source
  here: MoveIn
  /** Name of the source's own Management API. */
  resource: string
  /** Nothing is written. */
  trial: boolean
  /** The source wins where something was changed or deleted here. */
  overwrite: boolean
  /** How things will be here, as far as they were decided: the same in a trial as in earnest. */
  ahead: Ahead
}

/** What later kinds ask of earlier ones. */
export interface Ahead {
  /** The connector of each channel that has one. */
  connectors: { sms?: Connector; email?: Connector }
  /** Languages with texts of the operator's own. */
  languages: string[]
  /** Usernames that differ by case alone are two. */
  caseSensitive: boolean
}

/** Moves one kind: yields what becomes of each object, once that has been done. */
export type Mover = (move: Move) => AsyncIterable<Outcome>
