import { neighboursOf } from './network.ts'

/** Once so many of all places are taken, what one network may hold is looked at. */
const CROWDED = 1 / 2

/** The part of all places that one network may hold then. */
const SHARE_OF_ONE = 1 / 8

/** Of IPv6 who has one network often has all that begin like it: the part of all places that these may hold together. */
const SHARE_OF_NEIGHBOURS = 1 / 4

/** So many more places, for each of all, are for those who have begun a sign-in: one who came in is not stopped half way. */
const MORE_FOR_UNDERWAY = 1 / 4

/** Seconds after which whoever was turned away may come again. */
export const RETRY_AFTER = 2

/**
 * Milliseconds for which a client may hold its place by sending its request, or taking its answer, piece by piece, while
 * others find none. A phone in a bad network needs less for a form.
 */
const PATIENCE = 3_000

/** In a crowd it is looked for such clients once within so many milliseconds. */
const LOOK_EVERY = 250

/** What an admission is told of a request that it lets in. */
export interface Visit {
  /** Whether it waits for nobody but its client. */
  waitsForClient(): boolean
  /** Ends it, and its connection. */
  end(): void
}

/** Lets requests in one by one. */
export interface Admission {
  /**
   * Takes a place for a request. Returns what gives it back; undefined when there is none, and the request is to be turned
   * away at once, before anything is read or asked for it.
   *
   * @param network whose request it is; undefined where that may be many people's
   * @param isUnderway whether this is a further request of a sign-in; asked only when all other places are taken
   * @param visit how its client may hold the place up; where it is not given, it does not
   */
  enter(network: string | undefined, isUnderway?: () => boolean, visit?: Visit): (() => void) | undefined
}

/** Counts by a name, and forgets names that nothing is counted by any more. */
function createTally() {
  const counts = new Map<string, number>()
  return {
    of: (name: string) => counts.get(name) ?? 0,
    add(name: string, count: 1 | -1) {
      const now = (counts.get(name) ?? 0) + count
      if (now === 0) counts.delete(name)
      else counts.set(name, now)
    },
  }
}

/**
 * Bounds how many requests are answered at once. A server that is asked for more than it can do would otherwise take
 * longer and longer for everybody, and hold more and more in memory. In a crowd one network holds an eighth at most, so
 * that a flood from one place does not shut out the others; addresses that are no visitor's own (a proxy's, this
 * machine's) hide many people and have no such bound. When all places are taken, a quarter more are for those who are in
 * the middle of a sign-in. Whoever holds a place by being slow loses it to the others: a few clients that send nothing
 * more would otherwise hold all of them.
 *
 * @param most requests at once; what is answered in a millisecond hardly ever has ten of them
 * @param clock milliseconds, for tests
 * @example const leave = createAdmission(1_000).enter('203.0.113.9')
 */
export function createAdmission(most: number, clock: () => number = () => performance.now()): Admission {
  const held = createTally()
  const inside = new Map<() => void, { visit: Visit; since: number }>()
  let taken = 0
  let lookedAt = Number.NEGATIVE_INFINITY

  const add = (network: string | undefined, count: 1 | -1) => {
    taken += count
    if (network === undefined) return
    held.add(network, count)
    const neighbours = neighboursOf(network)
    if (neighbours !== undefined) held.add(neighbours, count)
  }

  const hasTooMany = (network: string) => {
    const neighbours = neighboursOf(network)
    return (
      held.of(network) >= Math.ceil(most * SHARE_OF_ONE) ||
      (neighbours !== undefined && held.of(neighbours) >= Math.ceil(most * SHARE_OF_NEIGHBOURS))
    )
  }

  const hasPlace = (network: string | undefined, isUnderway: () => boolean) => {
    if (network !== undefined && taken >= most * CROWDED && hasTooMany(network)) return false
    return taken < most || (taken < most * (1 + MORE_FOR_UNDERWAY) && isUnderway())
  }

  /** Ends what has waited for its client for longer than others should wait for it. */
  const endSlow = () => {
    const now = clock()
    if (now - lookedAt < LOOK_EVERY) return
    lookedAt = now
    // In the order in which they came.
    for (const [leave, { visit, since }] of inside) {
      if (now - since < PATIENCE) return
      if (!visit.waitsForClient()) continue
      leave()
      visit.end()
    }
  }

  return {
    enter(network, isUnderway = () => false, visit) {
      if (!hasPlace(network, isUnderway)) {
        endSlow()
        if (!hasPlace(network, isUnderway)) return undefined
      }
      add(network, 1)
      let isInside = true
      const leave = () => {
        if (isInside) add(network, -1)
        isInside = false
        inside.delete(leave)
      }
      if (visit) inside.set(leave, { visit, since: clock() })
      return leave
    },
  }
}
