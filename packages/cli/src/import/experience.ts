import { type SignInExperience, SignInExperiencePatch } from '@countersign/api'
import { ApiError, canonical } from '@countersign/server/move-in'
import { carryOut, decide } from './decide.ts'
import { type Ahead, isLikeThere, isWritten, type Move, type Note, type Outcome } from './outcome.ts'
import { isNothing, member, read, type Schema, sentenceOf } from './reading.ts'

/** Settings that come along, in an order in which later ones may need earlier ones. */
const MEMBERS = [
  'color',
  'branding',
  'languageInfo',
  'termsOfUseUrl',
  'privacyPolicyUrl',
  'agreeToTermsPolicy',
  'signUp',
  'signIn',
  'signInMode',
  'forgotPasswordMethods',
  'verificationCodePolicy',
  'sentinelPolicy',
  'emailBlocklistPolicy',
  'passwordPolicy',
  'passwordExpiration',
  'usernamePolicy',
  'supportEmail',
  'supportWebsiteUrl',
  'unknownSessionRedirectUrl',
] as const satisfies readonly (keyof SignInExperience)[]
type Member = (typeof MEMBERS)[number]

/** Settings of what Countersign does not do; told when they are in use. */
const OUTSIDE: Partial<Record<keyof SignInExperience, { part?: string; note: Note }>> = {
  socialSignInConnectorTargets: { note: { text: 'there is no sign-in over social accounts here' } },
  singleSignOnEnabled: { note: { text: 'there is no enterprise single sign-on here' } },
  mfa: {
    part: 'factors',
    note: {
      text: 'there is no second factor here: users sign in without it',
      remedy: 'Do not move in where you must have one.',
      lost: true,
    },
  },
  adaptiveMfa: { note: { text: 'there is no second factor here' } },
  passkeySignIn: { note: { text: 'there is no sign-in by passkey here' } },
  captchaPolicy: {
    note: {
      text: 'its provider stays behind; the check for people here asks nobody else',
      remedy: 'Switch it on in the console, under Protection.',
    },
  },
  signUpProfileFields: { note: { text: 'the pages here ask for no profile at registration' } },
  customCss: {
    note: {
      text: 'it is written for the parts of other pages than those here',
      remedy: 'Write one for them: docs/logto-compatibility.md names what it can hold on to.',
    },
  },
  customContent: { note: { text: 'the pages here have no places for content of your own' } },
  customUiAssets: {
    note: {
      text: 'pages of your own are not served here',
      remedy: 'Serve them yourself, over the Experience API.',
    },
  },
  hideLogtoBranding: { note: { text: 'the pages here name nobody but you' } },
}

/** Logto's own logo, which its installations begin with. */
const VENDOR = /^https:\/\/(?:[\w-]+\.)*logto\.io\//

/** The sign-in experience, setting by setting; what was decided is written in one go. */
export async function* moveExperience(move: Move): AsyncIterable<Outcome> {
  const given = await move.source.need('/api/sign-in-exp')
  const { experience } = move.here
  const current = await experience.read()
  const accepted: SignInExperiencePatch = {}
  const planned: { pair: ReturnType<typeof pairOf>; outcome: Outcome }[] = []
  for (const name of MEMBERS) {
    if (member(given, name) === undefined) continue
    const schema: Schema<unknown> = SignInExperiencePatch.shape[name].unwrap()
    const result = read(schema, tidy(name, member(given, name)))
    if ('problem' in result) {
      yield { id: name, action: 'failed', reason: { text: result.problem, remedy: BY_HAND } }
      continue
    }
    const pair = pairOf(name, current, experience.defaults, result.data)
    const outcome: Outcome = { id: name, ...(await decide(move, pair)) }
    if (isWritten(outcome)) {
      const next = { ...accepted, [name]: result.data }
      const refusal = await refusalOf(move, next, current)
      if (refusal) Object.assign(outcome, { action: 'failed', reason: refusal })
      else Object.assign(accepted, next)
    }
    if (isLikeThere(outcome)) Object.assign(outcome, withoutParts(name, given))
    planned.push({ pair, outcome })
  }
  const changes = Object.keys(accepted).length > 0
  if (changes && !move.trial) await experience.update(accepted, ...surroundings(move.ahead))
  const { caseSensitive } = accepted.usernamePolicy ?? current.usernamePolicy
  move.ahead.caseSensitive = caseSensitive
  move.here.assumeUsernameCase(caseSensitive)
  for (const { pair, outcome } of planned) {
    await carryOut(move, pair, outcome, async () => {})
    yield outcome
  }
  yield* outside(given)
}

const surroundings = ({ connectors, languages }: Ahead) =>
  [
    { sms: connectors.sms !== undefined, email: connectors.email !== undefined },
    languages,
    Object.values(connectors),
  ] as const

const BY_HAND = 'Set it in the console here.'

function pairOf(name: Member, current: SignInExperience, defaults: SignInExperience, wanted: unknown) {
  const seen = tidy(name, current[name])
  return {
    kind: 'experience',
    id: name,
    seen,
    wanted,
    unchosen: canonical(seen) === canonical(tidy(name, defaults[name])),
  }
}

/** A setting without what is the server's to write or is nobody's choice. */
function tidy(name: Member, value: unknown): unknown {
  if (name === 'passwordExpiration') {
    const { enabledAt: _, ...rest } = (value ?? {}) as Record<string, unknown>
    return rest
  }
  if (name === 'branding')
    return Object.fromEntries(
      Object.entries(value ?? {}).filter(([, url]) => typeof url === 'string' && !VENDOR.test(url)),
    )
  if (name === 'emailBlocklistPolicy') {
    const { blockDisposableAddresses: _, ...rest } = (value ?? {}) as Record<string, unknown>
    return rest
  }
  return value === '' ? null : value
}

const FRESH_AGES: Note = {
  text: 'how old each password is, and which had expired, nobody hands over: their ages count from now on',
  remedy:
    'To have somebody set a new one: PATCH /api/users/<id>/password/expiration with {"isExpired": true}.',
}

function withoutParts(name: Member, given: unknown): { without?: Note[] } {
  if (name === 'emailBlocklistPolicy' && member(member(given, name), 'blockDisposableAddresses') === true)
    return { without: [{ text: 'there is no list of disposable addresses here' }] }
  if (name === 'passwordExpiration' && member(member(given, name), 'enabled') === true)
    return { without: [FRESH_AGES] }
  return {}
}

/** Why the server here would refuse a change. */
async function refusalOf(
  { here, ahead }: Move,
  patch: SignInExperiencePatch,
  current: SignInExperience,
): Promise<Note | undefined> {
  try {
    await here.experience.check(patch, ...surroundings(ahead))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { text: sentenceOf(error), remedy: 'Set up what is missing here, then import again.' }
  }
  if (patch.usernamePolicy?.caseSensitive !== false || !current.usernamePolicy.caseSensitive) return undefined
  const { totalConflicts } = await here.users.caseConflicts(1)
  if (totalConflicts === 0) return undefined
  return {
    text: `${totalConflicts} usernames here differ by case alone`,
    remedy: 'Rename those users, then import again.',
  }
}

function* outside(given: unknown): Iterable<Outcome> {
  for (const [id, entry] of Object.entries(OUTSIDE)) {
    const value = member(given, id)
    const inUse = entry.part === undefined ? value : member(value, entry.part)
    if (!isNothing(inUse)) yield { id, action: 'skipped', reason: entry.note }
  }
}
