import type { Fetch } from '@countersign/kit'
import type { World } from '../world.ts'

/**
 * Compares our clock with the header `Date` of each answer, and says once when they differ by more than so many
 * milliseconds. An answer out of a cache, with the header `Age`, says nothing.
 *
 * @param tell hears by how many milliseconds the other clock is ahead, and of whom
 * @example const fetch = watchClock(world, { most: 60_000, tell: (off, host) => warn(off, host) })
 */
export function watchClock(
  world: Pick<World, 'fetch' | 'now'>,
  { most, tell }: { most: number; tell(off: number, host: string): void },
): Fetch {
  let told = false
  return async (url, init) => {
    const before = world.now()
    const answer = await world.fetch(url, init)
    if (told || answer.headers.get('age') !== null) return answer
    const at = Date.parse(answer.headers.get('date') ?? '')
    // The header has whole seconds.
    const off = at < before - 1000 ? at - before : Math.max(0, at - world.now())
    if (Math.abs(off) > most) {
      told = true
      tell(off, new URL(url).host)
    }
    return answer
  }
}
