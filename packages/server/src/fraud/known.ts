import { take } from '../counters/counters.ts'
import { networkKey } from '../http/network.ts'
import type { AskedMessage } from '../ledger/ledger.ts'
import { DAY, HISTORY } from './policy.ts'
import type { FraudRoom } from './room.ts'

/** So many messages a day all browsers of one account ask for as known ones. A program that has copied a pass gets no more. */
const MOST_BY_PASS = 10

/** From a network one more is asked for than codes were used there: whoever asks again is no stranger. */
const ONE_MORE = 1

/** Who asks for a message, as far as it says whether they were here before. */
export type Asking = Pick<AskedMessage, 'device' | 'recipient' | 'visitorIp'>

/**
 * Whether a message is asked for by a known visitor, whom what is found of strangers does not hold up: somebody signed in
 * in that browser before, or codes that were asked for from that network were used. What is asked for so is counted, and
 * bounded by the day: by account, and of a network by how many codes were used there in the 14 days before, so that whoever
 * makes networks known pays for it with as many sign-ins of their own. It says nothing
 * of the recipient, so nobody learns by it who has an account. Up to three statements: only to be asked where it matters.
 *
 * @example if (await isKnown(room, message)) return undefined
 */
export async function isKnown(
  { db, keys, ledger, world }: Pick<FraudRoom, 'db' | 'keys' | 'ledger' | 'world'>,
  { device, recipient, visitorIp }: Asking,
): Promise<boolean> {
  const now = world.now()
  const mayPass = async (whose: string, most: number) =>
    !('full' in (await take(db, [{ key: `known/${whose}`, most, lasts: DAY, window: 'begun' }], now)))
  if (device !== undefined && (await mayPass(device, MOST_BY_PASS))) return true
  const network = networkKey(keys, visitorIp)
  if (network === undefined) return false
  const { channel } = recipient
  const used = await ledger.used({ channel, by: 'network', value: network }, now - HISTORY)
  return used > 0 && mayPass(`${channel}/${network}`, used + ONE_MORE)
}
