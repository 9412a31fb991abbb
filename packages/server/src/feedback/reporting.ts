import { type Conversion, SendError } from '@countersign/kit'
import { parseConfig } from '../connections/configuration.ts'
import type { Connection } from '../connections/room.ts'
import type { FeedbackRoom } from './room.ts'
import type { Tally } from './store.ts'

/** Requests to one cloud at the same time. */
const AT_THE_SAME_TIME = 4

/** Milliseconds for one request. */
export const FOR_ONE = 4000

/** How often something is reported again that did not reach the provider. */
const MOST_RETRIES = 2

/** How much of that waits on a node for its next look; what exceeds it is dropped. */
const MOST_WAITING = 200

/** After so many failures in a row the provider is left alone for an hour; then one failure is enough. */
const MOST_IN_A_ROW = 10
const PAUSE = 60 * 60_000

/** What is to be reported, and how often that was tried in vain. */
export interface Report {
  conversion: Conversion
  tries: number
}

/** Reports to providers what became of codes. What did not reach one waits for the next time, on this node alone. */
export function createReporting({ store, world }: Pick<FeedbackRoom, 'store' | 'world'>) {
  const waiting = new Map<string, Report[]>()

  /** Reports one message; gives the error where the provider did not take it. */
  async function report({ connector, config }: Connection, { conversion }: Report) {
    const { fetch, now, random } = world
    try {
      const settings = parseConfig(connector, config) as never
      await connector.feedback!.report(conversion, settings, { fetch, now, random, deadline: FOR_ONE })
      return undefined
    } catch (error) {
      return error instanceof SendError ? error : new SendError('provider_fault')
    }
  }

  /** Whether a report that failed is to be made once more. */
  function keeps(id: string, { conversion, tries }: Report, { failure }: SendError): boolean {
    const others = waiting.get(id) ?? []
    if (failure !== 'unreachable' || tries >= MOST_RETRIES || others.length >= MOST_WAITING) return false
    waiting.set(id, [...others, { conversion, tries: tries + 1 }])
    return true
  }

  return {
    /** Takes what is waiting to be reported once more. */
    again(id: string): Report[] {
      const reports = waiting.get(id) ?? []
      waiting.delete(id)
      return reports
    },
    /**
     * Reports some messages, and writes down what that came to. Gives how many failures there were in a row by the end;
     * undefined when there were too many, and the provider is left alone.
     *
     * @param before failures in a row until now
     */
    async all(
      connection: Connection,
      before: number,
      reports: readonly Report[],
      isStopped: () => boolean,
    ): Promise<number | undefined> {
      const { id, connector } = connection
      const tally: Tally = { told: 0, failed: 0, streak: 0, pausedUntil: null }
      const inARow = () => tally.streak + (tally.told > 0 ? 0 : before)
      for (let from = 0; from < reports.length && !isStopped(); from += AT_THE_SAME_TIME) {
        const some = reports.slice(from, from + AT_THE_SAME_TIME)
        const errors = await Promise.all(some.map(each => report(connection, each)))
        for (const [index, error] of errors.entries()) {
          tally.streak = error ? tally.streak + 1 : 0
          tally.told += error ? 0 : 1
          if (!error) continue
          tally.failed += keeps(id, some[index]!, error) ? 0 : 1
          tally.last = { failure: error.failure, providerCode: error.code ?? null, at: world.now() }
        }
        if (inARow() < MOST_IN_A_ROW) continue
        tally.pausedUntil = world.now() + PAUSE
        waiting.delete(id)
        const { failure, providerCode } = tally.last!
        world.log('warn', 'provider not told of codes for an hour', {
          connector: connector.id,
          failure,
          ...(providerCode !== null && { providerCode }),
        })
        break
      }
      await store.add(id, tally)
      return tally.pausedUntil === null ? inARow() : undefined
    },
  }
}
