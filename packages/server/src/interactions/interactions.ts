import type { InteractionEvent, ProfileStep, SignInExperience, Submission } from '@countersign/api'
import { type Experience, requireAllowedEmail } from '../experience/experience.ts'
import { ApiError } from '../http/errors.ts'
import { bytesOf, tooBig } from '../http/sizes.ts'
import { MOST_OWN_DATA } from '../users/own-data.ts'
import { passwordProblems } from '../users/password-policy.ts'
import { hashPassword } from '../users/passwords.ts'
import { usernameProblem } from '../users/username-policy.ts'
import type { StoredUser, Users } from '../users/users.ts'
import type { World } from '../world.ts'
import { sortExtraProfile } from './extra-profile.ts'
import {
  findRecord,
  furtherFields,
  isKnown,
  missingProfile,
  registeringRecord,
  type StagedProfile,
  type State,
} from './flow.ts'
import type { Tell, Visitor } from './happenings.ts'
import { personalData } from './personal.ts'
import type { Visits } from './visits.ts'

const HAS = {
  username: 'user.username_exists_in_profile',
  email: 'user.email_exists_in_profile',
  phone: 'user.phone_exists_in_profile',
  password: 'user.password_exists_in_profile',
} as const

const TAKEN = {
  username: 'user.username_already_in_use',
  primaryEmail: 'user.email_already_in_use',
  primaryPhone: 'user.phone_already_in_use',
} as const

const IDENTIFIERS = ['username', 'primaryEmail', 'primaryPhone'] as const

const OF_FIELD = { username: 'username', primaryEmail: 'email', primaryPhone: 'phone' } as const

/** Most bytes of further fields, as JSON, that somebody brings into an account who proved nothing. */
const MOST_UNPROVED = 1024

/** The records without anything that would help a thief. */
const shownRecords = ({ records }: State): Record<string, unknown>[] =>
  records.map(({ passwordHash: _, codeLength: __, epoch: ___, verified, ...record }) =>
    record.type === 'NewPasswordIdentity' ? record : { ...record, verified },
  )

const contextOf = ({ ip, userAgent }: Visitor) => ({ ...(ip && { ip }), ...(userAgent && { userAgent }) })

/**
 * Fails closed where an operator asked for a check whether visitors are people: none can be passed here.
 *
 * @throws ApiError `session.captcha_required`
 */
export function requireHuman({ captchaPolicy }: SignInExperience): void {
  if (captchaPolicy.enabled === true) throw new ApiError('session.captcha_required')
}

/** Drives interactions: looks facts up, lets the flow judge, and writes users at the end. */
export function createInteractions(deps: {
  visits: Visits
  experience: Experience
  users: Users
  /** Puts the login on the authorization request; returns the address to send the browser to. */
  finishLogin(
    uid: string,
    userId: string,
    options: { submission: Submission; epoch: number; cookies: string | undefined },
  ): Promise<string>
  /** Clears away what a new password has ended, and writes it down. */
  sessionsEnded(userId: string): Promise<void>
  tell: Tell
  world: World
}) {
  const { visits, experience, users, finishLogin, sessionsEnded, tell, world } = deps

  /**
   * Just what is staged may be there already: a submission that came first, or that died halfway, wrote it.
   *
   * @throws ApiError `user.*_exists_in_profile` when the user got something else by now
   */
  function requireLacking(user: StoredUser, profile: StagedProfile): void {
    const has = (field: (typeof IDENTIFIERS)[number] | 'passwordHash') =>
      profile[field] !== undefined && user[field] !== null && user[field] !== profile[field]
    for (const field of IDENTIFIERS) if (has(field)) throw new ApiError(HAS[OF_FIELD[field]])
    if (has('passwordHash')) throw new ApiError(HAS.password)
  }

  /** @throws ApiError `user.*_already_in_use` when a staged identifier belongs to somebody else by now */
  async function requireFree(profile: StagedProfile, self?: string): Promise<void> {
    for (const field of IDENTIFIERS) {
      const value = profile[field]
      if (value === undefined) continue
      const owner = await users.find({ type: OF_FIELD[field], value })
      if (owner && owner.id !== self) throw new ApiError(TAKEN[field])
    }
  }

  function requireUsername(username: string, { usernamePolicy }: SignInExperience): void {
    const problem = usernameProblem(username, usernamePolicy)
    const { minLength: min, maxLength: max } = usernamePolicy
    if (problem) throw new ApiError(problem, { values: { min, max } })
  }

  async function requirePassword(
    password: string,
    user: StoredUser | undefined,
    state: State,
    settings: SignInExperience,
  ) {
    const problems = passwordProblems(password, settings.passwordPolicy, personalData(state, user))
    if (problems.length > 0) throw new ApiError('password.rejected', { data: problems })
    if (user?.passwordHash && (await users.passwordMatches(user, password)))
      throw new ApiError('user.same_password')
  }

  async function register(uid: string, verificationId: string | undefined, visitor: Visitor): Promise<void> {
    const settings = await experience.read()
    let state = await visits.state(uid)
    if (verificationId !== undefined) {
      const { identifier } = findRecord(state, verificationId)
      if (identifier.type === 'email') requireAllowedEmail(identifier.value, settings)
      registeringRecord(state, verificationId)
      if (identifier.type === 'username') requireUsername(identifier.value, settings)
      const owner = await users.find(identifier)
      if (owner) throw new ApiError(`user.${identifier.type}_already_in_use`)
      state = await visits.apply(uid, { type: 'stage-record', id: verificationId })
    }
    if (settings.signInMode === 'SignIn') throw new ApiError('auth.forbidden')
    requireHuman(settings)
    if (state.userId !== undefined) throw new ApiError('session.identity_conflict')
    const missing = missingProfile(settings.signUp, state.profile)
    if (missing.length > 0) throw new ApiError('user.missing_profile', { data: { missingProfile: missing } })
    // Settings may ask for nothing at all; an account that nobody could ever come back to is made all the same by Logto.
    if (!IDENTIFIERS.some(field => state.profile[field] !== undefined))
      throw new ApiError('session.verification_failed')
    if (!isKnown(state) && bytesOf(furtherFields(state.profile)) > MOST_UNPROVED)
      throw tooBig(
        'values',
        `who registers without a code brings at most ${MOST_UNPROVED} bytes; stage the rest when the account is there`,
      )
    const user = await users.create(state.profile)
    await tell({ type: 'user-created', user }, { uid, event: state.event, visitor })
    await visits.apply(uid, { type: 'user-created', userId: user.id, epoch: user.sessionEpoch })
  }

  async function identified(state: State): Promise<StoredUser> {
    if (state.userId === undefined) throw new ApiError('session.identifier_not_found')
    const user = await users.byId(state.userId)
    if (!user || user.sessionEpoch !== (state.epoch ?? 0)) throw new ApiError('session.identifier_not_found')
    if (user.isSuspended) throw new ApiError('user.suspended')
    return user
  }

  return {
    start: (uid: string, event: InteractionEvent) => visits.apply(uid, { type: 'begin', event }),
    async changeEvent(uid: string, event: InteractionEvent): Promise<void> {
      const { signInMode } = await experience.read()
      await visits.apply(uid, { type: 'change-event', event, mode: signInMode })
    },
    /** Says whose the verified identifier is, or creates the user. True when a user was created. */
    async identify(uid: string, verificationId: string | undefined, visitor: Visitor): Promise<boolean> {
      const state = await visits.state(uid)
      if (state.event === 'Register') {
        await register(uid, verificationId, visitor)
        return true
      }
      if (verificationId === undefined) throw new ApiError('guard.invalid_input')
      const owner = await users.find(findRecord(state, verificationId).identifier)
      await visits.apply(uid, {
        type: 'identify',
        id: verificationId,
        experience: await experience.read(),
        owner,
      })
      return false
    },
    /** Stages a part of the profile. @throws ApiError in Logto's order of checks */
    async addProfile(uid: string, part: ProfileStep): Promise<void> {
      const state = await visits.state(uid)
      if (state.event === 'ForgotPassword') throw new ApiError('session.not_supported_for_forgot_password')
      if (state.event === 'SignIn' && state.userId === undefined)
        throw new ApiError('session.identifier_not_found')
      const settings = await experience.read()
      const user = state.userId === undefined ? undefined : await users.byId(state.userId)
      const stage = (profile: StagedProfile) =>
        visits.apply(uid, { type: 'stage', profile, userId: state.userId })
      if (part.type === 'extraProfile') {
        await stage(sortExtraProfile(part.values))
        return
      }
      const record =
        part.type === 'email' || part.type === 'phone'
          ? findRecord(
              state,
              part.verificationId,
              part.type === 'email' ? 'EmailVerificationCode' : 'PhoneVerificationCode',
            )
          : undefined
      if (record && !record.verified) throw new ApiError('session.verification_failed')
      if (part.type === 'email') requireAllowedEmail(record!.identifier.value, settings)
      const current = user && {
        username: user.username,
        email: user.primaryEmail,
        phone: user.primaryPhone,
        password: user.passwordHash,
      }
      if (current?.[part.type]) throw new ApiError(HAS[part.type])
      if (part.type === 'username') {
        requireUsername(part.value, settings)
        await requireFree({ username: part.value }, user?.id)
        await stage({ username: part.value })
      } else if (part.type === 'password') {
        await requirePassword(part.value, user, state, settings)
        await stage({ passwordHash: await hashPassword(part.value) })
      } else {
        const { value } = record!.identifier
        const profile = part.type === 'email' ? { primaryEmail: value } : { primaryPhone: value }
        await requireFree(profile, user?.id)
        await stage(profile)
      }
    },
    /** Stages the new password of a reset. @throws ApiError in Logto's order of checks */
    async resetPassword(uid: string, password: string): Promise<void> {
      const state = await visits.state(uid)
      if (state.event !== 'ForgotPassword') throw new ApiError('session.invalid_interaction_type')
      const user = await identified(state)
      await requirePassword(password, user, state, await experience.read())
      await visits.apply(uid, { type: 'password-reset', passwordHash: await hashPassword(password) })
    },
    /** Finishes. Returns where to send the browser; undefined after a password reset. */
    async submit(uid: string, visitor: Visitor): Promise<string | undefined> {
      const state = await visits.state(uid)
      const settings = await experience.read()
      requireHuman(settings)
      const user = await identified(state)
      const step = { uid, event: state.event, visitor }
      if (state.event === 'ForgotPassword') {
        const { passwordHash } = state.profile
        if (passwordHash === undefined) throw new ApiError('user.new_password_required_in_profile')
        // Nothing goes on but what signs in from now on, with the new password.
        const changed = await users.changePassword(user.id, { passwordHash }, {}, user.sessionEpoch)
        await visits.clear(uid)
        await sessionsEnded(user.id)
        await tell({ type: 'user-changed', user: changed, sessionsEnded: true }, step)
        await tell({ type: 'finished', user: changed, sessionsEnded: true }, step)
        return undefined
      }
      requireLacking(user, state.profile)
      await requireFree(state.profile, user.id)
      const missing = missingProfile(settings.signUp, { ...user, ...state.profile })
      if (missing.length > 0)
        throw new ApiError('user.missing_profile', { data: { missingProfile: missing } })
      const { customData, profile, ...rest } = state.profile
      const changed = await users.updateAdding(
        user.id,
        { ...rest, lastSignInAt: world.now() },
        { ...(customData && { customData }), ...(profile && { profile }) },
        MOST_OWN_DATA,
      )
      const submission = {
        interactionEvent: state.event,
        userId: user.id,
        verificationRecords: shownRecords(state),
        signInContext: contextOf(visitor),
      }
      const address = await finishLogin(uid, user.id, {
        submission,
        epoch: user.sessionEpoch,
        cookies: visitor.browser?.cookies,
      })
      // That somebody signed in is no change of the user.
      if (Object.keys(state.profile).length > 0) await tell({ type: 'user-changed', user: changed }, step)
      await tell({ type: 'finished', user: changed }, step)
      return address
    },
    /** Where the interaction stands, without anything that would help a thief. */
    async describe(uid: string, visitor?: Visitor): Promise<Record<string, unknown>> {
      const state = await visits.state(uid)
      const { captchaPolicy } = await experience.read()
      const { event, userId, profile } = state
      const { passwordHash: _, ...shown } = profile
      return {
        interactionEvent: event,
        ...(userId !== undefined && { userId }),
        profile: shown,
        verificationRecords: shownRecords(state),
        mfa: {},
        captcha: { verified: false, skipped: captchaPolicy.enabled !== true },
        ...(visitor && { signInContext: contextOf(visitor) }),
      }
    },
  }
}

export type Interactions = ReturnType<typeof createInteractions>
