import { SendError } from '@countersign/kit'
import { parseConfig } from '../connections/configuration.ts'
import type { Connection } from '../connections/room.ts'
import { worded } from '../connections/sending.ts'
import { newId } from '../crypto/chance.ts'
import { describeError } from '../http/errors.ts'
import type { NewMessage } from '../ledger/ledger.ts'
import { next, type Step } from '../routing/course.ts'
import { type Attempt, beginAttempt, isUnderWay } from './attempt.ts'
import { toApiError } from './refusal.ts'
import type { Along, Candidates, DeliveryRoom, Outcome, OutgoingMessage } from './room.ts'

/** Another attempt with less than so many milliseconds left would not end in time. */
const LEAST_FOR_ANOTHER = 500

/** A message on its way. */
interface Course {
  out: OutgoingMessage & NewMessage
  /** The connections that may still be asked, and those that were. */
  candidates: readonly Connection[]
  attempts: Attempt[]
  /** The second code, once there is one; null where none is to be had. */
  second: string | null | undefined
  /** The moment at which all must be over. */
  end: number
  along: Along
}

/** The connection with its configuration as it sends: defaults filled in, and an operator's own text of an e-mail. */
async function asItSends(
  room: DeliveryRoom,
  connection: Connection,
  out: OutgoingMessage,
): Promise<Connection> {
  // A connection that was saved without configuration is refused here.
  const filled = { ...connection, config: parseConfig(connection.connector, connection.config) }
  return { ...filled, ...(await worded(room, filled, out)) }
}

/** What may come next, if those that are under way stay silent. */
function possible({ world }: DeliveryRoom, course: Course): Step<Connection> | undefined {
  const { candidates, attempts, second, end } = course
  if (attempts.length > 0 && end - world.now() <= LEAST_FOR_ANOTHER) return undefined
  const step = next(candidates, attempts)
  return step?.code === 'second' && second === null ? undefined : step
}

/** Silence says something of a connection while it lasts, and not only when it ends. */
function reportSilence(
  { health, underWay }: DeliveryRoom,
  { way, made }: Attempt,
  written: Promise<unknown>,
): void {
  const report = async () => health?.report(way, { failure: 'unreachable', at: made.at })
  const told: Promise<void> = written.then(report, () => undefined).finally(() => underWay.delete(told))
  underWay.add(told)
}

/** True for an attempt whose message left, or may have left. */
const mayHaveLeft = (attempt: Attempt) => isUnderWay(attempt) || attempt.accepted || attempt.failed?.maybeSent

/** Gives back the money that was not needed, when all attempts are over; nobody waits for that. */
function settleLater({ underWay }: DeliveryRoom, { along: { spending }, attempts }: Course): void {
  if (!spending) return
  const settling: Promise<void> = Promise.all(attempts.map(({ over }) => over))
    .then(() => spending.settle(attempts.filter(mayHaveLeft).map(({ way }) => way.id)))
    .finally(() => underWay.delete(settling))
  underWay.add(settling)
}

/**
 * Takes a step: makes the second code where it takes one, notes of the silent attempt that its message may have left, and
 * begins another. It begins none when the silent one has answered meanwhile, or when there is no second code to be had.
 */
async function take(room: DeliveryRoom, course: Course, { way, code }: Step<Connection>): Promise<void> {
  const { attempts, end, along } = course
  let { out } = course
  const connection = await asItSends(room, way, out)
  if (code === 'second') {
    // The messages before it may arrive, and cost what they cost.
    const before = attempts.filter(mayHaveLeft).length
    const isPaid = (await along.spending?.reserve(before + 1)) ?? true
    course.second = isPaid ? (course.second ?? (await out.secondCode?.()) ?? null) : null
    if (course.second === null) return
    out = { ...out, payload: { ...out.payload, code: course.second } }
  }
  if (attempts.some(({ accepted }) => accepted)) return
  const hedged = attempts.filter(isUnderWay).map(attempt => {
    attempt.hedged = true
    const written = room.ledger.hedged(attempt.made)
    reportSilence(room, attempt, written)
    return written
  })
  const stored = attempts.length === 0 ? along.before : Promise.all(hedged).then(() => undefined)
  const request = { way, connection, code, out, nth: attempts.length + 1, end }
  attempts.push(await beginAttempt(room, request, { ...along, before: stored }))
}

/** Asks nobody any more over a connection. */
function leaveOut(course: Course, way: Connection): void {
  course.candidates = course.candidates.filter(candidate => candidate !== way)
}

/** Takes a step. While a message may have left, an error of ours must not tell the caller that none has. */
async function tryStep(room: DeliveryRoom, course: Course, step: Step<Connection>): Promise<void> {
  try {
    // A provider that takes no more messages to this number for now would refuse it.
    if ((await course.along.turns?.take(step.way.id)) === false) return leaveOut(course, step.way)
    await take(room, course, step)
  } catch (error) {
    if (!course.attempts.some(mayHaveLeft)) throw error
    room.world.log('error', 'another attempt not begun', { error: describeError(error) })
    leaveOut(course, step.way)
  }
}

/**
 * Waits until an attempt has ended; or until the last one has been silent for longer than is usual, where another one may
 * follow.
 */
async function happening(room: DeliveryRoom, course: Course): Promise<void> {
  const { attempts, end } = course
  const open = attempts.filter(isUnderWay)
  const last = attempts.at(-1)
  if (open.length === 0 || !last) return
  const answered = open.map(attempt => attempt.answered.then(() => attempt))
  if (!isUnderWay(last) || last.silent || !possible(room, course)) {
    const ended = await Promise.race(answered)
    return ended.over
  }
  const patience = room.patience.with(last.way.id, end - last.leftAt)
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<void>(resolve => {
    // Where this process itself has stood still, an answer that has come meanwhile is read before anybody is called silent.
    const lookOnce = () => setImmediate(() => setImmediate(resolve))
    timer = setTimeout(lookOnce, last.leftAt + patience - room.world.now())
  })
  const ended = await Promise.race([...answered, silence])
  clearTimeout(timer)
  if (!ended) last.silent = true
  else await ended.over
}

/** What became of a message of which no attempt is under way. @throws ApiError when it certainly did not leave */
function outcomeOf({ out, attempts }: Course): Outcome {
  const failures = attempts.flatMap(({ failed }) => failed ?? [])
  if (failures.some(({ maybeSent }) => maybeSent)) return 'unconfirmed'
  // Without any, the places at all providers were taken meanwhile.
  const last = failures.at(-1) ?? new SendError('rate_limited')
  throw toApiError(last, out.recipient.channel, failures.slice(0, -1))
}

/** Takes step after step until one is accepted, or none is possible and none is under way. */
async function go(room: DeliveryRoom, course: Course): Promise<Outcome> {
  for (;;) {
    const step = possible(room, course)
    if (step) await tryStep(room, course, step)
    else if (!course.attempts.some(isUnderWay)) {
      await Promise.all(course.attempts.map(({ over }) => over))
      return outcomeOf(course)
    }
    await happening(room, course)
    const accepted = course.attempts.find(attempt => attempt.accepted)
    await accepted?.over
    if (accepted) return 'accepted'
  }
}

/**
 * Delivers one message over the first of its candidates that can. Another one is asked when the one before could not send
 * it, and beside it when that has been silent for longer than is usual: then, as always after an attempt that may have left,
 * with a second code. All of it together takes no longer than one send may take; what is under way when one has accepted
 * the message goes on, and its outcome is written when it comes.
 *
 * @example await deliver(room, candidates, { recipient, usageType: 'SignIn', payload: { code: '739154' }, asker })
 *
 * @throws ApiError `connector.*` when none could, with `data.failure` saying in which way
 */
export async function deliver(
  room: DeliveryRoom,
  candidates: Candidates,
  out: OutgoingMessage,
  along: Along = {},
): Promise<Outcome> {
  const { world, timeout } = room
  // The ledger hands a failure on; until then nobody waits for it, which must not end the process.
  along.before?.catch(() => undefined)
  const message = { ...out, id: out.id ?? newId(world.random) }
  if (out.unsent) {
    // A connection without configuration refuses these too.
    await asItSends(room, candidates[0], out)
    await room.ledger.withhold(message, along.before)
    await along.after?.()
    return 'accepted'
  }
  const course: Course = {
    out: message,
    candidates,
    attempts: [],
    second: out.secondCode ? undefined : null,
    end: world.now() + timeout,
    along,
  }
  try {
    return await go(room, course)
  } finally {
    settleLater(room, course)
  }
}
