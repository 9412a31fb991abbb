import { Email, User, Username, WebAddress } from '@countersign/api'
import { maskRecipient } from '@countersign/server'
import {
  type ImportedUser,
  LONGEST_EMAIL,
  normalizePhone,
  phoneProblem,
  type StoredUser,
} from '@countersign/server/move-in'
import { createClaims } from './claims.ts'
import { carryOut, decide, type Pair } from './decide.ts'
import { isLikeThere, isWritten, type Move, type Note, type Outcome } from './outcome.ts'
import { isNothing, member, read, text, Unreadable } from './reading.ts'
import { NoAnswer } from './requests.ts'

const Given = User.partial().required({ id: true })

/** Members of the profile of which others make links. */
const LINKS = ['website', 'profile'] as const

/** The profile without links that do not lead to the web. */
function linksOf(profile: NonNullable<User['profile']>): NonNullable<User['profile']> {
  const kept = { ...profile }
  for (const field of LINKS) if (kept[field] && 'problem' in read(WebAddress, kept[field])) delete kept[field]
  return kept
}

/** Requests for single users under way at once: enough to be quick, few enough for a server at work. */
const AT_ONCE = 8

const AT_SOURCE = 'Correct it there and import again.'

const WRONG_NUMBER = {
  'no-mainland-mobile':
    'the phone number is no mobile number of mainland China, which has eleven digits after 86',
  'no-number': 'the phone number is none of any country',
} as const

/** Users with their ids and password hashes, newest first; those who are here keep what they changed here. */
export async function* moveUsers(move: Move): AsyncIterable<Outcome> {
  const claims = createClaims(move)
  const detailOf = createDetails(move)
  const waiting: unknown[] = []
  const done = new Set<string>()
  for await (const page of move.source.pages('/api/users')) {
    // Whoever registers there meanwhile moves the others on, and they come once more.
    const fresh = page.filter(each => !done.has(String(member(each, 'id'))))
    for (const each of fresh) done.add(String(member(each, 'id')))
    const details = await inTurns(fresh, detailOf)
    const planned: Planned[] = []
    // One after the other: who comes first has the identifier. The writes may share the disk's time.
    for (const given of details) {
      if (given === undefined) continue
      const each = await plan(move, claims, given)
      if (each.waits) waiting.push(given)
      else planned.push(each)
    }
    yield* await Promise.all(planned.map(each => write(move, each)))
  }
  yield* writeWaiting(move, claims, waiting)
}

/** Those whose identifier was another user's: again and again, as long as somebody lets one go that another takes. */
async function* writeWaiting(
  move: Move,
  claims: ReturnType<typeof createClaims>,
  given: unknown[],
): AsyncIterable<Outcome> {
  let waiting = given
  for (let before = Number.POSITIVE_INFINITY; waiting.length > 0; ) {
    const isLast = waiting.length === before
    before = waiting.length
    const still: unknown[] = []
    for (const each of waiting) {
      const planned = await plan(move, claims, each)
      if (planned.waits && !isLast) still.push(each)
      else yield await write(move, planned)
    }
    waiting = still
  }
}

interface Planned {
  outcome: Outcome
  /** Another user here has one of the identifiers, and may let it go in this run. */
  waits?: boolean
  pair?: Pair
  wanted?: ImportedUser
  seen?: StoredUser | undefined
}

/** So many users who follow each other may be unreadable; of more the Logto itself is the cause. */
const MOST_IN_A_ROW = 5

/** Asks for each user with the password's hash, which lists do not hold; undefined when deleted meanwhile. */
function createDetails({ source }: Move) {
  let inARow = 0
  return async (listed: unknown): Promise<unknown> => {
    const id = text(member(listed, 'id'))
    if (id === undefined || member(listed, 'hasPassword') === false || listed instanceof Unreadable)
      return listed
    try {
      const found = await source.get(`/api/users/${encodeURIComponent(id)}?includePasswordHash=true`)
      inARow = 0
      return found
    } catch (error) {
      inARow += 1
      if (!(error instanceof NoAnswer) || inARow > MOST_IN_A_ROW) throw error
      return new Unreadable('cannot be read from that Logto', listed as object)
    }
  }
}

async function plan(move: Move, claims: ReturnType<typeof createClaims>, given: unknown): Promise<Planned> {
  const id = text(member(given, 'id')) ?? '?'
  const about = { id, ...labelOf(given) }
  const failed = (reason: Note): Planned => ({ outcome: { ...about, action: 'failed', reason } })
  const result = read(Given, given)
  if ('problem' in result) return failed({ text: result.problem, remedy: AT_SOURCE })
  const data = result.data
  const phone = text(data.primaryPhone)
  const primaryPhone = phone === undefined ? null : (normalizePhone(phone) ?? phone)
  const wrong = primaryPhone === null ? undefined : phoneProblem(primaryPhone, 'length')
  if (wrong) return failed({ text: WRONG_NUMBER[wrong], remedy: AT_SOURCE })
  const primaryEmail = emailOf(data)
  if (primaryEmail === undefined)
    return failed({ text: 'the e-mail address is none that can be here', remedy: AT_SOURCE })
  const username = text(data.username) ?? null
  if (username !== null && 'problem' in read(Username, username))
    return failed({ text: 'the username is none that can be here', remedy: AT_SOURCE })

  const password = await passwordOf(move, data)
  const picture = text(data.avatar)
  // Others make pictures and links of it.
  const avatar = picture === undefined || 'problem' in read(WebAddress, picture) ? null : picture
  const profile = linksOf(data.profile ?? {})
  const wanted: ImportedUser = {
    id,
    username,
    primaryEmail,
    primaryPhone,
    name: data.name ?? null,
    avatar,
    customData: data.customData ?? {},
    profile,
    passwordHash: password.hash,
    passwordAlgorithm: password.algorithm,
    applicationId: data.applicationId ?? null,
    isSuspended: data.isSuspended ?? false,
    lastSignInAt: data.lastSignInAt ?? null,
    createdAt: data.createdAt ?? data.updatedAt ?? 0,
    updatedAt: data.updatedAt ?? data.createdAt ?? 0,
  }
  const seen = await move.here.users.byId(id)
  const pair: Pair = {
    kind: 'users',
    id,
    seen: seen && stateOf(seen),
    wanted: stateOf(wanted),
    lasting: true,
  }
  const outcome: Outcome = { ...about, ...(await decide(move, pair)) }
  const { action } = outcome
  if (action === 'kept') outcome.reason = seen ? STAYS : outcome.reason
  if (isWritten(outcome)) {
    const conflict = await claims.conflictOf(wanted, seen)
    if (conflict) return { ...failed(conflict.note), waits: conflict.where === 'here' }
  }
  const without = isLikeThere(outcome)
    ? [...password.without, ...lossesOf(data, wanted)]
    : stillLost(data, password.without, seen)
  if (without.length > 0) outcome.without = without
  return { outcome, pair, wanted, seen }
}

/** The e-mail address in the form in which it is stored here; undefined for one that cannot be. */
function emailOf(data: Partial<User>): string | null | undefined {
  const given = text(data.primaryEmail)
  if (given === undefined) return null
  const result = read(Email, given)
  return 'problem' in result || result.data.length > LONGEST_EMAIL ? undefined : result.data
}

/** Nothing of a user who lives here is overwritten. */
const STAYS: Note = { text: 'signed in or was changed here since; stays so' }

async function write(move: Move, { outcome, pair, wanted, seen }: Planned): Promise<Outcome> {
  if (!pair || !wanted) return outcome
  const { userImport } = move.here
  await carryOut(move, pair, outcome, async () => {
    const written = await (seen ? userImport.replace(wanted, seen) : userImport.insert(wanted))
    if (written === 'written') return true
    Object.assign(outcome, { action: 'failed', reason: MEANWHILE })
    return false
  })
  return outcome
}

const MEANWHILE: Note = {
  text: 'signed in here, or somebody took one of the identifiers, while this ran',
  remedy: 'Import again.',
}

/** What counts as a user's state. A closed list, so that the server may get further columns. */
function stateOf(user: ImportedUser) {
  const { id, username, primaryEmail, primaryPhone, name, avatar, customData, profile } = user
  const { passwordHash, passwordAlgorithm, applicationId, isSuspended } = user
  const { lastSignInAt, createdAt, updatedAt } = user
  return {
    ...{ id, username, primaryEmail, primaryPhone, name, avatar, customData, profile },
    ...{ passwordHash, passwordAlgorithm, applicationId, isSuspended },
    ...{ lastSignInAt, createdAt, updatedAt },
  }
}

/** The hash, when a password can be compared with it here; it becomes one of ours at the next sign-in. */
async function passwordOf({ here }: Move, data: Partial<User>) {
  const none = (text: string, remedy: string) => ({
    hash: null,
    algorithm: null,
    without: [{ text: `without password: ${text}`, remedy, lost: true as const }],
  })
  const { hasPassword, passwordDigest: digest, passwordAlgorithm: algorithm } = data
  if (!digest || !algorithm) {
    if (hasPassword !== true) return { hash: null, algorithm: null, without: [] }
    return none('that Logto hands no hashes over', `Bring it up to date first. ${NEW_PASSWORD}`)
  }
  const problem = await here.userImport.hashProblem(algorithm, digest)
  return problem ? none(`its hash is ${problem}`, NEW_PASSWORD) : { hash: digest, algorithm, without: [] }
}

const NEW_PASSWORD = 'Such users sign in with a code, or set a new password.'

/** What of a user does not come, besides the password. */
function lossesOf(data: Partial<User>, wanted: ImportedUser): Note[] {
  const notes = socialOf(data, wanted)
  if (text(data.avatar) !== undefined && wanted.avatar === null)
    notes.push({ text: 'without picture: it has no web address' })
  for (const field of LINKS)
    if (data.profile?.[field] !== undefined && wanted.profile[field] === undefined)
      notes.push({ text: `without ${field}: it is no web address` })
  return notes
}

/** What a user who lives here, or was deleted here, lacks all the same. */
function stillLost(data: Partial<User>, password: Note[], seen: StoredUser | undefined): Note[] {
  if (!seen) return []
  const lacking = seen.passwordHash === null ? password : []
  return [...lacking, ...socialOf(data, seen).filter(({ lost }) => lost)]
}

function socialOf(
  { identities }: Partial<User>,
  { username, primaryEmail, primaryPhone }: Pick<ImportedUser, 'username' | 'primaryEmail' | 'primaryPhone'>,
): Note[] {
  if (isNothing(identities)) return []
  if (username !== null || primaryEmail !== null || primaryPhone !== null)
    return [{ text: 'the social accounts do not come along' }]
  return [
    {
      text: 'has social accounts alone, with which nobody signs in here',
      remedy: 'Give them an e-mail address or phone number.',
      lost: true,
    },
  ]
}

/** What tells a user from others without telling who it is: of what the user has, the first. */
function labelOf(given: unknown): { label?: string } {
  const recipient = text(member(given, 'primaryPhone')) ?? text(member(given, 'primaryEmail'))
  if (recipient !== undefined) return { label: maskRecipient(recipient) }
  const username = text(member(given, 'username'))
  if (username !== undefined) return { label: `${[...username][0]}***` }
  const [target] = Object.keys(member(given, 'identities') ?? {})
  return target === undefined ? {} : { label: `an account of ${target}` }
}

/** Results in the order of the items, so many asked for at once. */
async function inTurns<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < items.length; start += AT_ONCE)
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(ask))))
  return results
}
