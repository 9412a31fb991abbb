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

/**
 * Asks all parts of the protection whether the message may leave, and keeps with it what they note. Gives back what the
 * message is counted under besides, where it goes because a check for people was passed.
 *
 * @example const escalation = await requireUnopposed(room, request.askedBy, asked, route)
 *
 * @throws ApiError `session.captcha_required`, `request.message_refused`, `request.message_rate_limited`
 */
export async function requireUnopposed(
  room: Pick<ChallengeRoom, 'judges' | 'applicationId' | 'isKnown'>,
  askedBy: AskedBy,
  asked: AskedMessage,
  { candidates, due }: Record<'candidates' | 'due', readonly Connection[]>,
): Promise<Escalation | undefined> {
  if (room.judges.length === 0) return undefined
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
  return humanity === 'passed' ? objections.find(({ passed }) => passed)?.passed : undefined
}
