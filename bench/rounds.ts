/** The middle of several figures. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** For each figure its median over the rounds. */
export function medians<T extends Record<string, number>>(rounds: readonly T[]): T {
  const names = Object.keys(rounds[0]!)
  return Object.fromEntries(names.map(name => [name, median(rounds.map(round => round[name]!))])) as T
}

const WARM_UP = 2

/**
 * Measures contestants in turn, A B C A B C …, so that whatever drifts on the machine hits all alike. The first
 * two rounds warm up and do not count: code that has run a few thousand times runs several times faster.
 */
export async function interleaved<T extends Record<string, number>>(
  contestants: readonly string[],
  rounds: number,
  measure: (contestant: string) => Promise<T>,
): Promise<Record<string, T>> {
  const results = new Map<string, T[]>(contestants.map(name => [name, []]))
  for (let round = -WARM_UP; round < rounds; round++)
    for (const name of contestants) {
      const result = await measure(name)
      if (round >= 0) results.get(name)!.push(result)
    }
  return Object.fromEntries([...results].map(([name, list]) => [name, medians(list)]))
}
