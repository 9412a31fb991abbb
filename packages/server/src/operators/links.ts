import { newId, newSecret } from '../crypto/chance.ts'
import { isUniqueViolation } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import { liftBlocks } from './lockout.ts'
import { asActor, nameKey, type Operator, type OperatorsRoom, tokenHash } from './room.ts'
import { hashNew, openSession, type SignedIn } from './sessions.ts'
import * as store from './store.ts'

// Nobody has a password that another one chose: links let operators choose their own.

/** A link's token, to be handed over once. */
export interface OneTimeLink {
  operator: Operator
  token: string
  expiresAt: number
}

const HOUR = 60 * 60_000

/** An invitation may lie over a weekend; with a reset somebody sits and waits. */
const LINK_LIFETIME = { first: 72 * HOUR, invitation: 72 * HOUR, reset: HOUR } as const

type LinkKind = keyof typeof LINK_LIFETIME

/** People who run one installation. */
export const MOST_OPERATORS = 100

function newLink(room: OperatorsRoom, kind: LinkKind) {
  const token = newSecret(room.world.random)
  const hash = tokenHash(room, 'link', token)
  return { token, hash, expiresAt: room.world.now() + LINK_LIFETIME[kind] }
}

async function startAnew(
  room: OperatorsRoom,
  { id, name, name_key }: store.StoredOperator,
  kind: LinkKind,
): Promise<OneTimeLink> {
  const { token, ...link } = newLink(room, kind)
  if (!(await store.startAnew(room.db, id, link))) throw new ApiError('entity.not_found')
  await liftBlocks(room, name_key)
  return { operator: { id, name }, token, expiresAt: link.expiresAt }
}

/**
 * A fresh one-time link's token while there is no operator; earlier ones stop working.
 *
 * @example const token = await firstLink(room)
 */
export async function firstLink(room: OperatorsRoom): Promise<string | undefined> {
  if (await store.any(room.db)) return undefined
  const { token, ...link } = newLink(room, 'first')
  await store.setFirstLink(room.db, link)
  return token
}

/**
 * Creates the first operator.
 *
 * @throws ApiError `auth.forbidden` when the link is spent, unknown or too old, `password.rejected`
 * @example await createFirst(room, token, 'Ada', password)
 */
export async function createFirst(
  room: OperatorsRoom,
  link: string,
  name: string,
  password: string,
): Promise<SignedIn> {
  const { db, world, audit } = room
  const operator = {
    id: newId(world.random),
    name,
    name_key: nameKey(name),
    password_hash: '',
    created_at: world.now(),
  }
  const hash = tokenHash(room, 'link', link)
  // Before the password costs anything: everybody may ask.
  if (!(await store.isFirstLink(db, hash, world.now()))) throw new ApiError('auth.forbidden')
  operator.password_hash = await hashNew(password, name)
  if (!(await store.insertFirst(db, hash, operator, world.now()))) throw new ApiError('auth.forbidden')
  audit.record('Action.CreateFirstOperator', asActor(operator))
  return openSession(room, operator)
}

/**
 * Adds an operator, who sets a password by the link.
 *
 * @throws ApiError `operator.name_in_use`, `operator.limit_reached`
 * @example const { token, expiresAt } = await addOperator(room, 'Grace')
 */
export async function addOperator(room: OperatorsRoom, name: string): Promise<OneTimeLink> {
  const { db, world, audit } = room
  const operator = { id: newId(world.random), name }
  audit.note({ operator })
  const { token, ...link } = newLink(room, 'invitation')
  const row = { ...operator, name_key: nameKey(name), password_hash: '', created_at: world.now() }
  try {
    if (!(await store.insertInvited(db, row, link, MOST_OPERATORS)))
      throw new ApiError('operator.limit_reached', { values: { most: MOST_OPERATORS } })
  } catch (error) {
    if (isUniqueViolation(error, 'name_key')) throw new ApiError('operator.name_in_use')
    throw error
  }
  return { operator, token, expiresAt: link.expiresAt }
}

/**
 * The same for whoever may write to the database.
 *
 * @throws ApiError as `addOperator`
 * @example await addByCommand(room, 'Grace')
 */
export async function addByCommand(room: OperatorsRoom, name: string): Promise<OneTimeLink> {
  const made = await addOperator(room, name)
  room.audit.record('Action.AddOperator', { operator: made.operator, by: 'command line' })
  return made
}

/**
 * Gives another operator a new link. Password, sessions and blocks end; an invited one has the time of an invitation.
 *
 * @throws ApiError `operator.not_yourself`, `entity.not_found`
 * @example await relink(room, id, by)
 */
export async function relink(room: OperatorsRoom, id: string, by: string): Promise<OneTimeLink> {
  if (id === by) throw new ApiError('operator.not_yourself')
  const operator = await store.byId(room.db, id)
  if (!operator) throw new ApiError('entity.not_found')
  room.audit.note({ operator: { id, name: operator.name } })
  return startAnew(room, operator, operator.password_hash === '' ? 'invitation' : 'reset')
}

/**
 * The same for whoever may write to the database: the way back in.
 *
 * @throws ApiError `entity.not_found`
 * @example await resetOperator(room, 'ada')
 */
export async function resetOperator(room: OperatorsRoom, name: string): Promise<OneTimeLink> {
  const operator = await store.byName(room.db, nameKey(name))
  if (!operator) throw new ApiError('entity.not_found')
  const made = await startAnew(room, operator, 'reset')
  room.audit.record('Action.ResetOperator', { operator: made.operator, by: 'command line' })
  return made
}

/**
 * Finds the operator whose password a link sets.
 *
 * @throws ApiError `operator.link_invalid`
 * @example await operatorOfLink(room, token)
 */
export async function operatorOfLink(room: OperatorsRoom, link: string): Promise<Operator> {
  const operator = await store.byLink(room.db, tokenHash(room, 'link', link), room.world.now())
  if (!operator) throw new ApiError('operator.link_invalid')
  return { id: operator.id, name: operator.name }
}

/**
 * Sets the password by a link, which is spent, and signs in.
 *
 * @throws ApiError `operator.link_invalid`, `password.rejected`
 * @example await acceptLink(room, token, password)
 */
export async function acceptLink(room: OperatorsRoom, link: string, password: string): Promise<SignedIn> {
  const { id, name } = await operatorOfLink(room, link)
  const hash = await hashNew(password, name)
  const linkHash = tokenHash(room, 'link', link)
  if (!(await store.setPasswordByLink(room.db, linkHash, id, hash, room.world.now())))
    throw new ApiError('operator.link_invalid')
  room.audit.record('Action.SetOperatorPassword', asActor({ id, name }))
  return openSession(room, { id, password_hash: hash })
}
