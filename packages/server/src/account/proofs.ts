import type { CodeIdentifier } from '@countersign/api'
import type { UsageType } from '@countersign/kit'
import type { Challenge, ChallengeRoom } from '../challenges/challenges.ts'
import { check } from '../challenges/check.ts'
import { send } from '../challenges/send.ts'
import { newId } from '../crypto/chance.ts'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Database } from '../db/database.ts'
import type { Outcome } from '../delivery/delivery.ts'
import { requireAllowedEmail } from '../experience/experience.ts'
import { keptForm } from '../identifiers/one-spelling.ts'
import { type Recipient, readRecipient } from '../identifiers/recipient.ts'
import { conclude } from '../limits/guards.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { StoredUser, Users } from '../users/users.ts'
import type { World } from '../world.ts'
import type { Origin, TellOfAccount } from './events.ts'
import { accountStore, type StoredVerification } from './store.ts'

/** A proof is good for so long, whatever the policy says of codes, as in Logto. */
const LIFETIME = 10 * 60_000

/** A record that was just made, as its caller is told. */
export interface NewProof {
  verificationRecordId: string
  expiresAt: string
}

export interface CodeRequest {
  identifier: CodeIdentifier
  /** What the code is meant for, when it goes to the user's own identifier. */
  usageType?: 'BindMfa' | 'UserPermissionValidation' | undefined
  /** Context for the templates: language, application. */
  context: Record<string, unknown>
}

/** What templates may say of the user. */
const inTemplates = ({ id, avatar, name, primaryEmail, primaryPhone, username, profile }: StoredUser) => ({
  id,
  avatar,
  name,
  primaryEmail,
  primaryPhone,
  username,
  profile,
})

/** Proofs that a signed-in user gives: of who it is, and of holding a new identifier. */
export function createProofs(deps: {
  db: Database
  keys: Keys
  world: World
  challenges: ChallengeRoom
  users: Users
  tell: TellOfAccount
}) {
  const { keys, world, challenges, users, tell } = deps
  const store = accountStore(deps.db)
  const contextOf = (id: string) => `account-verification/${id}`

  const recipientOf = ({ id, recipient }: StoredVerification) =>
    recipient === null ? undefined : open(keys.seal, recipient, contextOf(id))

  const challengeOf = ({ id, usageType }: StoredVerification, recipient: Recipient): Challenge => ({
    usageType: usageType as UsageType,
    recipient,
    scope: `account/${id}`,
  })

  /** A user's record that has not expired; those of others count as none. */
  async function find(userId: string, id: string): Promise<StoredVerification | undefined> {
    // No id is long or holds what a database refuses.
    if (!/^[0-9a-z]{21}$/.test(id)) return undefined
    const record = await store.byId(id, world.now())
    return record?.userId === userId ? record : undefined
  }

  const told = ({ id, expiresAt }: StoredVerification): NewProof => ({
    verificationRecordId: id,
    expiresAt: new Date(expiresAt).toISOString(),
  })

  /** The usage type says what the code may prove: that it is the user, or that a new identifier is theirs. */
  function usageTypeOf(
    { type, value }: Recipient,
    user: StoredUser,
    asked: CodeRequest['usageType'],
  ): UsageType {
    const own = type === 'email' ? user.primaryEmail : user.primaryPhone
    return own === value ? (asked ?? 'UserPermissionValidation') : 'BindNewIdentifier'
  }

  return {
    /** Checks the user's password. @throws ApiError `session.invalid_credentials`, `user.suspended`, the sentinel's */
    async provePassword(user: StoredUser, password: string, from: Origin): Promise<NewProof> {
      const { sentinelPolicy } = await challenges.experience.read()
      const right = await users.passwordMatches(user, password)
      const failure = right ? undefined : new ApiError('session.invalid_credentials')
      await conclude(
        challenges.limits,
        { type: 'userId', value: user.id },
        { failure, kind: 'password', client: { address: from.ip }, policy: sentinelPolicy },
        reached => tell(reached, from),
      )
      if (user.isSuspended) throw new ApiError('user.suspended')
      const record: StoredVerification = {
        id: newId(world.random),
        userId: user.id,
        kind: 'password',
        usageType: null,
        recipient: null,
        verified: true,
        expiresAt: world.now() + LIFETIME,
      }
      await store.insert(record)
      return told(record)
    },
    /**
     * Sends a code, and makes the record that it is to verify. Both are stored before the message leaves, and taken
     * back when it certainly did not. Whether somebody else has the address is not said here.
     *
     * @throws ApiError `user.invalid_phone`, `session.email_blocklist.*`, `request.message_rate_limited`, `connector.*`
     */
    async sendCode(
      user: StoredUser,
      { identifier, usageType, context }: CodeRequest,
      from: Origin,
    ): Promise<NewProof & { outcome: Outcome }> {
      const recipient = readRecipient(identifier)
      const id = newId(world.random)
      const record: StoredVerification = {
        id,
        userId: user.id,
        kind: recipient.type,
        usageType: usageTypeOf(recipient, user, usageType),
        recipient: seal(keys.seal, recipient.value, contextOf(id)),
        verified: false,
        expiresAt: world.now() + LIFETIME,
      }
      if (recipient.type === 'email' && record.usageType === 'BindNewIdentifier')
        requireAllowedEmail(recipient.value, await challenges.experience.read())
      const outcome = await send(challenges, {
        ...challengeOf(record, recipient),
        context: { ...context, ...(recipient.type === 'email' && { user: inTemplates(user) }) },
        askedBy: { ip: from.ip, tell: reached => tell(reached, from) },
        isKept: async () => user.primaryPhone === recipient.value,
        alsoStore: async () => {
          await store.insert(record)
          return () => store.delete(id)
        },
      })
      return { ...told(record), outcome }
    },
    /**
     * Checks a code against the record that it was sent for. Failures count against the address that the code went
     * to, never against one that a caller merely names.
     *
     * @throws ApiError `verification_record.not_found`, `verification_code.*`, the sentinel's
     */
    async verifyCode(
      userId: string,
      { identifier, id, code }: { identifier: CodeIdentifier; id: string; code: string },
      from: Origin,
    ): Promise<void> {
      const record = await find(userId, id)
      const recipient = record && recipientOf(record)
      if (recipient === undefined || record?.kind !== identifier.type)
        throw new ApiError('verification_record.not_found')
      const isOwn = record.usageType !== 'BindNewIdentifier'
      await check(challenges, {
        ...challengeOf(record, readRecipient({ type: identifier.type, value: recipient })),
        named: keptForm(identifier.type, identifier.value),
        code,
        guess: {
          client: {
            address: from.ip,
            visit: `account/${userId}`,
            // Strangers who use up what there is for the user's own address must not keep out who has signed in.
            device: isOwn ? `account/${userId}` : undefined,
          },
          message: id,
          tell: reached => tell(reached, from),
        },
      })
      await store.markVerified(id)
    },
    /** True when a record proves that the caller is the user. It may serve again. */
    async provesOwner(userId: string, id: string | undefined): Promise<boolean> {
      const record = id ? await find(userId, id) : undefined
      return (
        record?.verified === true &&
        (record.kind === 'password' || record.usageType === 'UserPermissionValidation')
      )
    },
    /** Requires that a record proves that the user holds exactly this identifier. @throws ApiError `verification_record.not_found` */
    async requireHolder(userId: string, { type, value }: CodeIdentifier, id: string): Promise<void> {
      const record = await find(userId, id)
      if (!record?.verified || record.kind !== type || recipientOf(record) !== keptForm(type, value))
        throw new ApiError('verification_record.not_found')
    },
    /** After a change, codes that are still on their way to identifiers of that kind prove nothing any more. */
    forgetPending: async (userId: string, kind: CodeIdentifier['type']) =>
      void (await store.deleteUnverified(userId, kind)),
    purge: () => store.purge(world.now()),
  }
}

export type Proofs = ReturnType<typeof createProofs>
