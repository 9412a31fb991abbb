import { newId } from '../crypto/chance.ts'
import { type Keys, mac, sameText } from '../crypto/keys.ts'
import { networkOf } from '../http/network.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import type { OperatorStore } from './store.ts'

const HOUR = 60 * 60_000

/** From the last failure on, when there were too many. */
const BLOCK = 15 * 60_000

/**
 * Wrong passwords within an hour: for one name from one place; for one name from all strangers together, so that many
 * addresses do not guess more than a few; from one address for any names, so that nobody tries one password on all.
 * A browser that signed in before is a place of its own and no stranger.
 */
const MOST = { here: 10, strangers: 30, address: 100 } as const

/** How long a browser is remembered after it signed in. */
export const DEVICE_LIFETIME = 180 * 24 * HOUR

/** From where a password is tried. */
export interface Place {
  ip: string | undefined
  /** What the browser shows of an earlier sign-in. */
  device?: string | undefined
}

type Row = Parameters<OperatorStore['addTry']>[0]

/** A try that is counted until it is forgiven. */
export interface Try {
  /** The password was right. */
  forgive(): Promise<void>
}

/**
 * Counts wrong passwords of operators. Every try is paid for before its password is looked at, so that of many at once
 * no more are looked at than may be.
 */
export function createLockout(store: OperatorStore, keys: Keys, world: World) {
  const hashOf = (kind: string, ...parts: string[]) => mac(keys.lookup, 'operator', kind, ...parts)
  const seal = (operatorId: string, id: string, until: string) => hashOf('device', operatorId, id, until)

  /** The browser that a cookie stands for, when it was made here for this operator and is not too old. */
  function deviceOf(cookie: string | undefined, operatorId: string | undefined): string | undefined {
    const [id = '', until = '', signature = ''] = (cookie ?? '').split('.')
    if (operatorId === undefined || !sameText(signature, seal(operatorId, id, until))) return undefined
    return Number(until) > world.now() ? id : undefined
  }

  /** When a place may try a name again; in the past when it may now. */
  async function blockedUntil({ id, name_hash, from_hash, known }: Row, now: number): Promise<number> {
    const others = await store.tries({ id, name_hash, from_hash }, now - HOUR)
    const ofName = others.filter(each => each.name_hash === name_hash)
    const ofPlace = others.filter(each => each.from_hash === from_hash)
    const bounds: [typeof others, number][] = [
      [ofName.filter(each => each.from_hash === from_hash), MOST.here],
      ...(known === 1
        ? []
        : ([
            [ofName.filter(each => each.known === 0), MOST.strangers],
            [ofPlace, MOST.address],
          ] as [typeof others, number][])),
    ]
    return Math.max(
      ...bounds.map(([tries, most]) =>
        tries.length < most ? 0 : Math.max(...tries.map(each => each.at)) + BLOCK,
      ),
    )
  }

  /** @throws ApiError `session.verification_blocked_too_many_attempts` */
  async function pay(nameHash: string, fromHash: string, known: boolean): Promise<Try> {
    const at = world.now()
    const row = {
      id: newId(world.random),
      name_hash: nameHash,
      from_hash: fromHash,
      known: known ? 1 : 0,
      at,
    }
    const forgive = async () => void (await store.deleteTry(row.id))
    // Looked at before it is paid for too: whoever is blocked costs nothing that is written.
    let until = await blockedUntil(row, at)
    if (until <= at) {
      await store.addTry(row)
      until = await blockedUntil(row, at)
      if (until <= at) return { forgive }
      // What was never looked at does not lengthen the block.
      await forgive()
    }
    throw new ApiError('session.verification_blocked_too_many_attempts', {
      values: { seconds: Math.ceil((until - at) / 1000) },
    })
  }

  return {
    /**
     * Takes a try at an operator's name, whether or not there is one of that name.
     *
     * @throws ApiError `session.verification_blocked_too_many_attempts`
     */
    take(nameKey: string, operatorId: string | undefined, { ip, device }: Place): Promise<Try> {
      const known = deviceOf(device, operatorId)
      return known === undefined
        ? pay(hashOf('name', nameKey), hashOf('address', networkOf(ip)), false)
        : pay(hashOf('name', nameKey), hashOf('browser', known), true)
    },
    /** Takes a try at the own password of somebody who is signed in. */
    takeOwn: (operatorId: string): Promise<Try> =>
      pay(hashOf('own', operatorId), hashOf('own', operatorId), true),
    /** What a browser shows from now on, once the operator has signed in with it. */
    device(operatorId: string): string {
      const id = newId(world.random)
      const until = String(world.now() + DEVICE_LIFETIME)
      return `${id}.${until}.${seal(operatorId, id, until)}`
    },
    /** Lifts every block of a name. */
    forget: (nameKey: string) => store.forgetTries(hashOf('name', nameKey)),
    purge: () => store.purge(world.now(), world.now() - 2 * HOUR),
  }
}
