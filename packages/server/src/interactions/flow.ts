import type { InteractionEvent, SignInExperience } from '@countersign/api'
import type { UsageType } from '@countersign/kit'
import { bytesOf, tooBig } from '../http/sizes.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { Identifier } from '../users/users.ts'

/** A proof that the visitor holds an identifier, or is about to. */
export interface VerificationRecord {
  id: string
  type: 'EmailVerificationCode' | 'PhoneVerificationCode' | 'Password' | 'NewPasswordIdentity'
  identifier: Identifier
  verified: boolean
  /**
   * The owner's epoch when the record was verified. When another epoch has begun, the record proves nothing any more.
   */
  epoch?: number
  /** Which template the code went out with. */
  templateType?: UsageType
  /** How many digits the code has, for the page that asks for it. */
  codeLength?: number
  /**
   * The message whose fate the page may tell. It is missing where nobody may learn whether there was a message, because it
   * leaves only if an account exists.
   */
  messageId?: string
  /** The hash of the password that a new identity brings, never the password itself. */
  passwordHash?: string
}

/** What is to be written to the user at the end, or is the new user. */
export interface StagedProfile {
  username?: string
  primaryEmail?: string
  primaryPhone?: string
  passwordHash?: string
  name?: string
  avatar?: string
  profile?: Record<string, unknown>
  customData?: Record<string, unknown>
}

/** Most bytes that the further fields of one interaction take as JSON. Every later step carries them along. */
export const MOST_STAGED = 44 * 1024

/** Where one interaction of an end user stands, from the identifier to the finish. */
export interface State {
  event: InteractionEvent
  userId?: string
  /** The user's epoch when it became known who it is. The session that is about to begin belongs to it. */
  epoch?: number
  profile: StagedProfile
  records: VerificationRecord[]
  /** The visitor has passed the check for people: how many messages they have asked for since. */
  human?: number
}

/**
 * For how many messages one check for people is good: more than any honest visitor asks for, and few enough that who asks
 * for many pays for them in work.
 */
const MOST_PER_CHECK = 10

/**
 * Whether a visitor counts as a person when another message is judged.
 *
 * @example askedBy: { asker, humanity: humanityOf(interaction.current()) }
 */
export const humanityOf = (state: Pick<State, 'human'> | undefined): 'passed' | 'missing' =>
  state?.human !== undefined && state.human < MOST_PER_CHECK ? 'passed' : 'missing'

/** What a user has that the sign-up settings may ask for. */
export interface Possessions {
  username?: string | null
  primaryEmail?: string | null
  primaryPhone?: string | null
  passwordHash?: string | null
}

/** The user that an identifier belongs to, as far as the flow must know. */
export interface Owner {
  id: string
  isSuspended: boolean
  sessionEpoch: number
}

/** Everything that can happen to an interaction. The steps look facts up and hand them in; the flow only judges. */
export type Event =
  | { type: 'begin'; event: InteractionEvent }
  | { type: 'captcha-passed' }
  | { type: 'change-event'; event: InteractionEvent; mode: SignInExperience['signInMode'] }
  | { type: 'add-record'; record: VerificationRecord }
  /** A message was asked for that has no record. */
  | { type: 'message-asked' }
  | { type: 'drop-record'; id: string; previous: VerificationRecord | undefined }
  | { type: 'record-verified'; id: string; epoch: number }
  | { type: 'identify'; id: string; experience: SignInExperience; owner: Owner | undefined }
  | { type: 'stage-record'; id: string }
  /** `userId`: for whom the step judged it; another request may have created or changed the user since. */
  | { type: 'stage'; profile: StagedProfile; userId: string | undefined }
  | { type: 'user-created'; userId: string; epoch: number }
  | { type: 'password-reset'; passwordHash: string }

/**
 * Computes the next state after an event. It is pure: the same state and event always give the same answer, whether a
 * hosted page or the Experience API raised it. Drawn in docs/flows.md.
 *
 * @example step(undefined, { type: 'begin', event: 'SignIn' }) // { event: 'SignIn', profile: {}, records: [] }
 *
 * @throws ApiError with Logto's code for it when the event is not allowed in this state
 */
export function step(state: State | undefined, event: Event): State {
  if (event.type === 'begin')
    return {
      event: event.event,
      profile: {},
      records: [],
      ...(state?.human !== undefined && { human: state.human }),
    }
  if (!state) throw new ApiError('session.interaction_not_found')
  switch (event.type) {
    case 'captcha-passed':
      return { ...state, human: 0 }
    case 'change-event':
      return changeEvent(state, event.event, event.mode)
    case 'add-record':
      // There is one record of a kind, so asking for a code again makes the earlier record unknown.
      return {
        ...state,
        records: [...state.records.filter(record => record.type !== event.record.type), event.record],
        ...(state.human !== undefined && event.record.templateType && { human: state.human + 1 }),
      }
    case 'message-asked':
      return state.human === undefined ? state : { ...state, human: state.human + 1 }
    case 'drop-record': {
      // Nothing went out: the record of the earlier message, whose code still counts, comes back.
      const others = state.records.filter(record => record.id !== event.id)
      if (others.length === state.records.length) return state
      return { ...state, records: event.previous ? [...others, event.previous] : others }
    }
    case 'record-verified': {
      const record = findRecord(state, event.id)
      return {
        ...state,
        records: state.records.map(other =>
          other === record ? { ...record, verified: true, epoch: event.epoch } : other,
        ),
      }
    }
    case 'identify':
      return identify(state, event.id, event.experience, event.owner)
    case 'stage-record':
      // Otherwise what the user was created with would be staged once more, and the finish would be refused for ever.
      if (state.userId !== undefined) throw new ApiError('session.identity_conflict')
      return { ...state, profile: { ...state.profile, ...profileOf(registeringRecord(state, event.id)) } }
    case 'stage':
      if (state.userId !== event.userId) throw new ApiError('session.identity_conflict')
      return { ...state, profile: addTo(state.profile, event.profile) }
    case 'user-created':
      if (state.userId !== undefined) throw new ApiError('session.identity_conflict')
      return { ...state, userId: event.userId, epoch: event.epoch, profile: {} }
    case 'password-reset':
      if (state.event !== 'ForgotPassword') throw new ApiError('session.invalid_interaction_type')
      if (state.userId === undefined) throw new ApiError('session.identifier_not_found')
      return { ...state, profile: { ...state.profile, passwordHash: event.passwordHash } }
  }
}

/** Adds to the staged profile. Members of its objects add up, so two requests that bring different ones lose none. */
function addTo(staged: StagedProfile, more: StagedProfile): StagedProfile {
  const objects = (['profile', 'customData'] as const).flatMap(name =>
    more[name] ? [[name, { ...staged[name], ...more[name] }]] : [],
  )
  const result: StagedProfile = { ...staged, ...more, ...Object.fromEntries(objects) }
  if (bytesOf(furtherFields(result)) > MOST_STAGED)
    throw tooBig('values', `all that one sign-in brings must have at most ${MOST_STAGED} bytes`)
  return result
}

/**
 * Picks the further fields, which are neither identifiers nor a password.
 *
 * @example bytesOf(furtherFields(state.profile))
 */
export const furtherFields = ({ name, avatar, profile, customData }: StagedProfile) => ({
  name,
  avatar,
  profile,
  customData,
})

function changeEvent(state: State, event: InteractionEvent, mode: SignInExperience['signInMode']): State {
  if ((event === 'SignIn' && mode === 'Register') || (event === 'Register' && mode === 'SignIn'))
    throw new ApiError('auth.forbidden')
  if (event !== state.event && (event === 'ForgotPassword' || state.event === 'ForgotPassword'))
    throw new ApiError('session.not_supported_for_forgot_password')
  return event === state.event ? state : { ...state, event, profile: {} }
}

/**
 * Finds the record with an id, and of a type where one is named.
 *
 * @example const { identifier } = findRecord(state, verificationId, 'PhoneVerificationCode')
 *
 * @throws ApiError `session.verification_session_not_found`
 */
export function findRecord(state: State, id: string, type?: VerificationRecord['type']): VerificationRecord {
  const record = state.records.find(candidate => candidate.id === id && (!type || candidate.type === type))
  if (!record) throw new ApiError('session.verification_session_not_found')
  return record
}

/**
 * True when the visitor has proved who they are: a user, or somebody who gets the messages to a number or address.
 *
 * @example const isStranger = !isKnown(interaction.current())
 */
export const isKnown = ({ userId, records }: State): boolean =>
  userId !== undefined || records.some(({ verified, templateType }) => verified && templateType !== undefined)

function identify(state: State, id: string, experience: SignInExperience, owner: Owner | undefined): State {
  const record = findRecord(state, id)
  if (state.event === 'ForgotPassword') requireResetMethod(record, experience)
  else requireSignInMethod(record, experience)
  if (!record.verified) throw new ApiError('session.verification_failed')
  if (!owner) throw new ApiError('user.user_not_exist', { data: { identifier: record.identifier.value } })
  if (owner.isSuspended) throw new ApiError('user.suspended')
  if (state.userId !== undefined && state.userId !== owner.id) throw new ApiError('session.identity_conflict')
  // When the user's password was changed since, what was proved before that opens nothing any more.
  if ((record.epoch ?? 0) !== owner.sessionEpoch) throw new ApiError('session.verification_failed')
  return { ...state, userId: owner.id, epoch: owner.sessionEpoch }
}

function requireSignInMethod(
  { type, identifier }: VerificationRecord,
  { signIn, signInMode }: SignInExperience,
): void {
  if (signInMode === 'Register') throw new ApiError('auth.forbidden')
  const factor = type === 'Password' ? 'password' : 'verificationCode'
  const enabled = signIn.methods.some(method => method.identifier === identifier.type && method[factor])
  if (!enabled || type === 'NewPasswordIdentity') throw new ApiError('user.sign_in_method_not_enabled')
}

function requireResetMethod({ type }: VerificationRecord, { forgotPasswordMethods }: SignInExperience): void {
  const allowed =
    (type === 'EmailVerificationCode' || type === 'PhoneVerificationCode') &&
    (forgotPasswordMethods === null || forgotPasswordMethods.includes(type))
  if (!allowed) throw new ApiError('session.not_supported_for_forgot_password', { kind: 'unprocessable' })
}

/**
 * Finds the record that a registration builds on.
 *
 * @example const { identifier } = registeringRecord(state, verificationId)
 *
 * @throws ApiError `session.verification_session_not_found`, `session.verification_failed`
 */
export function registeringRecord(state: State, id: string): VerificationRecord {
  const record = findRecord(state, id)
  if (record.type === 'Password' || !record.verified) throw new ApiError('session.verification_failed')
  return record
}

function profileOf({ type, identifier, passwordHash }: VerificationRecord): StagedProfile {
  if (type === 'EmailVerificationCode') return { primaryEmail: identifier.value }
  if (type === 'PhoneVerificationCode') return { primaryPhone: identifier.value }
  return { username: identifier.value, ...(passwordHash && { passwordHash }) }
}

export type MissingProfile = 'username' | 'emailOrPhone' | 'email' | 'phone' | 'password'

/**
 * Lists what the sign-up settings require and neither the user nor the staged profile has, in Logto's order.
 *
 * @example missingProfile(settings.signUp, { ...user, ...state.profile }) // ['phone']
 */
export function missingProfile(signUp: SignInExperience['signUp'], has: Possessions): MissingProfile[] {
  const { identifiers, secondaryIdentifiers = [], password } = signUp
  const secondary = secondaryIdentifiers.map(item => item.identifier)
  const withUsername = identifiers.includes('username')
  const primary = (kind: 'email' | 'phone') => !withUsername && identifiers.includes(kind)
  const either = (primary('email') && primary('phone')) || secondary.includes('emailOrPhone')
  const needs: [MissingProfile, boolean, boolean][] = [
    ['username', withUsername || secondary.includes('username'), !!has.username],
    ['emailOrPhone', either, !!has.primaryEmail || !!has.primaryPhone],
    ['email', (primary('email') && !primary('phone')) || secondary.includes('email'), !!has.primaryEmail],
    ['phone', (primary('phone') && !primary('email')) || secondary.includes('phone'), !!has.primaryPhone],
    ['password', password, !!has.passwordHash],
  ]
  return needs.flatMap(([name, needed, present]) => (needed && !present ? [name] : []))
}

/**
 * Chooses the template that a code goes out with, as Logto does.
 *
 * @example templateTypeOf('Register', 'email', state, settings) // 'Register'
 */
export function templateTypeOf(
  event: InteractionEvent,
  type: 'email' | 'phone',
  state: State,
  { signUp }: SignInExperience,
): UsageType {
  const known = [...signUp.identifiers, ...(signUp.secondaryIdentifiers ?? []).map(item => item.identifier)]
  const inSignUp = known.includes(type) || known.includes('emailOrPhone')
  return state.userId !== undefined && !inSignUp ? 'BindMfa' : event
}
