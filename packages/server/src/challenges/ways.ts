import type { SignInExperience } from '@countersign/api'
import { SendError } from '@countersign/kit'
import type { Connection } from '../connections/room.ts'
import type { Candidates } from '../delivery/delivery.ts'
import { toApiError } from '../delivery/refusal.ts'
import { type CodePolicy, codePolicy } from '../experience/experience.ts'
import { asMainlandMobile } from '../identifiers/phone.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import type { AskedMessage } from '../ledger/ledger.ts'
import { ApiError } from '../refusals/refusal.ts'
import { carrierOf } from '../routing/code-length.ts'
import { reconsidered } from '../routing/resend.ts'
import { isForNone, messageTo, type Route, route, type Way } from '../routing/routing.ts'
import { type Challenge, type ChallengeRoom, purposeOf } from './challenges.ts'
import { applicationOf } from './opposed.ts'

/** A message as far as it matters over which connections it goes. */
interface Carried extends Challenge {
  voidsOlder?: boolean
}

/** There are connections, but none of them is for the application. */
export class NoneForApplication extends ApiError {
  constructor(type: string, applicationId: string | undefined) {
    super('connector.not_found', { data: { type, applicationId: applicationId ?? null } })
  }
}

/** A connection, with how it rests, where it does. */
type Planned = Connection & Pick<Way, 'rest'>

/** What goes out over which connections. */
export interface Choice {
  route: Route<Planned>
  policy: CodePolicy
}

/**
 * For a back end there is a code even when nothing can carry it, as in Logto: whoever checks one afterwards hears that it
 * is another. Nobody can know it, not even a test identity's owner, and one that is out stays the one that counts.
 */
async function leaveCode(room: ChallengeRoom, request: Carried, policy: CodePolicy): Promise<void> {
  if (!request.voidsOlder || !(await room.codes.end(purposeOf(request), policy))) return
  await room.codes.issue(purposeOf(request), policy)
}

/**
 * Chooses the connections that a message may go over, once; the policy's codes are as long as all of them can carry. For
 * what does not leave, it does not matter where and for whom they send.
 *
 * @example const { route, policy } = await choose(room, request, settings, { ...asked, unsent: false })
 *
 * @throws ApiError `connector.*`
 */
export async function choose(
  room: ChallengeRoom,
  request: Carried,
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
 * @example const candidates = await withDue(room, asked, route)
 *
 * @throws ApiError `connector.*` when all rest and another message tries those that are due
 */
export async function withDue(
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

/**
 * Digits that are a number abroad, where no code goes, may have been meant as a mainland number without its 86.
 *
 * @example throw withMeant(error, recipient)
 */
export function withMeant(error: unknown, { value }: Recipient): unknown {
  const meant = asMainlandMobile(value)
  const { failure } =
    ((error instanceof ApiError ? error.data : undefined) as { failure?: string } | undefined) ?? {}
  if (!(error instanceof ApiError) || meant === undefined || failure !== 'region_unsupported') return error
  return new ApiError(error.code, {
    data: { ...(error.data as object), didYouMean: meant },
    cause: error.cause,
  })
}
