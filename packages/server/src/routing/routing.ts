import { ELSEWHERE } from '@countersign/api'
import { type CodeLengths, type Destination, FAILURES, type Failure, readPhone } from '@countersign/kit'
import { carries, narrowed } from './code-length.ts'
import { arranged, partition, type Sharing } from './shares.ts'

/** A connection, as far as it matters here. */
export interface Way extends Sharing {
  channel: 'sms' | 'email'
  enabled: boolean
  /** Region codes, `CN` for mainland China, and `elsewhere` for all others. E-mail goes everywhere. */
  destinations: readonly string[]
  /** The ids of the applications whose messages may go over it; null for all, and for what no application asked for. */
  applications: readonly string[] | null
  /** Which codes its connector carries. */
  connector: { codeLength?: CodeLengths }
  /** Undefined while it works. */
  rest?: Rest | undefined
  /** Where messages can go with its settings; undefined when these are not whole. Asked only where it decides. */
  reach(): readonly Destination[] | undefined
}

/** A connection that does not work as it should: it is passed over where another one can carry the message. */
export interface Rest {
  /** It answers at once, so that asking it in vain costs nobody any time: it is passed over only while others can send. */
  isPrompt: boolean
  /** One message is to try it now, although another connection can carry that. */
  isDue: boolean
  /** One message is to try it now, when no other connection can carry that. */
  isDueAlone: boolean
}

/** A message, as far as it matters here; a `Recipient` is one. */
export interface RoutedMessage {
  channel: 'sms' | 'email'
  /** A number with its country code first, or an address. */
  value: string
  /** The country of the number; undefined where nobody can tell. */
  country?: string | undefined
  /** Of the application that it is sent for; undefined where there is none. */
  applicationId?: string | undefined
}

/**
 * A message to a recipient, for an application or none.
 *
 * @example plan(messageTo(recipient, 'vd5t0rk3xq1z'), connections)
 */
export const messageTo = (
  // Its country may be found only when it is asked for, so it is named here.
  { channel, value, country }: Omit<RoutedMessage, 'applicationId'>,
  applicationId: string | undefined,
): RoutedMessage => ({ channel, value, country, applicationId })

/**
 * What becomes of a connection for one message: it is a `candidate`, or why it is none. It is `off`; its `applications`
 * leave the message's out; its `destinations` leave the number out; its settings are `incomplete`; its settings have
 * `no_template` for the destination; it is `resting`, or `due`, so that the next message tries it first; or its codes are
 * never as long as those of the candidates before it (`code_length`).
 */
export type Verdict =
  | 'candidate'
  | 'off'
  | 'applications'
  | 'destinations'
  | 'incomplete'
  | 'no_template'
  | 'resting'
  | 'due'
  | 'code_length'

/** A connection with what becomes of it. */
export interface Judged<W> {
  way: W
  verdict: Verdict
}

const destinationOf = ({ value }: RoutedMessage): Destination =>
  readPhone(value, { bare: false })?.destination ?? 'overseas'

/** Whether a message goes where the connection may send to. */
function goesThere(message: RoutedMessage, { destinations }: Way): boolean {
  if (message.channel === 'email') return true
  if (destinationOf(message) === 'china') return destinations.includes('CN')
  if (destinations.includes(ELSEWHERE)) return true
  const { country } = message
  return country !== undefined && destinations.includes(country)
}

/** Why the settings of a connection cannot carry a message; undefined when they can. */
function lack(message: RoutedMessage, way: Way): 'incomplete' | 'no_template' | undefined {
  const reach = way.reach()
  if (!reach) return 'incomplete'
  return message.channel === 'email' || reach.includes(destinationOf(message)) ? undefined : 'no_template'
}

/** Whether a message's application, or that it has none, is among those that the connection is for. */
const isFor = ({ applicationId }: RoutedMessage, { applications }: Way): boolean =>
  applications === null || (applicationId !== undefined && applications.includes(applicationId))

/** What becomes of a connection by itself, whatever others there are. */
function alone(message: RoutedMessage, way: Way): Verdict {
  if (!way.enabled) return 'off'
  if (!isFor(message, way)) return 'applications'
  return goesThere(message, way) ? 'candidate' : 'destinations'
}

/**
 * Passes over those that rest. Where all do, those that answer at once are candidates all the same; of the others one
 * message tries each now and then, and nobody else waits for it.
 */
function letRest(able: readonly Judged<Way>[]): void {
  const isAwake = able.some(({ way }) => !way.rest)
  for (const one of able) {
    const { rest } = one.way
    if (!rest) continue
    if (isAwake ? rest.isDue : rest.isDueAlone) one.verdict = 'due'
    else if (isAwake || !rest.isPrompt) one.verdict = 'resting'
  }
}

/** What becomes of every connection of the channel, and those that may carry the message, in the order of their turns. */
function considered<W extends Way>(message: RoutedMessage, connections: readonly W[], chance?: number) {
  const judged = connections
    .filter(way => way.channel === message.channel)
    .map((way): Judged<W> => ({ way, verdict: alone(message, way) }))
  const chosen = judged.filter(({ verdict }) => verdict === 'candidate')
  if (chosen.length > 1) {
    const lacks = chosen.map(({ way }) => lack(message, way))
    if (lacks.includes(undefined))
      for (const [index, one] of chosen.entries()) one.verdict = lacks[index] ?? 'candidate'
  }
  letRest(chosen.filter(({ verdict }) => verdict === 'candidate'))
  const due = chosen.filter(({ verdict }) => verdict === 'due')
  // When all others have failed, asking it costs no time, and it may work again.
  const behind = chosen.filter(({ way, verdict }) => verdict === 'resting' && way.rest?.isPrompt)
  const able = chosen.filter(({ verdict }) => verdict === 'candidate')
  const turns = arranged(
    able.map(one => ({ one, share: one.way.share })),
    chance,
  ).map(({ one }) => one)
  let lengths: CodeLengths | undefined
  // One that is due yields to those that work, although it would be asked before them.
  for (const one of [...turns, ...behind, ...due]) {
    const both = narrowed(lengths, one.way.connector.codeLength)
    if (carries(both)) lengths = both
    else one.verdict = 'code_length'
  }
  return { judged, turns, behind }
}

const waysOf = <W>(judged: readonly Judged<W>[], wanted: Verdict): W[] =>
  judged.flatMap(({ way, verdict }) => (verdict === wanted ? [way] : []))

/**
 * Says of each connection of the message's channel what becomes of it, in their order, for messages that no share
 * reaches.
 *
 * What is known beforehand only passes a connection over where another one can carry the message: where none can, the
 * send itself says what is wrong.
 *
 * @example judge(recipient, connections).find(({ verdict }) => verdict === 'candidate')?.way
 */
export const judge = <W extends Way>(message: RoutedMessage, connections: readonly W[]): Judged<W>[] =>
  considered(message, connections).judged

/**
 * The connections that a message may go over, the first of them first. It is a pure function of what it is given.
 *
 * @example const candidates = plan(recipient, await connections.list(), chanceOf(keys, recipient.canonical, now))
 *
 * @param chance which part of all messages it belongs to, from 0 to below 1; without it no share reaches it
 */
export const plan = <W extends Way>(
  message: RoutedMessage,
  connections: readonly W[],
  chance?: number,
): W[] => route(message, connections, chance).candidates

/** Over what a message goes. */
export interface Route<W> {
  /** The connections that it may go over, the first of them first. */
  candidates: W[]
  /** Those that rest, of which it is to try one before all others if no other message does. */
  due: W[]
  /** Those that rest and are passed over, also where they are the last candidates. */
  resting: W[]
}

/**
 * The same as `plan`, with those that it leaves out because one message alone is to try them.
 *
 * @example const { candidates, due } = route(recipient, await connections.inUse('sms'))
 */
export function route<W extends Way>(
  message: RoutedMessage,
  connections: readonly W[],
  chance?: number,
): Route<W> {
  const { judged, turns, behind } = considered(message, connections, chance)
  return {
    candidates: [...waysOf(turns, 'candidate'), ...waysOf(behind, 'resting')],
    due: waysOf(judged, 'due'),
    resting: waysOf(judged, 'resting'),
  }
}

/**
 * Whether no connection in use is for the message's application.
 *
 * @example if (isForNone(message, inUse)) // Nothing can be sent for this application.
 */
export const isForNone = (message: RoutedMessage, connections: readonly Way[]): boolean =>
  !connections.some(way => way.channel === message.channel && way.enabled && isFor(message, way))

/** What becomes of so many of a hundred messages. */
export interface Case<W> {
  percent: number
  /** As `plan` gives them. */
  candidates: W[]
}

/**
 * What becomes of messages like this one, as the shares divide them; nothing where there is no candidate.
 *
 * @example cases(recipient, connections) // [{ percent: 5, candidates: [b, a] }, { percent: 95, candidates: [a, b] }]
 */
export function cases<W extends Way>(message: RoutedMessage, connections: readonly W[]): Case<W>[] {
  const able = considered(message, connections).turns.map(({ way }) => way)
  const all: Case<W>[] = []
  for (const { percent, chance } of able.length === 0 ? [] : partition(able)) {
    const candidates = plan(message, connections, chance)
    const same = all.find(
      other =>
        other.candidates.length === candidates.length &&
        candidates.every((way, turn) => other.candidates[turn] === way),
    )
    if (same) same.percent += percent
    else all.push({ percent, candidates })
  }
  return all
}

/** How much a failure says to whoever must mend it. */
function tells(failure: Failure): number {
  const { then } = FAILURES[failure]
  if (then === 'stop') return 3
  if (then === 'retry') return 0
  return failure === 'unrecognized' ? 1 : 2
}

/**
 * Of the failures of all candidates the one that says most about what to mend; of several, the last.
 *
 * @example mostTelling([balanceExhausted, unreachable]) // balanceExhausted
 */
export function mostTelling<F extends { failure: Failure }>(failures: readonly [...F[], F]): F {
  return failures.reduce((best, each) => (tells(each.failure) >= tells(best.failure) ? each : best))
}
