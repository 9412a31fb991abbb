/** The work to be done: `claim` takes the next thing, of no key that is `full`, and `work` does it. */
export interface Work<T> {
  claim(full: string[]): Promise<T | undefined>
  work(claimed: T): Promise<void>
  /** Things of one key are held up together, as those to one webhook are. */
  keyOf(claimed: T): string
  /** Told of an error that `claim` or `work` throws. */
  failed(error: unknown): void
  /** Things under way at once. */
  most: number
  /** Of them of one key, so that a key that holds up its things holds up only those. */
  mostOfOne: number
}

/** Runners of work, of which as many run as there is to do. */
export interface Runners {
  /** Takes on one runner more, unless there are enough or none is wanted any longer. */
  add(): void
  /** Resolves when nothing is under way here. */
  idle(): Promise<void>
  /** Takes on nothing more. */
  stop(): void
}

/**
 * Works off what is there to do, several things at once. For example:
 *
 *     const runners = createRunners({ claim, work, keyOf: row => row.hook_id, failed, most: 10, mostOfOne: 4 })
 *     runners.add()
 *     await runners.idle()
 */
export function createRunners<T>({ claim, work, keyOf, failed, most, mostOfOne }: Work<T>): Runners {
  const running = new Set<Promise<void>>()
  /** The number of things under way of each key. */
  const busy = new Map<string, number>()
  let stopped = false
  /** One runner at a time looks for the next thing: they would all find the same. */
  let turn: Promise<unknown> = Promise.resolve()

  function inTurn<R>(look: () => Promise<R>): Promise<R> {
    const mine = turn.then(look)
    // Whoever waits for `mine` hears of a failure; the next in turn goes on after it.
    turn = mine.catch(() => undefined)
    return mine
  }

  async function next(): Promise<T | undefined> {
    if (stopped) return undefined
    const full = [...busy].filter(([, count]) => count >= mostOfOne).map(([key]) => key)
    const claimed = await claim(full)
    if (claimed !== undefined) busy.set(keyOf(claimed), (busy.get(keyOf(claimed)) ?? 0) + 1)
    return claimed
  }

  function done(key: string): void {
    const left = busy.get(key)! - 1
    if (left > 0) busy.set(key, left)
    else busy.delete(key)
  }

  async function run(): Promise<void> {
    for (;;) {
      const claimed = await inTurn(next)
      if (claimed === undefined) return
      // Where there was one there may be more, and this runner is busy now.
      add()
      try {
        await work(claimed)
      } finally {
        done(keyOf(claimed))
      }
    }
  }

  function add(): void {
    if (stopped || running.size >= most) return
    const runner: Promise<void> = run()
      .catch(failed)
      .finally(() => running.delete(runner))
    running.add(runner)
  }

  return {
    add,
    async idle() {
      while (running.size > 0) await Promise.all(running)
    },
    stop() {
      stopped = true
    },
  }
}
