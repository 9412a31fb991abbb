import { networkOf } from './network.ts'
import { mayReach } from './targets.ts'

/** Once so many of all places are taken, what one network may hold is looked at. */
const CROWDED = 1 / 2

/** The part of all places that one network may hold then. */
const SHARE_OF_ONE = 1 / 8

/** So many more places, for each of all, are for those who have begun a sign-in: one who came in is not stopped half way. */
const MORE_FOR_UNDERWAY = 1 / 4

/** Seconds after which whoever was turned away may come again. */
export const RETRY_AFTER = 2

/** The network of a visitor; undefined where an address tells of none, as a proxy's and this machine's own. */
export function networkOfVisitor(ip: string | undefined): string | undefined {
  return ip !== undefined && mayReach(ip, 'public') ? networkOf(ip) : undefined
}

/** Lets requests in one by one. */
export interface Admission {
  /**
   * Takes a place for a request. Returns what gives it back; undefined when there is none, and the request is to be turned
   * away at once, before anything is read or asked for it.
   *
   * @param ip whoever asks, as far as that is known
   * @param isUnderway whether this is a further request of a sign-in; asked only when all other places are taken
   */
  enter(ip: string | undefined, isUnderway?: () => boolean): (() => void) | undefined
}

/**
 * Bounds how many requests are answered at once. A server that is asked for more than it can do would otherwise take
 * longer and longer for everybody, and hold more and more in memory. In a crowd one network holds an eighth at most, so
 * that a flood from one place does not shut out the others; addresses that are no visitor's own (a proxy's, this
 * machine's) hide many people and have no such bound. When all places are taken, a quarter more are for those who are in
 * the middle of a sign-in.
 *
 * @param most requests at once; what is answered in a millisecond hardly ever has ten of them
 * @example const leave = createAdmission(1_000).enter('203.0.113.9')
 */
export function createAdmission(most: number): Admission {
  const held = new Map<string, number>()
  let taken = 0
  const add = (network: string | undefined, count: 1 | -1) => {
    taken += count
    if (network === undefined) return
    const now = (held.get(network) ?? 0) + count
    if (now === 0) held.delete(network)
    else held.set(network, now)
  }
  return {
    enter(ip, isUnderway = () => false) {
      const network = networkOfVisitor(ip)
      const isCrowded = taken >= most * CROWDED
      const ofOne = network === undefined ? 0 : (held.get(network) ?? 0)
      if (isCrowded && ofOne >= Math.ceil(most * SHARE_OF_ONE)) return undefined
      const hasPlace = taken < most || (taken < most * (1 + MORE_FOR_UNDERWAY) && isUnderway())
      if (!hasPlace) return undefined
      add(network, 1)
      let isInside = true
      return () => {
        if (isInside) add(network, -1)
        isInside = false
      }
    },
  }
}
