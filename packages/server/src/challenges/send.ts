import type { ErrorCode, SignInExperience } from '@countersign/api'
import { SendError } from '@countersign/kit'
import { Spent } from '../budgets/budgets.ts'
import type { IssuedCode } from '../codes/codes.ts'
import type { Connection } from '../connections/room.ts'
import { turnOf } from '../connections/windows.ts'
import type { Candidates, Outcome } from '../delivery/delivery.ts'
import { toApiError, wasRefused } from '../delivery/refusal.ts'
import { type CodePolicy, codePolicy, minutesOf, pauseOf } from '../experience/experience.ts'
import { HeldBack } from '../fraud/fraud.ts'
import { asMainlandMobile } from '../identifiers/phone.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import type { AskedMessage, RefusalReason } from '../ledger/ledger.ts'
import { Limited, Paused, type Reservation } from '../limits/limits.ts'
import { isPlugin } from '../plugins/plugin.ts'
import { ApiError } from '../refusals/refusal.ts'
import { carrierOf } from '../routing/code-length.ts'
import { reconsidered } from '../routing/resend.ts'
import { isForNone, messageTo, type Route, route, type Way } from '../routing/routing.ts'
import { requirePossible } from '../users/possible-phone.ts'
import { type AskedBy, type Challenge, type ChallengeRoom, purposeOf } from './challenges.ts'
import { affordable, reserve } from './money.ts'
import { applicationOf, requireUnopposed } from './opposed.ts'
import { HeldUp } from './verdict.ts'

/** Takes back what was stored for a code, because its message certainly did not leave. */
export type TakeBack = () => Promise<unknown>

/** What the caller may store of a code that is made. */
export interface StoredCode {
  length: number
  /** Its message, where what becomes of that may be known later. */
  messageId: string | undefined
}

/** A code to be made and sent. */
export interface SendRequest extends Challenge {
  /** What templates may choose and say, besides the code: language, application. */
  context?: Record<string, unknown>
  askedBy: AskedBy
  /**
   * Stores what belongs to the code, such as the record that it is to verify, once the code itself is stored and before
   * a place is taken. When it fails, it has stored nothing.
   */
  alsoStore?(code: StoredCode): Promise<TakeBack>
  /** Whether a number that cannot exist gets its code all the same, because somebody has it. */
  isKept?(): Promise<boolean>
  /** True for pages, between whose sends to one recipient lies the pause that operators set. */
  isPaced?: boolean
  /** True where codes of one scope follow each other: the message that is out voids the older ones. */
  voidsOlder?: boolean
  /**
   * Given where nobody may learn whether the recipient has an account: the message then leaves after the answer, and
   * only if this says so, and no failure of it is told.
   */
  afterAnswer?(): Promise<boolean>
}

/** There are connections, but none of them is for the application. */
class NoneForApplication extends ApiError {
  constructor(type: string, applicationId: string | undefined) {
    super('connector.not_found', { data: { type, applicationId: applicationId ?? null } })
  }
}

/** A connection, with how it rests, where it does. */
type Planned = Connection & Pick<Way, 'rest'>

/** What goes out over which connections. */
interface Choice {
  route: Route<Planned>
  policy: CodePolicy
}

/**
 * For a back end there is a code even when nothing can carry it, as in Logto: whoever checks one afterwards hears that it
 * is another. Nobody can know it, not even a test identity's owner, and one that is out stays the one that counts.
 */
async function leaveCode(room: ChallengeRoom, request: SendRequest, policy: CodePolicy): Promise<void> {
  if (!request.voidsOlder || !(await room.codes.end(purposeOf(request), policy))) return
  await room.codes.issue(purposeOf(request), policy)
}

/**
 * Chooses the connections that a message may go over, once; the policy's codes are as long as all of them can carry. For
 * what does not leave, it does not matter where and for whom they send.
 */
async function choose(
  room: ChallengeRoom,
  request: SendRequest,
  settings: SignInExperience,
  { unsent, ...asked }: AskedMessage & { unsent: boolean },
): Promise<Choice> {
  const { channel } = request.recipient
  const inUse = await room.connections.inUse(channel)
  const applicationId = applicationOf(room, asked)
  const message = messageTo(request.recipient, applicationId)
  if (inUse.length === 0 || (!unsent && isForNone(message, inUse))) {
    await leaveCode(room, request, codePolicy(settings))
    const type = channel === 'sms' ? 'Sms' : 'Email'
    throw inUse.length === 0
      ? new ApiError('connector.not_found', { data: { type } })
      : new NoneForApplication(type, applicationId)
  }
  const ways = await room.health.rested(inUse)
  const planned = route(message, ways, room.chanceOf(request.recipient))
  const carriers = [...planned.candidates, ...planned.due]
  if (unsent) {
    const candidates = carriers.length > 0 ? carriers : inUse
    return {
      route: { candidates, due: [], resting: [] },
      policy: codePolicy(settings, carrierOf(candidates)),
    }
  }
  if (carriers.length > 0) {
    const policy = codePolicy(settings, carrierOf(carriers))
    return { route: await preferred(room, asked, planned, policy), policy }
  }
  if (planned.resting.length > 0) throw await allRest(room, asked, planned.resting)
  room.ledger.notSent(asked, { state: 'refused', reason: 'no_destination' })
  throw withMeant(toApiError(new SendError('region_unsupported'), channel), request.recipient)
}

/** For whoever asks again within the life of a code: first the connections that have not failed to reach them. */
async function preferred(
  room: ChallengeRoom,
  asked: AskedMessage,
  planned: Route<Planned>,
  { lifetime }: CodePolicy,
): Promise<Route<Planned>> {
  // Those that rest stay behind.
  const works = ({ rest }: Planned) => !rest
  const working = planned.candidates.filter(works)
  if (working.length < 2) return planned
  const first = reconsidered(working, await room.ledger.lately(asked, lifetime))
  return { ...planned, candidates: [...first, ...planned.candidates.filter(each => !works(each))] }
}

/** The refusal of a message that nobody is asked to send: with the failures for which its connections rest. */
async function allRest(
  room: ChallengeRoom,
  asked: AskedMessage,
  resting: readonly Connection[],
): Promise<ApiError> {
  room.ledger.notSent(asked, { state: 'refused', reason: 'resting' })
  const [cause, ...others] = (await Promise.all(resting.map(room.health.of))).map(
    ({ failure, code }) => new SendError(failure ?? 'unreachable', code === null ? {} : { code }),
  )
  return toApiError(cause ?? new SendError('unreachable'), asked.recipient.channel, others)
}

/**
 * The connections that a message goes over: before all others the first that is due, unless another message tries it.
 *
 * @throws ApiError `connector.*` when all rest and another message tries those that are due
 */
async function withDue(
  room: ChallengeRoom,
  asked: AskedMessage,
  { candidates, due, resting }: Route<Planned>,
): Promise<Candidates> {
  for (const one of due)
    if (await room.health.claim(one, one.rest?.isDue !== true)) return [one, ...candidates]
  const [first, ...others] = candidates
  if (!first) throw await allRest(room, asked, [...due, ...resting])
  return [first, ...others]
}

/** Digits that are a number abroad, where no code goes, may have been meant as a mainland number without its 86. */
function withMeant(error: unknown, { value }: Recipient): unknown {
  const meant = asMainlandMobile(value)
  const { failure } =
    ((error instanceof ApiError ? error.data : undefined) as { failure?: string } | undefined) ?? {}
  if (!(error instanceof ApiError) || meant === undefined || failure !== 'region_unsupported') return error
  return new ApiError(error.code, {
    data: { ...(error.data as object), didYouMean: meant },
    cause: error.cause,
  })
}

/** A code that is made, with all that is to be undone when its message certainly does not leave. */
interface Prepared {
  issued: IssuedCode
  place: Reservation
  takeBack(error: unknown): Promise<void>
}

/**
 * Takes a place, and makes and stores the code. Where the caller stores something along, that is stored first: of two
 * requests for one thing the second then meets what the first has stored, and not the limits. Where nothing is stored
 * along, the place comes first: then a request that is refused never stands in the way of the code that is out.
 */
async function prepare(
  { alsoStore }: SendRequest,
  hasReceipts: boolean,
  reserve: () => Promise<Reservation>,
  issue: () => IssuedCode,
): Promise<Prepared> {
  let place = alsoStore ? undefined : await reserve()
  let forget: TakeBack | undefined
  const issued = issue()
  const takeBack = async (error: unknown) => {
    const tried = wasRefused(error)
    await Promise.all([issued.withdraw(), place?.release({ tried }), forget?.()])
  }
  if (place) return { issued, place, takeBack }
  try {
    await issued.stored
    forget = await alsoStore?.({
      length: issued.code.length,
      messageId: hasReceipts ? issued.id : undefined,
    })
    place = await reserve()
  } catch (error) {
    await takeBack(error)
    throw error
  }
  return { issued, place, takeBack }
}

/**
 * Why a message was refused, as far as that was before there was an attempt.
 *
 * @example refusalOf(error) === 'budget' // no money is left
 */
export function refusalOf(error: unknown): RefusalReason | undefined {
  if (error instanceof Paused) return 'pause'
  if (error instanceof HeldUp) return error.reason
  if (error instanceof HeldBack) return 'fraud_escalated'
  if (error instanceof Spent) return 'budget'
  if (error instanceof Limited && error.scope !== 'recipient') return `limit_${error.scope}`
  if (error instanceof NoneForApplication) return 'no_application'
  return error instanceof ApiError ? REFUSALS[error.code] : undefined
}

const REFUSALS: Partial<Record<ErrorCode, RefusalReason>> = {
  'request.message_rate_limited': 'limit',
  'user.invalid_phone': 'impossible_number',
  'connector.not_found': 'no_connector',
  'connector.invalid_config': 'no_configuration',
}

/** Has the ledger count what was refused before there was an attempt. */
async function noting<T>(room: ChallengeRoom, message: AskedMessage, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const reason = refusalOf(error)
    if (error instanceof Spent) message.budget = error.budget
    if (reason) room.ledger.notSent(message, { state: 'refused', reason })
    throw error
  }
}

/**
 * Sends a code. The code, and what the caller stores along, are stored before the message leaves, so that a code that
 * arrives can be used whatever happens here; all is taken back when the message certainly did not leave.
 *
 * @example
 * await send(room, { recipient, usageType: 'Generic', scope: 'api', askedBy: { asker: { by: 'api' }, ip }, voidsOlder: true })
 *
 * @throws ApiError `user.invalid_phone`, `request.message_rate_limited` (`Paused` within a page's pause),
 * `connector.*`, `session.captcha_required`, `request.message_refused`, and what storing along throws
 */
export function send(room: ChallengeRoom, request: SendRequest): Promise<Outcome> {
  const { recipient, usageType, askedBy } = request
  const { asker, device } = askedBy
  const asked: AskedMessage = { recipient, usageType, asker, device, visitorIp: visitorOf(askedBy) }
  return noting(room, asked, () => sendAsked(room, request, asked))
}

/** The address of whoever wants the code: a back end's own says nothing of that. */
const visitorOf = ({ asker, ip, visitorIp }: AskedBy) => (asker.by === 'api' ? visitorIp : ip)

/** By what a message is counted besides its recipient, and whether the limits hold that nobody has set. */
const countedBy = (
  room: ChallengeRoom,
  { askedBy, recipient }: SendRequest,
  { candidates, due, resting }: Choice['route'],
) => ({
  turns:
    recipient.type === 'phone' && !room.isExempt(recipient.value)
      ? [...candidates, ...due].map(connection => turnOf(connection, recipient))
      : [],
  from: {
    ip: visitorOf(askedBy),
    applicationId: applicationOf(room, askedBy),
  },
  used: room.ledger.used,
  hasDefaults: [...candidates, ...due, ...resting].some(({ connector }) => !isPlugin(connector)),
})

async function sendAsked(room: ChallengeRoom, request: SendRequest, asked: AskedMessage): Promise<Outcome> {
  const { recipient, usageType, askedBy, afterAnswer } = request
  const fixed = await room.testIdentities.codeFor(recipient, usageType)
  const unsent = fixed !== undefined
  if (recipient.type === 'phone')
    await requirePossible(recipient.value, async () => unsent || (await request.isKept?.()) === true)
  const settings = await room.experience.read()
  const { route, policy } = await choose(room, request, settings, { ...asked, unsent })
  const { escalation, isKnown } = unsent ? {} : await requireUnopposed(room, askedBy, asked, route)
  const pause = request.isPaced ? pauseOf(settings) : undefined
  const spending = unsent
    ? undefined
    : await room.spending({
        recipient,
        applicationId: applicationOf(room, askedBy),
        connections: [...route.candidates, ...route.due],
        isKnown,
      })
  const { issued, place, takeBack } = await prepare(
    request,
    [...route.candidates, ...route.due].some(({ connector }) => connector.receipts !== undefined),
    () =>
      reserve(room, request, { unsent, pause, ...countedBy(room, request, route) }, { spending, escalation }),
    () => room.codes.begin(purposeOf(request), policy, fixed),
  )
  const payload = { ...request.context, code: issued.code, minutes: minutesOf(policy) }
  const message = {
    ...asked,
    id: issued.id,
    payload,
    secondCode: issued.second,
    ip: askedBy.ip,
    unsent,
  }
  try {
    // Trying one that rests is for messages that leave, and so it is claimed when nothing stands before them any more.
    if (!afterAnswer) {
      // Delivery hands a failure on; until then nobody waits for it, which must not end the process.
      issued.stored.catch(() => undefined)
      const candidates = await withDue(room, asked, affordable(route, spending))
      const outcome = await room.delivery.deliver(candidates, message, {
        // Where the place came first, the code and delivery's own record are stored in one wait for the disk.
        before: issued.stored,
        turns: place.turns,
        spending,
        ...(request.voidsOlder && { after: issued.settle }),
      })
      await place.turns.end()
      return outcome
    }
    await issued.stored
  } catch (error) {
    await takeBack(error)
    throw withMeant(error, recipient)
  }
  const hasAccount = await afterAnswer()
  // What becomes of it stands in the ledger, for operators.
  room.later.run(async () => {
    let isUnderWay = false
    const turns = place.turns.hidden()
    try {
      if (!hasAccount) return room.ledger.notSent(asked, { state: 'suppressed', reason: 'no_account' })
      await noting(room, asked, async () => {
        const candidates = await withDue(room, asked, affordable(route, spending))
        isUnderWay = true
        await room.delivery.deliver(candidates, message, { turns, spending })
      })
    } finally {
      await turns.end()
      // Delivery gives back by itself what was not needed.
      if (!isUnderWay) await spending?.settle([])
    }
  })
  return 'accepted'
}
