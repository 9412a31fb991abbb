import type { Audit } from '../audit/audit.ts'
import { newId, newSecret } from '../crypto/chance.ts'
import { type Keys, mac } from '../crypto/keys.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import { DEFAULT_EXPERIENCE } from '../experience/defaults.ts'
import { ApiError } from '../refusals/refusal.ts'
import { passwordProblems } from '../users/password-policy.ts'
import { hashPassword, verifyPassword } from '../users/passwords.ts'
import type { World } from '../world.ts'
import { createLockout, type Place, type Try } from './lockout.ts'
import { operatorStore, type StoredOperator } from './store.ts'

export type { Place } from './lockout.ts'

export interface Operator {
  id: string
  name: string
}

/** One of a list. */
export interface ListedOperator extends Operator {
  /** `invited`: has yet to set a password by a link. */
  state: 'active' | 'invited'
  createdAt: number
  lastSignInAt: number | null
  /** When the open link ends; null without one. */
  linkEndsAt: number | null
}

/** What a browser keeps once an operator has signed in with it. */
export interface SignedIn {
  session: string
  /** Says later that this browser is no stranger. It lets nobody in. */
  device: string
}

/** A link's token, to be handed over once. */
export interface OneTimeLink {
  operator: Operator
  token: string
  expiresAt: number
}

/** How long an operator stays signed in. */
export const OPERATOR_SESSION = 12 * 60 * 60_000

/** An invitation may lie over a weekend; with a reset somebody sits and waits. */
const LINK_LIFETIME = { first: 72 * 60 * 60_000, invitation: 72 * 60 * 60_000, reset: 60 * 60_000 } as const

/** People who run one installation. */
export const MOST_OPERATORS = 100

/** Of one operator at once; with more, the oldest ends. */
export const MOST_SESSIONS = 20

/** The people who run this installation. Nobody has a password that another one chose: links let them choose their own. */
export function createOperators(
  db: Database,
  keys: Keys,
  audit: Pick<Audit, 'record' | 'note'>,
  world: World,
) {
  const store = operatorStore(db)
  const lockout = createLockout(store, keys, world)
  const hashOf = (kind: 'link' | 'session', token: string) => mac(keys.lookup, 'operator', kind, token)
  const nameKey = (name: string) => name.normalize('NFKC').toLowerCase()

  /** @throws ApiError `password.rejected`, by the policy that end users have by default */
  async function hashNew(password: string, name: string): Promise<string> {
    const problems = passwordProblems(password, DEFAULT_EXPERIENCE.passwordPolicy, { name, username: name })
    if (problems.length > 0) throw new ApiError('password.rejected', { data: problems })
    return hashPassword(password)
  }

  /** @throws ApiError `session.invalid_credentials` when the password is another one by now */
  async function openSession(operator: Pick<StoredOperator, 'id' | 'password_hash'>): Promise<SignedIn> {
    const session = newSecret(world.random)
    const now = world.now()
    const opened = await store.addSession(
      { idHash: hashOf('session', session), expiresAt: now + OPERATOR_SESSION },
      operator,
      { now, most: MOST_SESSIONS },
    )
    if (!opened) throw new ApiError('session.invalid_credentials')
    return { session, device: lockout.device(operator.id) }
  }

  /** Compares a password; a try that could not be looked at, because too many were, does not count. */
  async function looked(
    taken: Try,
    password: string,
    operator: StoredOperator | undefined,
  ): Promise<boolean> {
    try {
      return await verifyPassword(password, operator?.password_hash || null)
    } catch (error) {
      await taken.forgive()
      throw error
    }
  }

  function newLink(kind: keyof typeof LINK_LIFETIME) {
    const token = newSecret(world.random)
    return { token, hash: hashOf('link', token), expiresAt: world.now() + LINK_LIFETIME[kind] }
  }

  async function startAnew({ id, name, name_key }: StoredOperator, kind: keyof typeof LINK_LIFETIME) {
    const { token, ...link } = newLink(kind)
    if (!(await store.startAnew(id, link))) throw new ApiError('entity.not_found')
    await lockout.forget(name_key)
    return { operator: { id, name }, token, expiresAt: link.expiresAt }
  }

  const asActor = ({ id, name }: Operator) => ({ operatorId: id, operatorName: name })

  return {
    any: store.any,
    /** A fresh one-time link's token while there is no operator; earlier ones stop working. */
    async firstLink(): Promise<string | undefined> {
      if (await store.any()) return undefined
      const { token, ...link } = newLink('first')
      await store.setFirstLink(link)
      return token
    },
    /** Creates the first operator. @throws ApiError `auth.forbidden` when the link is spent, unknown or too old, `password.rejected` */
    async createFirst(link: string, name: string, password: string): Promise<SignedIn> {
      const operator = {
        id: newId(world.random),
        name,
        name_key: nameKey(name),
        password_hash: '',
        created_at: world.now(),
      }
      const hash = hashOf('link', link)
      // Before the password costs anything: everybody may ask.
      if (!(await store.isFirstLink(hash, world.now()))) throw new ApiError('auth.forbidden')
      operator.password_hash = await hashNew(password, name)
      if (!(await store.insertFirst(hash, operator, world.now()))) throw new ApiError('auth.forbidden')
      audit.record('Action.CreateFirstOperator', asActor(operator))
      return openSession(operator)
    },
    /** @throws ApiError `session.invalid_credentials`, or the block after too many wrong ones */
    async signIn(name: string, password: string, place: Place): Promise<SignedIn> {
      const operator = await store.byName(nameKey(name))
      // A block is not written down: whoever is blocked must not fill the log.
      const taken = await lockout.take(nameKey(name), operator?.id, place)
      const right = await looked(taken, password, operator)
      if (!operator || !right) {
        const error = new ApiError('session.invalid_credentials')
        // An unknown name is not written down: it may be a password, typed one field too early.
        audit.record('Action.SignInOperator', {
          ...(operator && { operator: { id: operator.id, name: operator.name } }),
          error,
        })
        throw error
      }
      await taken.forgive()
      const signedIn = await openSession(operator)
      audit.record('Action.SignInOperator', asActor(operator))
      return signedIn
    },
    bySession: (token: string): Promise<Operator | undefined> =>
      store.bySession(hashOf('session', token), world.now()),
    signOut: (token: string) => store.deleteSession(hashOf('session', token)),
    async list(): Promise<ListedOperator[]> {
      const now = world.now()
      return (await store.list()).map(row => ({
        id: row.id,
        name: row.name,
        state: row.password_hash === '' ? 'invited' : 'active',
        createdAt: row.created_at,
        lastSignInAt: row.last_sign_in_at,
        linkEndsAt: row.link_expires_at !== null && row.link_expires_at > now ? row.link_expires_at : null,
      }))
    },
    /** Adds an operator, who sets a password by the link. @throws ApiError `operator.name_in_use`, `operator.limit_reached` */
    async add(name: string): Promise<OneTimeLink> {
      const operator = { id: newId(world.random), name }
      audit.note({ operator })
      const { token, ...link } = newLink('invitation')
      const row = { ...operator, name_key: nameKey(name), password_hash: '', created_at: world.now() }
      try {
        if (!(await store.insertInvited(row, link, MOST_OPERATORS)))
          throw new ApiError('operator.limit_reached', { values: { most: MOST_OPERATORS } })
      } catch (error) {
        if (isUniqueViolation(error, 'name_key')) throw new ApiError('operator.name_in_use')
        throw error
      }
      return { operator, token, expiresAt: link.expiresAt }
    },
    /** @throws ApiError `operator.not_yourself`, `entity.not_found` */
    async remove(id: string, by: string): Promise<void> {
      if (id === by) throw new ApiError('operator.not_yourself')
      const operator = await store.byId(id)
      if (operator) audit.note({ operator: { id, name: operator.name } })
      if (!operator || !(await store.remove(id, by))) throw new ApiError('entity.not_found')
    },
    /**
     * Gives another operator a new link. Password, sessions and blocks end; an invited one has the time of an invitation.
     *
     * @throws ApiError `operator.not_yourself`, `entity.not_found`
     */
    async relink(id: string, by: string): Promise<OneTimeLink> {
      if (id === by) throw new ApiError('operator.not_yourself')
      const operator = await store.byId(id)
      if (!operator) throw new ApiError('entity.not_found')
      audit.note({ operator: { id, name: operator.name } })
      return startAnew(operator, operator.password_hash === '' ? 'invitation' : 'reset')
    },
    /** The same for whoever may write to the database: the way back in. @throws ApiError `entity.not_found` */
    async reset(name: string): Promise<OneTimeLink> {
      const operator = await store.byName(nameKey(name))
      if (!operator) throw new ApiError('entity.not_found')
      const made = await startAnew(operator, 'reset')
      audit.record('Action.ResetOperator', { operator: made.operator, by: 'command line' })
      return made
    },
    /** Whose password a link sets. @throws ApiError `operator.link_invalid` */
    async ofLink(link: string): Promise<Operator> {
      const operator = await store.byLink(hashOf('link', link), world.now())
      if (!operator) throw new ApiError('operator.link_invalid')
      return { id: operator.id, name: operator.name }
    },
    /** Sets the password by a link, which is spent, and signs in. @throws ApiError `operator.link_invalid`, `password.rejected` */
    async acceptLink(link: string, password: string): Promise<SignedIn> {
      const linkHash = hashOf('link', link)
      const operator = await store.byLink(linkHash, world.now())
      if (!operator) throw new ApiError('operator.link_invalid')
      const hash = await hashNew(password, operator.name)
      if (!(await store.setPasswordByLink(linkHash, operator.id, hash, world.now())))
        throw new ApiError('operator.link_invalid')
      audit.record('Action.SetOperatorPassword', asActor(operator))
      return openSession({ id: operator.id, password_hash: hash })
    },
    /**
     * Changes the password of who is signed in, and ends the other sessions.
     *
     * @throws ApiError `operator.wrong_password`, `password.rejected`, or the block after too many wrong ones
     */
    async changePassword(session: string, current: string, next: string): Promise<void> {
      const { id } = (await store.bySession(hashOf('session', session), world.now())) ?? { id: '' }
      const operator = await store.byId(id)
      if (!operator) throw new ApiError('auth.unauthorized')
      const taken = await lockout.takeOwn(id)
      if (!(await looked(taken, current, operator))) throw new ApiError('operator.wrong_password')
      await taken.forgive()
      const hash = await hashNew(next, operator.name)
      if (!(await store.changePassword(operator, hash, hashOf('session', session))))
        throw new ApiError('operator.wrong_password')
    },
    purge: lockout.purge,
  }
}

export type Operators = ReturnType<typeof createOperators>
