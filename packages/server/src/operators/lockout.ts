import { newId } from '../crypto/chance.ts'
import { mac, sameText } from '../crypto/keys.ts'
import { networkOf } from '../http/network.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { OperatorsRoom } from './room.ts'
import * as store from './store.ts'

// Wrong passwords of operators are counted. Every try is paid for before its password is looked at, so that of many at
// once no more are looked at than may be.

const HOUR = 60 * 60_000

/** From the last failure on, when there were too many. */
const BLOCK = 15 * 60_000

/**
 * Wrong passwords within an hour: for one name from one place; for one name from all strangers together, so that many
 * addresses do not guess more than a few; from one address for any names, so that nobody tries one password on all.
 * A browser that signed in before is a place of its own and no stranger.
 */
const MOST = { here: 10, strangers: 30, address: 100 } as const

/** Milliseconds for which a browser is remembered after it signed in. */
export const DEVICE_LIFETIME = 180 * 24 * HOUR

/** From where a password is tried. */
export interface Place {
  ip: string | undefined
  /** The browser's cookie of an earlier sign-in. */
  device?: string | undefined
}

/** A try that is counted until it is forgiven. */
export interface Try {
  /** The password was right. */
  forgive(): Promise<void>
}

const hashOf = ({ keys }: OperatorsRoom, kind: string, ...parts: string[]) =>
  mac(keys.lookup, 'operator', kind, ...parts)

/** The browser that a cookie stands for, when it was made here for this operator and is not too old. */
function deviceOf(
  room: OperatorsRoom,
  cookie: string | undefined,
  operatorId: string | undefined,
): string | undefined {
  const [id = '', until = '', signature = ''] = (cookie ?? '').split('.')
  if (operatorId === undefined || !sameText(signature, hashOf(room, 'device', operatorId, id, until)))
    return undefined
  return Number(until) > room.world.now() ? id : undefined
}

/** The moment from which a place may try a name again; it lies in the past when the place may try now. */
async function blockedUntil({ db }: OperatorsRoom, row: store.StoredTry, now: number): Promise<number> {
  const others = await store.tries(db, row, now - HOUR)
  const ofName = others.filter(each => each.name_hash === row.name_hash)
  const ofPlace = others.filter(each => each.from_hash === row.from_hash)
  const bounds: [typeof others, number][] = [
    [ofName.filter(each => each.from_hash === row.from_hash), MOST.here],
  ]
  if (row.known === 0)
    bounds.push([ofName.filter(each => each.known === 0), MOST.strangers], [ofPlace, MOST.address])
  return Math.max(
    ...bounds.map(([tries, most]) =>
      tries.length < most ? 0 : Math.max(...tries.map(each => each.at)) + BLOCK,
    ),
  )
}

/** @throws ApiError `session.verification_blocked_too_many_attempts` */
async function pay(room: OperatorsRoom, nameHash: string, fromHash: string, known: boolean): Promise<Try> {
  const { db, world } = room
  const at = world.now()
  const row = {
    id: newId(world.random),
    name_hash: nameHash,
    from_hash: fromHash,
    known: known ? 1 : 0,
    at,
  }
  const forgive = () => store.deleteTry(db, row.id)
  // Looked at before it is paid for too: whoever is blocked costs nothing that is written.
  let until = await blockedUntil(room, row, at)
  if (until <= at) {
    await store.addTry(db, row)
    until = await blockedUntil(room, row, at)
    if (until <= at) return { forgive }
    // A password that nobody has looked at does not lengthen the block.
    await forgive()
  }
  throw new ApiError('session.verification_blocked_too_many_attempts', {
    values: { seconds: Math.ceil((until - at) / 1000) },
  })
}

/**
 * Takes a try at an operator's name, whether or not there is one of that name. For example:
 * `await (await takeTry(room, 'ada', operator?.id, { ip })).forgive()`.
 *
 * @throws ApiError `session.verification_blocked_too_many_attempts`
 */
export function takeTry(
  room: OperatorsRoom,
  name: string,
  operatorId: string | undefined,
  { ip, device }: Place,
): Promise<Try> {
  const known = deviceOf(room, device, operatorId)
  return known === undefined
    ? pay(room, hashOf(room, 'name', name), hashOf(room, 'address', networkOf(ip)), false)
    : pay(room, hashOf(room, 'name', name), hashOf(room, 'browser', known), true)
}

/**
 * Takes a try at the own password of somebody who is signed in.
 *
 * @throws ApiError as `takeTry` does
 * @example const taken = await takeOwnTry(room, operator.id)
 */
export const takeOwnTry = (room: OperatorsRoom, operatorId: string): Promise<Try> =>
  pay(room, hashOf(room, 'own', operatorId), hashOf(room, 'own', operatorId), true)

/**
 * Makes the cookie by which a browser is known, once the operator has signed in with it.
 *
 * @example const cookie = newDevice(room, operator.id)
 */
export function newDevice(room: OperatorsRoom, operatorId: string): string {
  const id = newId(room.world.random)
  const until = String(room.world.now() + DEVICE_LIFETIME)
  return `${id}.${until}.${hashOf(room, 'device', operatorId, id, until)}`
}

/**
 * Lifts every block of a name.
 *
 * @example await liftBlocks(room, nameKey('Ada'))
 */
export const liftBlocks = (room: OperatorsRoom, name: string): Promise<void> =>
  store.forgetTries(room.db, hashOf(room, 'name', name))

/**
 * Forgets what has ended, and failures that count no longer.
 *
 * @example await purge(room)
 */
export const purge = ({ db, world }: OperatorsRoom): Promise<void> =>
  store.purge(db, world.now(), world.now() - 2 * HOUR)
