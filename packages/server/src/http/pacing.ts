import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Milliseconds of one turn of the event loop for beginning requests. Node accepts one connection in a turn, so long turns
 * keep newcomers waiting who have no connection yet, however short the queue of requests is.
 */
const SLICE = 3

/** Work that waits for its turn, of one network or of somebody whose network tells nothing. */
type Queue = (() => void)[]

/** Begins work, neither too much at once nor one network's alone. */
export interface Pacing {
  /**
   * Begins work at once where this turn of the event loop has time for it, otherwise as soon as one has.
   *
   * @param whose who asks for it; undefined for somebody who is like nobody else
   */
  begin(whose: string | undefined, work: () => void): void
}

/**
 * Keeps the turns of the event loop short under load, and takes what waits from each network in turn, so that the one
 * request of a newcomer is not behind the hundred of a flood.
 *
 * @param clock milliseconds, for tests
 * @example createPacing().begin('203.0.113.0', () => answer(request, response))
 */
export function createPacing(clock: () => number = () => performance.now()): Pacing {
  // A map keeps the order in which its keys came: the first one is next, and goes to the end when it has more.
  const waiting = new Map<unknown, Queue>()
  let sliceEnds: number | undefined

  /** True while this turn has time left; its first piece of work always finds some. */
  const hasTime = () => {
    if (sliceEnds === undefined) {
      sliceEnds = clock() + SLICE
      setImmediate(() => (sliceEnds = undefined))
      return true
    }
    return clock() < sliceEnds
  }

  const next = (): (() => void) | undefined => {
    for (const [whose, queue] of waiting) {
      waiting.delete(whose)
      const work = queue.shift()
      if (queue.length > 0) waiting.set(whose, queue)
      return work
    }
    return undefined
  }

  // Each waiting piece has a callback of its own in every turn, so that what one begins goes on before the next.
  const step = () => {
    if (hasTime()) next()?.()
    else setImmediate(step)
  }

  return {
    begin(whose, work) {
      if (waiting.size === 0 && hasTime()) return work()
      const key = whose ?? {}
      // It may be begun by a callback of somebody else's request, and is still to know its own.
      const own = AsyncLocalStorage.bind(work)
      const queue = waiting.get(key)
      if (queue) queue.push(own)
      else waiting.set(key, [own])
      setImmediate(step)
    },
  }
}
