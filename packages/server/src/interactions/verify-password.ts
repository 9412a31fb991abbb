import type { PasswordIdentifier } from '@countersign/api'
import { newId } from '../crypto/chance.ts'
import { keptForm } from '../identifiers/one-spelling.ts'
import { conclude } from '../limits/guards.ts'
import { ApiError } from '../refusals/refusal.ts'
import { passwordProblems } from '../users/password-policy.ts'
import { hashPassword } from '../users/passwords.ts'
import { isPasswordExpired, type StoredUser } from '../users/users.ts'
import type { Visitor } from './happenings.ts'
import type { OpenInteraction } from './open-interaction.ts'
import { personalData } from './personal.ts'
import { clientOf, listenerOf, type VerificationRoom } from './verification-room.ts'

/** A password as it was typed, and whose it is said to be. */
export interface PasswordProof {
  identifier: PasswordIdentifier
  password: string
}

/** Compares a password, with what the limits say to it. */
async function userByPassword(
  room: VerificationRoom,
  interaction: OpenInteraction,
  { identifier, password }: PasswordProof,
  visitor: Visitor,
): Promise<StoredUser> {
  const { challenges, users } = room
  const { event } = interaction.current()
  const { sentinelPolicy: policy } = await challenges.experience.read()
  const user = await users.findByPassword(identifier, password)
  const failure = user ? undefined : new ApiError('session.invalid_credentials')
  // Looked for again only for browsers that may be known: for everybody it would cost, and for some it would tell.
  const owner = visitor.browser?.isKnown ? await users.find(identifier) : undefined
  const client = clientOf(interaction.uid, visitor, owner)
  const listener = listenerOf(room, { uid: interaction.uid, event, visitor })
  await conclude(challenges.limits, identifier, { failure, kind: 'password', client, policy }, listener)
  if (!user) throw new ApiError('session.invalid_credentials')
  return user
}

/**
 * Checks a password and adds its record, whose id it returns.
 *
 * @example
 * await verifyPassword(room, interaction, { identifier: { type: 'username', value: 'ada' }, password }, visitor)
 *
 * @throws ApiError `session.invalid_credentials`, `user.suspended`, `password.expired`, the sentinel's
 */
export async function verifyPassword(
  room: VerificationRoom,
  interaction: OpenInteraction,
  { identifier: { type, value }, password }: PasswordProof,
  visitor: Visitor,
): Promise<string> {
  const { world } = room
  const identifier = { type, value: keptForm(type, value) }
  const user = await userByPassword(room, interaction, { identifier, password }, visitor)
  if (user.isSuspended) throw new ApiError('user.suspended')
  const settings = await room.challenges.experience.read()
  if (isPasswordExpired(user, settings, world.now())) throw new ApiError('password.expired')
  const id = newId(world.random)
  interaction.apply({
    type: 'add-record',
    record: { id, type: 'Password', identifier, verified: true, epoch: user.sessionEpoch },
  })
  return id
}

/**
 * Prepares a registration with username and password, and returns the id of its record.
 *
 * @example const id = await prepareIdentity(room, interaction, { username: 'ada', password: 'a good passphrase' })
 *
 * @throws ApiError `user.username_already_in_use`, `password.rejected`
 */
export async function prepareIdentity(
  { challenges, users, world }: VerificationRoom,
  interaction: OpenInteraction,
  { username, password }: { username: string; password: string },
): Promise<string> {
  const state = interaction.current()
  const { passwordPolicy } = await challenges.experience.read()
  const identifier = { type: 'username', value: username } as const
  if (await users.find(identifier)) throw new ApiError('user.username_already_in_use')
  const personal = { ...personalData(state, undefined), username }
  const problems = passwordProblems(password, passwordPolicy, personal)
  if (problems.length > 0) throw new ApiError('password.rejected', { data: problems })
  const id = newId(world.random)
  const passwordHash = await hashPassword(password)
  interaction.apply({
    type: 'add-record',
    record: { id, type: 'NewPasswordIdentity', identifier, verified: true, passwordHash },
  })
  return id
}
