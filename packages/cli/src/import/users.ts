import { Email, User, Username, WebAddress } from '@countersign/api'
import { maskRecipient } from '@countersign/server'
import {
  type ImportedUser,
  LONGEST_EMAIL,
  normalizePhone,
  phoneProblem,
  type StoredUser,
} from '@countersign/server/move-in'
import { circlesOf, type Waiting } from './circles.ts'
import { type Claims, type Conflict, createClaims } from './claims.ts'
import { decide, type Pair, rememberSame } from './decide.ts'
import { linksOf, lossesOf, passwordOf, stillLost } from './losses.ts'
import { isLikeThere, isWritten, type Move, type Note, type Outcome } from './outcome.ts'
import { member, read, text, Unreadable } from './reading.ts'
import { NoAnswer } from './requests.ts'

const Given = User.partial().required({ id: true })

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
      if (each.conflict?.rivals) waiting.push(given)
      else planned.push(each)
    }
    yield* (await Promise.all(planned.map(each => write(move, claims, [each])))).flat()
  }
  yield* writeWaiting(move, claims, waiting)
}

/**
 * Those whose identifier was another user's when their turn came. Whoever exchanges identifiers with others is written
 * in one transaction with them, so that a run that dies leaves the old state of all or the new one.
 */
async function* writeWaiting(move: Move, claims: Claims, waiting: unknown[]): AsyncIterable<Outcome> {
  const movable: (Planned & Waiting & { given: unknown })[] = []
  for (const given of waiting) {
    const each = await plan(move, claims, given)
    if (isWritten(each.outcome))
      movable.push({ ...each, given, id: each.outcome.id, rivals: each.conflict?.rivals ?? [] })
    else yield* await write(move, claims, [each])
  }
  const { groups, stuck } = circlesOf(movable)
  for (const group of groups) yield* await write(move, claims, group)
  for (const { given } of stuck) {
    // Some of those who stood in the way have gone: who is named is one that has not.
    const { outcome, conflict } = await plan(move, claims, given)
    yield failed(outcome, conflict?.note ?? outcome.reason ?? MEANWHILE)
  }
}

interface Planned {
  /** What becomes of the user where no other one is in the way. */
  outcome: Outcome
  conflict?: Conflict | undefined
  pair?: Pair
  wanted?: ImportedUser
  seen?: StoredUser | undefined
}

const failed = ({ id, label }: Pick<Outcome, 'id' | 'label'>, reason?: Note): Outcome => ({
  id,
  ...(label !== undefined && { label }),
  action: 'failed',
  ...(reason && { reason }),
})

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

async function plan(move: Move, claims: Claims, given: unknown): Promise<Planned> {
  const id = text(member(given, 'id')) ?? '?'
  const about = { id, ...labelOf(given) }
  const result = read(Given, given)
  if ('problem' in result) return { outcome: failed(about, { text: result.problem, remedy: AT_SOURCE }) }
  const data = result.data
  const phone = text(data.primaryPhone)
  const primaryPhone = phone === undefined ? null : (normalizePhone(phone) ?? phone)
  const wrong = primaryPhone === null ? undefined : phoneProblem(primaryPhone, 'length')
  if (wrong) return { outcome: failed(about, { text: WRONG_NUMBER[wrong], remedy: AT_SOURCE }) }
  const primaryEmail = emailOf(data)
  if (primaryEmail === undefined)
    return {
      outcome: failed(about, { text: 'the e-mail address is none that can be here', remedy: AT_SOURCE }),
    }
  const username = text(data.username) ?? null
  if (username !== null && 'problem' in read(Username, username))
    return { outcome: failed(about, { text: 'the username is none that can be here', remedy: AT_SOURCE }) }

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
  const conflict = isWritten(outcome) ? await claims.conflictOf(wanted) : undefined
  if (conflict && !conflict.rivals) return { outcome: failed(about, conflict.note) }
  const without = isLikeThere(outcome)
    ? [...password.without, ...lossesOf(data, wanted)]
    : stillLost(data, password.without, seen)
  if (without.length > 0) outcome.without = without
  return { outcome, conflict, pair, wanted, seen }
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

/** Carries out what was planned of users; of several that are written all or none. */
async function write(move: Move, claims: Claims, planned: readonly Planned[]): Promise<Outcome[]> {
  const { here, trial } = move
  const outcomes = planned.map(each => each.outcome)
  const writes = planned.flatMap(({ outcome, pair, wanted, seen }) =>
    pair && wanted && isWritten(outcome) ? [{ user: wanted, seen, state: pair.wanted }] : [],
  )
  if (trial) for (const { user, seen } of writes) seen && claims.free(user.id, seen)
  else if (writes.length > 0 && (await here.writeUsers(writes)) === 'meanwhile')
    for (const outcome of outcomes) Object.assign(outcome, { action: 'failed', reason: MEANWHILE })
  for (const { outcome, pair } of planned)
    if (pair && outcome.action === 'same' && !trial) await rememberSame(move, pair)
  return outcomes
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
