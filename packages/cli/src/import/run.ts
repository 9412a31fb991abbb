import { moveApplications } from './applications.ts'
import { moveConnectors } from './connectors.ts'
import { moveExperience } from './experience.ts'
import {
  ACTIONS,
  type Action,
  type KindName,
  type Move,
  type Mover,
  type Note,
  type Outcome,
} from './outcome.ts'
import { movePhrases } from './phrases.ts'
import { moveResources } from './resources.ts'
import { moveTemplates } from './templates.ts'
import { moveUsers } from './users.ts'

const MOVERS: Record<KindName, Mover> = {
  connectors: moveConnectors,
  templates: moveTemplates,
  phrases: movePhrases,
  resources: moveResources,
  applications: moveApplications,
  experience: moveExperience,
  users: moveUsers,
}

/** What became of one kind. */
export interface KindResult {
  kind: KindName
  counts: Record<Action, number>
  /** Of users only those about whom there is something to say: there may be millions. */
  outcomes: Outcome[]
}

/** How the move looks before anything was moved. */
export async function beginMove(
  options: Pick<Move, 'source' | 'here' | 'resource' | 'trial' | 'overwrite'>,
): Promise<Move> {
  const { here } = options
  const [sms, email] = [await here.connections.byChannel('sms'), await here.connections.byChannel('email')]
  return {
    ...options,
    ahead: {
      connectors: { ...(sms && { sms: sms.connector }), ...(email && { email: email.connector }) },
      languages: (await here.phrases.list()).map(each => each.languageTag),
      caseSensitive: (await here.experience.read()).usernamePolicy.caseSensitive,
    },
  }
}

/**
 * Moves one kind, and counts.
 *
 * @param progress is told after each object how many there were
 * @throws Stop when the source gives no answer; what was moved stays, and is in `result`
 */
export async function moveKind(
  move: Move,
  result: KindResult,
  progress: (count: number) => void,
): Promise<void> {
  let count = 0
  for await (const outcome of MOVERS[result.kind](move)) {
    result.counts[outcome.action] += 1
    if (result.kind !== 'users' || isWorthTelling(outcome)) result.outcomes.push(outcome)
    count += 1
    progress(count)
  }
}

/** A result with nothing in it. */
export const emptyResult = (kind: KindName): KindResult => ({
  kind,
  counts: Object.fromEntries(ACTIONS.map(action => [action, 0])) as Record<Action, number>,
  outcomes: [],
})

const isWorthTelling = ({ action, without }: Outcome) =>
  action === 'failed' || action === 'skipped' || without !== undefined

/** True when something that operators or users count on is not here. */
export const fellShort = (results: readonly KindResult[]): boolean =>
  results.some(
    ({ counts, outcomes }) =>
      counts.failed > 0 || outcomes.some(({ reason, without = [] }) => reason?.lost || without.some(isLost)),
  )

const isLost = ({ lost }: Note) => lost === true
