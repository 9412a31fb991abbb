import { newId, newSecret } from '../crypto/chance.ts'
import { type Keys, mac } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { ApiError } from '../http/errors.ts'
import type { Limits } from '../limits/limits.ts'
import { hashPassword, verifyPassword } from '../users/passwords.ts'
import type { World } from '../world.ts'
import { operatorStore } from './store.ts'

export interface Operator {
  id: string
  name: string
}

/** How long an operator stays signed in. */
export const OPERATOR_SESSION = 12 * 60 * 60_000

/** Wrong passwords for one operator name within an hour, and minutes of the block that follows. */
const GUESSES = { maxAttempts: 10, lockoutDuration: 15 } as const

/** The people who run this installation. There is no default password: a one-time link makes the first. */
export function createOperators(db: Database, keys: Keys, limits: Limits, world: World) {
  const store = operatorStore(db)
  const hashOf = (kind: 'link' | 'session', token: string) => mac(keys.lookup, 'operator', kind, token)
  const nameKey = (name: string) => name.normalize('NFKC').toLowerCase()

  async function openSession(operatorId: string): Promise<string> {
    const token = newSecret(world.random)
    await store.addSession(hashOf('session', token), operatorId, world.now() + OPERATOR_SESSION)
    return token
  }

  return {
    any: store.any,
    /** A fresh one-time link's token while there is no operator; earlier ones stop working. */
    async firstLink(): Promise<string | undefined> {
      if (await store.any()) return undefined
      const token = newSecret(world.random)
      await store.setLink(hashOf('link', token))
      return token
    },
    /** Creates the first operator; returns a session token. @throws ApiError `auth.forbidden` when the link is spent or unknown */
    async createFirst(link: string, name: string, password: string): Promise<string> {
      const id = newId(world.random)
      const created = await store.insertFirst(hashOf('link', link), {
        id,
        name,
        name_key: nameKey(name),
        password_hash: await hashPassword(password),
        created_at: world.now(),
      })
      if (!created) throw new ApiError('auth.forbidden')
      return openSession(id)
    },
    /** Returns a session token. @throws ApiError `session.invalid_credentials`, or the block after too many wrong ones */
    async signIn(name: string, password: string): Promise<string> {
      const operator = await store.byName(nameKey(name))
      const right = await verifyPassword(password, operator?.password_hash ?? null)
      await limits.report('operator', nameKey(name), right, GUESSES)
      if (!operator || !right) throw new ApiError('session.invalid_credentials')
      return openSession(operator.id)
    },
    bySession: (token: string): Promise<Operator | undefined> =>
      store.bySession(hashOf('session', token), world.now()),
    signOut: (token: string) => store.deleteSession(hashOf('session', token)),
    purge: () => store.purge(world.now()),
  }
}

export type Operators = ReturnType<typeof createOperators>
