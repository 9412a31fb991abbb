import type { CodeIdentifier, InteractionEvent, PasswordIdentifier, SignInExperience } from '@countersign/api'
import { type Codes, type Purpose, WrongForm } from '../codes/codes.ts'
import { newId } from '../crypto/chance.ts'
import type { Along, Delivery, Outcome } from '../delivery/delivery.ts'
import { wasRefused } from '../delivery/refusal.ts'
import {
  type Carrier,
  type CodePolicy,
  codePolicy,
  type Experience,
  minutesOf,
  requireAllowedEmail,
} from '../experience/experience.ts'
import { ApiError } from '../http/errors.ts'
import { isInternational } from '../identifiers/phone.ts'
import { createGuards } from '../limits/guards.ts'
import type { Limits } from '../limits/limits.ts'
import type { Client } from '../limits/sentinel.ts'
import type { FixedCodes } from '../test-identities/test-identities.ts'
import { passwordProblems } from '../users/password-policy.ts'
import { hashPassword } from '../users/passwords.ts'
import { requirePhone } from '../users/possible-phone.ts'
import { type Identifier, isPasswordExpired, type Users } from '../users/users.ts'
import type { World } from '../world.ts'
import { findRecord, type State, templateTypeOf, type VerificationRecord } from './flow.ts'
import type { Tell, Visitor } from './happenings.ts'
import { requireHuman } from './interactions.ts'
import type { Later } from './later.ts'
import { personalData } from './personal.ts'
import type { Visits } from './visits.ts'

export interface CodeRequest {
  identifier: CodeIdentifier
  event: InteractionEvent
  /** Context for the templates: language, application. */
  context: Record<string, unknown>
  visitor: Visitor
  /** True when the visitor was asked for the country of the number, as every page does. */
  hasCountryCode?: boolean
}

/** What a message may say of where its code was asked for; a text message says less. */
function saidTo(channel: 'sms' | 'email', context: Record<string, unknown>): Record<string, unknown> {
  if (channel === 'email') return context
  const { application: _, ...rest } = context
  return rest
}

const RECORD_TYPES = { email: 'EmailVerificationCode', phone: 'PhoneVerificationCode' } as const

/** Proofs that a visitor holds an identifier: codes and passwords. */
export function createVerification(deps: {
  visits: Visits
  codes: Codes
  delivery: Delivery
  experience: Experience
  limits: Limits
  users: Users
  testIdentities: FixedCodes
  /** What messages of a channel go out over. */
  connectionOf(channel: 'sms' | 'email'): Promise<{ connector: Carrier } | undefined>
  tell: Tell
  /** For messages that leave after the answer. */
  later: Later
  world: World
}) {
  const { visits, codes, delivery, experience, users, connectionOf, testIdentities, later, world } = deps
  const guards = createGuards(deps.limits, deps.tell)

  const purposeOf = (uid: string, record: VerificationRecord): Purpose => ({
    usageType: record.templateType ?? 'Generic',
    recipient: record.identifier.value,
    scope: `${uid}/${record.id}`,
  })

  /**
   * True when whether a message goes out depends on whether the account exists. Then nobody may learn from the
   * answer, its time or a delivery error which it was.
   */
  const tellsOfAccount = (event: InteractionEvent, state: State, { signInMode }: SignInExperience) =>
    event === 'ForgotPassword' ||
    (event === 'SignIn' && signInMode === 'SignIn' && state.userId === undefined)

  /**
   * True for a number that keeps working where it would be refused: that of a test identity, to which nothing is sent,
   * and one that a user has just so, though no such number can exist. Where codes cannot go the latter helps nobody.
   */
  const isKept = async ({ type, value }: Identifier, { unserved = false } = {}): Promise<boolean> =>
    (await testIdentities.markOf(value)) !== undefined ||
    (!unserved && (await users.find({ type, value }))?.primaryPhone === value)

  /** Who tries: a browser that signed in with the owner's account before is told apart from strangers. */
  const clientOf = (uid: string, { ip, browser }: Visitor, owner: { id: string } | undefined): Client => ({
    address: ip,
    visit: uid,
    device: owner && browser?.deviceOf(owner.id),
  })

  return {
    isKept,
    /**
     * Sends a code and adds its record. The record and the code are stored before the message leaves, so that
     * a code that arrives can be used whatever happens here; both are taken back when it certainly did not.
     *
     * @throws ApiError `user.invalid_phone`, `request.message_rate_limited`, `connector.*`, `session.interaction_not_found`
     */
    async sendCode(
      uid: string,
      { identifier, event, context, visitor, hasCountryCode }: CodeRequest,
    ): Promise<{ verificationId: string; outcome: Outcome }> {
      const state = await visits.state(uid)
      const settings = await experience.read()
      if (state.userId === undefined) requireHuman(settings)
      if (event === 'Register' && identifier.type === 'email') requireAllowedEmail(identifier.value, settings)
      const channel = identifier.type === 'phone' ? 'sms' : 'email'
      const record: VerificationRecord = {
        id: newId(world.random),
        type: RECORD_TYPES[identifier.type],
        identifier,
        verified: false,
        templateType: templateTypeOf(event, identifier.type, state, settings),
      }
      const previous = state.records.find(other => other.type === record.type)
      const fixed = await testIdentities.codeFor(identifier, record.templateType!)
      const unsent = fixed !== undefined
      if (identifier.type === 'phone')
        await requirePhone(identifier.value, async () => unsent || (await isKept(identifier)))
      const step = { uid, event: state.event, visitor }
      const reservation = await guards.reserveSend(identifier.value, step, { unsent })
      let policy: CodePolicy
      try {
        // Asked for everybody, so that a missing connection does not tell accounts apart either.
        const connection = await connectionOf(channel)
        if (!connection)
          throw new ApiError('connector.not_found', { data: { type: channel === 'sms' ? 'Sms' : 'Email' } })
        policy = codePolicy(settings, connection.connector)
      } catch (error) {
        await reservation.release()
        throw error
      }
      const issued = codes.begin(purposeOf(uid, record), policy, fixed)
      record.codeLength = issued.code.length
      // Stored together, in one wait for the disk; where the message is sent at once, with delivery's own record too.
      const added = visits.apply(uid, { type: 'add-record', record })
      const before = Promise.all([issued.stored, added]).then(() => undefined)
      const takeBack = async (error: unknown) => {
        const isAdded = await added.then(
          () => true,
          () => false,
        )
        await Promise.all([
          issued.withdraw(),
          reservation.release({ tried: wasRefused(error) }),
          isAdded && visits.apply(uid, { type: 'drop-record', id: record.id, previous }),
        ])
      }
      const deliver = (along: Along) =>
        delivery.deliver(
          {
            channel,
            to: identifier.value,
            // The API wants the country code first: what reads as a number of another country is one.
            hasCountryCode:
              identifier.type === 'phone' && (hasCountryCode === true || isInternational(identifier.value)),
            usageType: record.templateType!,
            payload: { ...saidTo(channel, context), code: issued.code, minutes: minutesOf(policy) },
            ip: visitor.ip,
            unsent,
          },
          along,
        )
      try {
        if (!tellsOfAccount(event, state, settings))
          return { verificationId: record.id, outcome: await deliver({ before }) }
        await before
      } catch (error) {
        await takeBack(error)
        throw error
      }
      const owner = await users.find(identifier)
      if (owner) later.run(() => deliver({})) // Its failure stands in the attempts, for operators.
      return { verificationId: record.id, outcome: 'accepted' }
    },
    /** Why the code of a record can no longer be used; undefined while it can. */
    codeEnd: async (uid: string, record: VerificationRecord) =>
      codes.end(purposeOf(uid, record), codePolicy(await experience.read())),
    /** Checks a code. @throws ApiError `verification_code.*`, `session.verification_*` in Logto's order of checks */
    async verifyCode(
      uid: string,
      identifier: CodeIdentifier,
      verificationId: string,
      code: string,
      visitor: Visitor,
    ): Promise<void> {
      const state = await visits.state(uid)
      const record = findRecord(state, verificationId, RECORD_TYPES[identifier.type])
      const settings = await experience.read()
      // Before the check: a change of the password meanwhile makes this proof an old one.
      const owner = await users.find(record.identifier)
      const epoch = owner?.sessionEpoch ?? 0
      const purpose = purposeOf(uid, record)
      let failure: ApiError | undefined
      try {
        if (record.identifier.value !== identifier.value) {
          if (code === '' || !(await codes.isLive(purpose))) throw new ApiError('verification_code.not_found')
          throw new ApiError(`verification_code.${identifier.type}_mismatch`)
        }
        await codes.verify(purpose, code, codePolicy(settings))
      } catch (error) {
        if (!(error instanceof ApiError) || error instanceof WrongForm) throw error
        failure = error
      }
      const step = { uid, event: state.event, visitor }
      const attempt = {
        kind: 'code',
        client: clientOf(uid, visitor, owner),
        // Nobody got a fixed code, and its record is all that says that another one was sent and not refused.
        message: (await testIdentities.markOf(record.identifier.value)) === undefined ? record.id : undefined,
      } as const
      // Never against what the caller merely names: anybody could name anybody.
      await guards.conclude(record.identifier, failure, attempt, settings.sentinelPolicy, step)
      await visits.apply(uid, { type: 'record-verified', id: verificationId, epoch })
    },
    /** Checks a password. @throws ApiError `session.invalid_credentials`, `user.suspended`, `password.expired`, the sentinel's */
    async verifyPassword(
      uid: string,
      identifier: PasswordIdentifier,
      password: string,
      visitor: Visitor,
    ): Promise<string> {
      const { event } = await visits.state(uid)
      const settings = await experience.read()
      const user = await users.findByPassword(identifier, password)
      const failure = user ? undefined : new ApiError('session.invalid_credentials')
      // Looked for again only for browsers that may be known: for everybody it would cost, and for some it would tell.
      const owner = visitor.browser?.isKnown ? await users.find(identifier) : undefined
      const attempt = { kind: 'password', client: clientOf(uid, visitor, owner) } as const
      await guards.conclude(identifier, failure, attempt, settings.sentinelPolicy, { uid, event, visitor })
      if (!user) throw new ApiError('session.invalid_credentials')
      if (user.isSuspended) throw new ApiError('user.suspended')
      if (isPasswordExpired(user, settings, world.now())) throw new ApiError('password.expired')
      const record: VerificationRecord = {
        id: newId(world.random),
        type: 'Password',
        identifier,
        verified: true,
        epoch: user.sessionEpoch,
      }
      await visits.apply(uid, { type: 'add-record', record })
      return record.id
    },
    /** Prepares a registration with username and password. @throws ApiError `user.username_already_in_use`, `password.rejected` */
    async prepareIdentity(uid: string, username: string, password: string): Promise<string> {
      const state = await visits.state(uid)
      const { passwordPolicy } = await experience.read()
      if (await users.find({ type: 'username', value: username }))
        throw new ApiError('user.username_already_in_use')
      const problems = passwordProblems(password, passwordPolicy, {
        ...personalData(state, undefined),
        username,
      })
      if (problems.length > 0) throw new ApiError('password.rejected', { data: problems })
      const record: VerificationRecord = {
        id: newId(world.random),
        type: 'NewPasswordIdentity',
        identifier: { type: 'username', value: username },
        verified: true,
        passwordHash: await hashPassword(password),
      }
      await visits.apply(uid, { type: 'add-record', record })
      return record.id
    },
  }
}

export type Verification = ReturnType<typeof createVerification>
