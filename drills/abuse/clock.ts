/** What somebody does at a moment of the simulated time; it may lead to more. */
interface Deed {
  /** Milliseconds since the Unix epoch. */
  at: number
  does(): Promise<void>
}

/** Deeds so close together, in milliseconds, may happen at once. */
const AT_ONCE = 10_000

/** A time of its own: it stands still while something is done, and jumps from one deed to the next. */
export interface Clock {
  now(): number
  /** Has something done at a moment, or at once where that is over. */
  plan(at: number, does: () => Promise<void>): void
  /**
   * Lets time pass until nothing is planned any more.
   *
   * @param width so many deeds at once
   */
  run(width: number): Promise<void>
}

/**
 * Makes a clock.
 *
 * @param start milliseconds since the Unix epoch
 * @example
 * const clock = createClock(Date.UTC(2027, 0, 1))
 * clock.plan(clock.now() + 60_000, async () => console.log(new Date(clock.now())))
 * await clock.run(4)
 */
export function createClock(start: number): Clock {
  let moment = start
  const deeds: Deed[] = []
  /** From the last to the first, so that the next one is taken from the end. */
  let inOrder = true
  const next = (): Deed | undefined => {
    if (!inOrder) deeds.sort((a, b) => b.at - a.at)
    inOrder = true
    return deeds.at(-1)
  }
  return {
    now: () => moment,
    plan(at, does) {
      deeds.push({ at: Math.max(at, moment), does })
      inOrder = false
    },
    async run(width) {
      for (let first = next(); first; first = next()) {
        moment = first.at
        const together: Deed[] = []
        while (together.length < width && (next()?.at ?? Number.POSITIVE_INFINITY) <= first.at + AT_ONCE)
          together.push(deeds.pop()!)
        await Promise.all(together.map(deed => deed.does()))
      }
    },
  }
}
