import type { Connection } from '../connections/room.ts'
import type { Escalation } from '../fraud/fraud.ts'
import type { AskedMessage } from '../ledger/ledger.ts'
import type { AskedBy, ChallengeRoom } from './challenges.ts'
import { HeldUp, heldUp } from './verdict.ts'

/**
 * The application that a message is for: the one that the asker names, else that of the request that is under way.
 *
 * @example applicationOf(room, request.askedBy)
 */
export const applicationOf = (
  room: Pick<ChallengeRoom, 'applicationId'>,
  { asker }: Pick<AskedBy, 'asker'>,
): string | undefined => asker.applicationId ?? room.applicationId()

/** Asks once at most, and only when somebody wants to know. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => {
    answer ??= ask()
    return answer
  }
}

/** A message that nothing holds up. */
interface Unopposed {
  /** What it is counted under besides, where it goes because a check for people was passed. */
  escalation?: Escalation | undefined
  /** Whether whoever asks was here before; undefined for back ends and whoever is signed in, who are no strangers. */
  isKnown?: (() => Promise<boolean>) | undefined
}

/**
 * Asks all parts of the protection whether the message may leave, and keeps with it what they note.
 *
 * @example const { escalation, isKnown } = await requireUnopposed(room, request.askedBy, asked, route)
 *
 * @throws ApiError `session.captcha_required`, `request.message_refused`, `request.message_rate_limited`
 */
export async function requireUnopposed(
  room: Pick<ChallengeRoom, 'judges' | 'applicationId' | 'isKnown'>,
  askedBy: AskedBy,
  asked: AskedMessage,
  { candidates, due }: Record<'candidates' | 'due', readonly Connection[]>,
): Promise<Unopposed> {
  if (room.judges.length === 0) return {}
  const humanity = askedBy.humanity ?? 'impossible'
  const judged = {
    ...asked,
    applicationId: applicationOf(room, askedBy),
    humanity,
    isKnown: once(() => room.isKnown(asked)),
    connections: [...candidates, ...due],
  }
  const said = await Promise.all(room.judges.map(judge => judge(judged)))
  const objections = said.flatMap(each => each ?? [])
  // Whatever stops it hereafter, the ledger tells of what was found.
  asked.fraud = objections.find(({ note }) => note !== undefined)?.note
  const objection = heldUp(objections, humanity)
  if (objection) throw objection.refusal ?? new HeldUp(objection)
  return {
    escalation: humanity === 'passed' ? objections.find(({ passed }) => passed)?.passed : undefined,
    isKnown: humanity === 'impossible' ? undefined : judged.isKnown,
  }
}
