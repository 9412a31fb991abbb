import type { Audit } from '../audit/audit.ts'
import { type Keys, mac } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import type { World } from '../world.ts'

/** The room that every use case of operators takes first. */
export interface OperatorsRoom {
  db: Database
  keys: Keys
  world: World
  audit: Pick<Audit, 'record' | 'note'>
}

/** An operator as the console shows one. */
export interface Operator {
  id: string
  name: string
}

/**
 * The hash under which a token is stored; knowing the database is not knowing the token.
 *
 * @example const row = await store.bySession(db, tokenHash(room, 'session', token), now)
 */
export const tokenHash = ({ keys }: OperatorsRoom, kind: 'link' | 'session', token: string): string =>
  mac(keys.lookup, 'operator', kind, token)

/** The form in which names are compared: `nameKey('ADA')` is `'ada'`. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase()

/** Names an operator as the audit log does: `audit.record('Action.SignInOperator', asActor(operator))`. */
export const asActor = ({ id, name }: Operator) => ({ operatorId: id, operatorName: name })
