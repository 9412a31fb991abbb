import type { ErrorCode } from '@countersign/api'
import { type Spending, Spent } from '../budgets/budgets.ts'
import type { IssuedCode } from '../codes/codes.ts'
import { turnOf } from '../connections/windows.ts'
import type { Outcome, OutgoingMessage } from '../delivery/delivery.ts'
import { wasRefused } from '../delivery/refusal.ts'
import { minutesOf, pauseOf } from '../experience/experience.ts'
import { HeldBack } from '../fraud/fraud.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import type { AskedMessage, RefusalReason } from '../ledger/ledger.ts'
import { Limited, Paused, type Reservation } from '../limits/limits.ts'
import { isPlugin } from '../plugins/plugin.ts'
import { ApiError } from '../refusals/refusal.ts'
import { requirePossible } from '../users/possible-phone.ts'
import { type AskedBy, type Challenge, type ChallengeRoom, purposeOf } from './challenges.ts'
import { affordable, reserve } from './money.ts'
import { applicationOf, requireUnopposed } from './opposed.ts'
import { HeldUp } from './verdict.ts'
import { type Choice, choose, NoneForApplication, withDue, withMeant } from './ways.ts'

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
   * only if this says so, and no failure of it is told. Where it says whom else it goes to, it is counted, limited and
   * judged for `recipient` all the same, so that no count tells of an account either.
   */
  afterAnswer?(): Promise<boolean | Recipient>
  /** The name of the budget that stopped the text message in whose place it goes. */
  budget?: string | undefined
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
  const { recipient, usageType, askedBy, budget } = request
  const { asker, device } = askedBy
  const visitorIp = visitorOf(askedBy)
  const asked: AskedMessage = { recipient, usageType, asker, device, visitorIp, budget }
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
  const goes = await afterAnswer()
  const to = goes === true ? recipient : goes
  room.later.run(() =>
    sendHidden(room, asked, { route, spending, place }, to && { ...message, recipient: to }),
  )
  return 'accepted'
}

/**
 * Sends a message of which nobody may learn whether it leaves, or does not. What becomes of it stands in the ledger, for
 * operators.
 */
async function sendHidden(
  room: ChallengeRoom,
  asked: AskedMessage,
  { route, spending, place }: Pick<Choice, 'route'> & { spending: Spending | undefined; place: Reservation },
  message: OutgoingMessage | false,
): Promise<void> {
  let isUnderWay = false
  const turns = place.turns.hidden()
  try {
    if (!message) {
      const reason = asked.budget === undefined ? 'no_account' : 'no_address'
      return room.ledger.notSent(asked, { state: 'suppressed', reason })
    }
    await noting(room, asked, async () => {
      const candidates = await withDue(room, asked, affordable(route, spending))
      isUnderWay = true
      await room.delivery.deliver(candidates, message, { turns, spending })
    })
  } finally {
    await turns.end()
    // Delivery gives back by itself what was not needed.
    if (!isUnderWay) await spending?.settle([], { isHidden: true })
  }
}
