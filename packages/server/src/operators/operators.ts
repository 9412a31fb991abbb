import type { Audit } from '../audit/audit.ts'
import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import * as links from './links.ts'
import { purge } from './lockout.ts'
import type { Operator, OperatorsRoom } from './room.ts'
import * as sessions from './sessions.ts'
import * as store from './store.ts'

export { MOST_OPERATORS, type OneTimeLink } from './links.ts'
export type { Place } from './lockout.ts'
export type { Operator } from './room.ts'
export { MOST_SESSIONS, OPERATOR_SESSION, type SignedIn } from './sessions.ts'

/** One of a list. */
export interface ListedOperator extends Operator {
  /** `invited`: has yet to set a password by a link. */
  state: 'active' | 'invited'
  createdAt: number
  lastSignInAt: number | null
  /** The moment when the open link ends; null without one. */
  linkEndsAt: number | null
}

/**
 * All operators, in the order in which they came.
 *
 * @example await listOperators(room)
 */
export async function listOperators({ db, world }: OperatorsRoom): Promise<ListedOperator[]> {
  const now = world.now()
  return (await store.list(db)).map(row => ({
    id: row.id,
    name: row.name,
    state: row.password_hash === '' ? 'invited' : 'active',
    createdAt: row.created_at,
    lastSignInAt: row.last_sign_in_at,
    linkEndsAt: row.link_expires_at !== null && row.link_expires_at > now ? row.link_expires_at : null,
  }))
}

/**
 * Removes another operator.
 *
 * @throws ApiError `operator.not_yourself`, `entity.not_found`
 * @example await removeOperator(room, id, by)
 */
export async function removeOperator({ db, audit }: OperatorsRoom, id: string, by: string): Promise<void> {
  if (id === by) throw new ApiError('operator.not_yourself')
  const operator = await store.byId(db, id)
  if (operator) audit.note({ operator: { id, name: operator.name } })
  if (!operator || !(await store.remove(db, id, by))) throw new ApiError('entity.not_found')
}

/** The people who run this installation, each use case in its room. */
export function createOperators(
  db: Database,
  keys: Keys,
  audit: Pick<Audit, 'record' | 'note'>,
  world: World,
) {
  const room: OperatorsRoom = { db, keys, world, audit }
  return {
    any: store.any.bind(null, db),
    firstLink: links.firstLink.bind(null, room),
    createFirst: links.createFirst.bind(null, room),
    signIn: sessions.signIn.bind(null, room),
    bySession: sessions.operatorOfSession.bind(null, room),
    signOut: sessions.signOut.bind(null, room),
    list: listOperators.bind(null, room),
    add: links.addOperator.bind(null, room),
    addByCommand: links.addByCommand.bind(null, room),
    remove: removeOperator.bind(null, room),
    relink: links.relink.bind(null, room),
    reset: links.resetOperator.bind(null, room),
    ofLink: links.operatorOfLink.bind(null, room),
    acceptLink: links.acceptLink.bind(null, room),
    changePassword: sessions.changePassword.bind(null, room),
    purge: purge.bind(null, room),
  }
}

export type Operators = ReturnType<typeof createOperators>
