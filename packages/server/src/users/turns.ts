import { AsyncLocalStorage } from 'node:async_hooks'
import { neighboursOf, networkOf } from '../http/network.ts'
import { ApiError } from '../refusals/refusal.ts'

/**
 * Hashes that are computed at once in this process. Each takes a thread of those that everything else needs too (files,
 * names, compression, signatures: `THREADS` in main.ts) and tens of megabytes; more of them at once make none faster.
 */
export const AT_ONCE = 2

/** So many wait for their turn, and so many of them from one address: with ours, the last waits for about a second. */
export const MOST_WAITING = 32
export const MOST_OF_ONE_ADDRESS = 16

/** Whoever waits so long is turned away; only slow hashes of other systems take that long. */
const LONGEST_WAIT = 4_000

/** Seconds after which whoever was turned away may come again. */
const RETRY_AFTER = 2

interface Waiting {
  places: number
  address: string | undefined
  begin(): void
  turnAway(): void
}

const addresses = new AsyncLocalStorage<string | undefined>()
const waiting: Waiting[] = []
let taken = 0

/**
 * Runs something whose checks of passwords count for this address; of each address only so many checks may wait.
 *
 * @example await onBehalfOf(caller.ip, () => answer(request))
 */
export const onBehalfOf = <T>(address: string | undefined, run: () => T): T =>
  addresses.run(address === undefined ? undefined : networkOf(address), run)

const crowded = () =>
  new ApiError('request.too_many_password_checks', {
    data: { retryAfter: RETRY_AFTER },
    values: { seconds: RETRY_AFTER },
  })

function take(places: number): void {
  taken += places
}

/** How many checks of passwords wait for their turn in this process. */
export const waitingChecks = (): number => waiting.length

/** Whom the places are shared among: of IPv6 one customer has many networks. */
const customerOf = (address: string) => neighboursOf(address) ?? address

/**
 * Makes room for somebody of whom fewer wait than of another: the last one of whom most wait is turned away. So those who
 * fill the queue from a few networks are in their own way alone. False where nobody has more.
 */
function makeRoomFor(address: string | undefined): boolean {
  if (address === undefined) return false
  const counts = new Map<string, number>()
  for (const each of waiting) {
    if (each.address === undefined) continue
    const customer = customerOf(each.address)
    counts.set(customer, (counts.get(customer) ?? 0) + 1)
  }
  const most = Math.max(0, ...counts.values())
  if (most <= (counts.get(customerOf(address)) ?? 0) + 1) return false
  const last = waiting.findLast(
    each => each.address !== undefined && counts.get(customerOf(each.address)) === most,
  )
  last!.turnAway()
  return true
}

/** Resolves when the places are taken. @throws ApiError `request.too_many_password_checks` */
function placesFor(places: number): Promise<void> {
  if (waiting.length === 0 && taken + places <= AT_ONCE) {
    take(places)
    return Promise.resolve()
  }
  const address = addresses.getStore()
  const ofOne = waiting.filter(each => each.address === address).length
  const isTooMany = address !== undefined && ofOne >= MOST_OF_ONE_ADDRESS
  if (isTooMany || (waiting.length >= MOST_WAITING && !makeRoomFor(address))) return Promise.reject(crowded())
  return new Promise((resolve, reject) => {
    const each: Waiting = {
      places,
      address,
      begin() {
        clearTimeout(timer)
        take(places)
        resolve()
      },
      turnAway() {
        clearTimeout(timer)
        waiting.splice(waiting.indexOf(each), 1)
        reject(crowded())
      },
    }
    const timer = setTimeout(() => {
      each.turnAway()
      // It may have been the one that needed more places than were free.
      callNext()
    }, LONGEST_WAIT)
    waiting.push(each)
  })
}

/** In the order in which they came, also when a later one would need fewer places. */
function callNext(): void {
  while (waiting[0] && taken + waiting[0].places <= AT_ONCE) waiting.shift()!.begin()
}

/**
 * Computes hashes when it is their turn. `work` must not ask for a turn itself.
 *
 * @param places of `AT_ONCE`; all of them for what must run alone
 * @throws ApiError `request.too_many_password_checks` (429) when too many wait already, or it took too long
 * @example const hash = await inTurn(() => computeHash(password))
 */
export async function inTurn<T>(work: () => Promise<T>, places = 1): Promise<T> {
  await placesFor(places)
  try {
    return await work()
  } finally {
    taken -= places
    callNext()
  }
}
