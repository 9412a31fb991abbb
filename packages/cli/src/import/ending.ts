import { CLAIM_LASTS, type MoveIn } from '@countersign/server/move-in'
import { EXIT, Stop } from '../exit-codes.ts'

const AGAIN = 'What is listed is here. Run the same command again: it goes on where it stopped.'

const OTHER =
  'Another import runs into this database, or was killed within the last minute. Wait for its end.'

/** What ends an import before its time; the signal's reason is a `Stop`. */
export interface Ending {
  signal: AbortSignal
  end(stop: Stop): void
  /** Listens to signals no more. */
  close(): void
}

/** Ends an import at Ctrl-C, so that what was done can still be told; a second Ctrl-C ends it at once. */
export function listenForEnd(): Ending {
  const controller = new AbortController()
  const end = (stop: Stop) => controller.abort(stop)
  const listener = () => end(new Stop(EXIT.interrupted, `Ended by a signal. ${AGAIN}`))
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, listener)
  return {
    signal: controller.signal,
    end,
    close() {
      for (const signal of signals) process.off(signal, listener)
    },
  }
}

/** Does the work of an import while no other runs on the same database. @throws Stop when one does */
export async function alone<T>(here: MoveIn, ending: Ending, work: () => Promise<T>): Promise<T> {
  const claim = await here.claim()
  if (!claim) throw new Stop(EXIT.refused, OTHER)
  const renewal = setInterval(async () => {
    // A database that is away for a moment shows itself to the work, too.
    const kept = await claim.renew().catch(() => true)
    if (!kept) ending.end(new Stop(EXIT.refused, `${OTHER} ${AGAIN}`))
  }, CLAIM_LASTS / 4)
  try {
    return await work()
  } finally {
    clearInterval(renewal)
    await claim.release()
  }
}
