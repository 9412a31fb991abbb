import type { CodeIdentifier } from '@countersign/api'
import type { UsageType } from '@countersign/kit'
import { type Codes, WrongForm } from '../codes/codes.ts'
import { newId } from '../crypto/chance.ts'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Database } from '../db/database.ts'
import type { Delivery, Outcome } from '../delivery/delivery.ts'
import { wasRefused } from '../delivery/refusal.ts'
import {
  type Carrier,
  codePolicy,
  type Experience,
  minutesOf,
  requireAllowedEmail,
} from '../experience/experience.ts'
import { ApiError } from '../http/errors.ts'
import { isInternational } from '../identifiers/phone.ts'
import { createGuards } from '../limits/guards.ts'
import type { Limits } from '../limits/limits.ts'
import type { FixedCodes } from '../test-identities/test-identities.ts'
import { requirePhone } from '../users/possible-phone.ts'
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
  codes: Codes
  delivery: Delivery
  experience: Experience
  limits: Limits
  users: Users
  testIdentities: FixedCodes
  /** What messages of a channel go out over. */
  connectionOf(channel: 'sms' | 'email'): Promise<{ connector: Carrier } | undefined>
  tell: TellOfAccount
}) {
  const { keys, world, codes, delivery, experience, users, connectionOf, testIdentities } = deps
  const guards = createGuards(deps.limits, deps.tell)
  const store = accountStore(deps.db)
  const contextOf = (id: string) => `account-verification/${id}`

  const recipientOf = ({ id, recipient }: StoredVerification) =>
    recipient === null ? undefined : open(keys.seal, recipient, contextOf(id))

  const purposeOf = ({ id, usageType }: StoredVerification, recipient: string) => ({
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
    { type, value }: CodeIdentifier,
    user: StoredUser,
    asked: CodeRequest['usageType'],
  ): UsageType {
    const own = type === 'email' ? user.primaryEmail : user.primaryPhone
    return own === value ? (asked ?? 'UserPermissionValidation') : 'BindNewIdentifier'
  }

  return {
    /** Checks the user's password. @throws ApiError `session.invalid_credentials`, `user.suspended`, the sentinel's */
    async provePassword(user: StoredUser, password: string, from: Origin): Promise<NewProof> {
      const { sentinelPolicy } = await experience.read()
      const right = await users.passwordMatches(user, password)
      const failure = right ? undefined : new ApiError('session.invalid_credentials')
      const attempt = { kind: 'password', client: { address: from.ip } } as const
      await guards.conclude({ type: 'userId', value: user.id }, failure, attempt, sentinelPolicy, from)
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
      const settings = await experience.read()
      const id = newId(world.random)
      const record: StoredVerification = {
        id,
        userId: user.id,
        kind: identifier.type,
        usageType: usageTypeOf(identifier, user, usageType),
        recipient: seal(keys.seal, identifier.value, contextOf(id)),
        verified: false,
        expiresAt: world.now() + LIFETIME,
      }
      const purpose = purposeOf(record, identifier.value)
      if (identifier.type === 'email' && purpose.usageType === 'BindNewIdentifier')
        requireAllowedEmail(identifier.value, settings)
      const connection = await connectionOf(identifier.type === 'email' ? 'email' : 'sms')
      const fixed = await testIdentities.codeFor(identifier, purpose.usageType)
      const unsent = fixed !== undefined
      if (identifier.type === 'phone')
        await requirePhone(identifier.value, async () => unsent || user.primaryPhone === identifier.value)
      const reservation = await guards.reserveSend(identifier.value, from, { unsent })
      const policy = codePolicy(settings, connection?.connector)
      const issued = codes.begin(purpose, policy, fixed)
      try {
        await Promise.all([issued.stored, store.insert(record)])
        const outcome = await delivery.deliver({
          channel: identifier.type === 'email' ? 'email' : 'sms',
          to: identifier.value,
          // As in the Experience API, the country code comes first: what reads as a number of another country is one.
          ...(identifier.type === 'phone' && { hasCountryCode: isInternational(identifier.value) }),
          usageType: purpose.usageType,
          payload: {
            ...context,
            ...(identifier.type === 'email' && { user: inTemplates(user) }),
            code: issued.code,
            minutes: minutesOf(policy),
          },
          ...(unsent && { unsent }),
        })
        return { ...told(record), outcome }
      } catch (error) {
        await issued.withdraw()
        await store.delete(id)
        await reservation.release({ tried: wasRefused(error) })
        throw error
      }
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
      const settings = await experience.read()
      const purpose = purposeOf(record, recipient)
      let failure: ApiError | undefined
      try {
        if (recipient !== identifier.value) {
          if (code === '' || !(await codes.isLive(purpose))) throw new ApiError('verification_code.not_found')
          throw new ApiError(`verification_code.${identifier.type}_mismatch`)
        }
        await codes.verify(purpose, code, codePolicy(settings))
      } catch (error) {
        if (!(error instanceof ApiError) || error instanceof WrongForm) throw error
        failure = error
      }
      const charged = { type: identifier.type, value: recipient }
      const isOwn = record.usageType !== 'BindNewIdentifier'
      const attempt = {
        kind: 'code',
        client: {
          address: from.ip,
          visit: `account/${userId}`,
          // Strangers who use up what there is for the user's own address must not keep out who has signed in.
          device: isOwn ? `account/${userId}` : undefined,
        },
        message: (await testIdentities.markOf(recipient)) === undefined ? id : undefined,
      } as const
      await guards.conclude(charged, failure, attempt, settings.sentinelPolicy, from)
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
      if (!record?.verified || record.kind !== type || recipientOf(record) !== value)
        throw new ApiError('verification_record.not_found')
    },
    /** After a change, codes that are still on their way to identifiers of that kind prove nothing any more. */
    forgetPending: async (userId: string, kind: CodeIdentifier['type']) =>
      void (await store.deleteUnverified(userId, kind)),
    purge: () => store.purge(world.now()),
  }
}

export type Proofs = ReturnType<typeof createProofs>
