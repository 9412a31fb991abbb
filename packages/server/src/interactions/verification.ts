import type { CodeIdentifier, InteractionEvent, PasswordIdentifier, SignInExperience } from '@countersign/api'
import { type Challenge, type ChallengeRoom, endOf, pauseLeft } from '../challenges/challenges.ts'
import { check } from '../challenges/check.ts'
import { send } from '../challenges/send.ts'
import { newId } from '../crypto/chance.ts'
import type { Outcome } from '../delivery/delivery.ts'
import { requireAllowedEmail } from '../experience/experience.ts'
import { keptForm } from '../identifiers/one-spelling.ts'
import { type Recipient, readRecipient } from '../identifiers/recipient.ts'
import { conclude } from '../limits/guards.ts'
import type { Client } from '../limits/sentinel.ts'
import { ApiError } from '../refusals/refusal.ts'
import { passwordProblems } from '../users/password-policy.ts'
import { hashPassword } from '../users/passwords.ts'
import { type Identifier, isPasswordExpired, type Users } from '../users/users.ts'
import type { World } from '../world.ts'
import { findRecord, type State, templateTypeOf, type VerificationRecord } from './flow.ts'
import type { Tell, Visitor } from './happenings.ts'
import { requireHuman } from './interactions.ts'
import { ownerOf } from './owners.ts'
import { personalData } from './personal.ts'
import type { Visits } from './visits.ts'

export interface CodeRequest {
  /** Read at the door. */
  recipient: Recipient
  event: InteractionEvent
  /** Context for the templates: language, application. */
  context: Record<string, unknown>
  visitor: Visitor
  /** True for pages, which wait between two codes to one recipient. */
  isPaced?: boolean
}

/** What a message may say of where its code was asked for; a text message says less. */
function saidTo(channel: 'sms' | 'email', context: Record<string, unknown>): Record<string, unknown> {
  if (channel === 'email') return context
  const { application: _, ...rest } = context
  return rest
}

/** To whom the code of a record went. */
const recipientOf = ({ type, identifier: { value } }: VerificationRecord) =>
  readRecipient({ type: type === 'EmailVerificationCode' ? 'email' : 'phone', value })

const RECORD_TYPES = { email: 'EmailVerificationCode', phone: 'PhoneVerificationCode' } as const

/** Proofs that a visitor holds an identifier: codes and passwords. */
export function createVerification(deps: {
  visits: Visits
  challenges: ChallengeRoom
  users: Users
  tell: Tell
  world: World
}) {
  const { visits, challenges, users, tell, world } = deps
  const { experience, testIdentities } = challenges

  const challengeOf = (uid: string, record: VerificationRecord, recipient: Recipient): Challenge => ({
    usageType: record.templateType ?? 'Generic',
    recipient,
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
    type !== 'username' &&
    ((await testIdentities.markOf({ type, value })) !== undefined ||
      (!unserved && (await users.find({ type, value }))?.primaryPhone === value))

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
      { recipient, event, context, visitor, isPaced = false }: CodeRequest,
    ): Promise<{ verificationId: string; outcome: Outcome }> {
      const { type, value } = recipient
      const identifier = { type, value }
      const state = await visits.state(uid)
      const settings = await experience.read()
      if (state.userId === undefined) requireHuman(settings)
      if (event === 'Register' && identifier.type === 'email') requireAllowedEmail(identifier.value, settings)
      const record: VerificationRecord = {
        id: newId(world.random),
        type: RECORD_TYPES[identifier.type],
        identifier,
        verified: false,
        templateType: templateTypeOf(event, identifier.type, state, settings),
      }
      const previous = state.records.find(other => other.type === record.type)
      const step = { uid, event: state.event, visitor }
      const outcome = await send(challenges, {
        ...challengeOf(uid, record, recipient),
        context: saidTo(recipient.channel, context),
        askedBy: { ip: visitor.ip, tell: reached => tell(reached, step) },
        isKept: () => isKept(identifier),
        isPaced,
        alsoStore: ({ length }) => ({
          stored: visits.apply(uid, { type: 'add-record', record: { ...record, codeLength: length } }),
          takeBack: () => visits.apply(uid, { type: 'drop-record', id: record.id, previous }),
        }),
        ...(tellsOfAccount(event, state, settings) && {
          afterAnswer: async () => (await users.find(identifier)) !== undefined,
        }),
      })
      return { verificationId: record.id, outcome }
    },
    /** Seconds until a page may ask for another code to the recipient of a record. */
    resendAfter: (record: VerificationRecord) => pauseLeft(challenges, recipientOf(record)),
    /** Why the code of a record can no longer be used; undefined while it can. */
    codeEnd: (uid: string, record: VerificationRecord) =>
      endOf(challenges, challengeOf(uid, record, recipientOf(record))),
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
      // Before the check: a change of the password meanwhile makes this proof an old one.
      const owner = await ownerOf(users, visits.mine(uid)!, record.identifier)
      const epoch = owner?.sessionEpoch ?? 0
      const step = { uid, event: state.event, visitor }
      await check(challenges, {
        ...challengeOf(uid, record, recipientOf(record)),
        named: keptForm(identifier.type, identifier.value),
        code,
        guess: {
          client: clientOf(uid, visitor, owner),
          message: record.id,
          tell: reached => tell(reached, step),
        },
      })
      await visits.apply(uid, { type: 'record-verified', id: verificationId, epoch })
    },
    /** Checks a password. @throws ApiError `session.invalid_credentials`, `user.suspended`, `password.expired`, the sentinel's */
    async verifyPassword(
      uid: string,
      { type, value }: PasswordIdentifier,
      password: string,
      visitor: Visitor,
    ): Promise<string> {
      const identifier = { type, value: keptForm(type, value) }
      const { event } = await visits.state(uid)
      const settings = await experience.read()
      const user = await users.findByPassword(identifier, password)
      const failure = user ? undefined : new ApiError('session.invalid_credentials')
      // Looked for again only for browsers that may be known: for everybody it would cost, and for some it would tell.
      const owner = visitor.browser?.isKnown ? await users.find(identifier) : undefined
      await conclude(
        challenges.limits,
        identifier,
        {
          failure,
          kind: 'password',
          client: clientOf(uid, visitor, owner),
          policy: settings.sentinelPolicy,
        },
        reached => tell(reached, { uid, event, visitor }),
      )
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
