import { isIP } from 'node:net'
import { type Keys, mac } from '../crypto/keys.ts'
import { mayReach } from './targets.ts'

/** Tunnels through which visitors still come, though nothing of ours should be led into one. */
const SIX_TO_FOUR = /^2002:/i
const TEREDO = /^2001:(?:0{1,4})?:/i

/**
 * Whether an address can be a visitor's own; a proxy's, a private one and this machine's hide many people. Those of tunnels
 * are visitors' own, else whoever comes through one would meet no limit.
 *
 * @example isVisitors('192.168.0.1') // false
 */
export const isVisitors = (ip: string): boolean =>
  mayReach(ip, 'public') || (isIP(ip) === 6 && (SIX_TO_FOUR.test(ip) || TEREDO.test(ip)))

/**
 * The part of an address that belongs to one customer of the network: all of it, of IPv6 the first half, and of 6to4 what
 * stands for the IPv4 address, which has all that begins so.
 *
 * @example networkOf('2001:db8:1:2:3::4') // of the same network as '2001:db8:1:2::9'
 */
export function networkOf(ip: string | undefined): string {
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(ip ?? '')?.[1]
  if (ip === undefined || mapped !== undefined || isIP(ip) !== 6) return mapped ?? ip ?? ''
  const [head = '', tail] = ip.replace(/%.*$/, '').split('::')
  const left = head.split(':').filter(Boolean)
  const right = (tail ?? '').split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  const groups = tail === undefined ? left : [...left, ...zeros, ...right]
  return groups
    .slice(0, SIX_TO_FOUR.test(ip) ? 3 : 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')
}

/**
 * The network of a visitor; undefined where an address tells of none, as a proxy's and this machine's own.
 *
 * @example networkOfVisitor('10.0.0.7') // undefined
 */
export const networkOfVisitor = (ip: string | undefined): string | undefined =>
  ip !== undefined && isVisitors(ip) ? networkOf(ip) : undefined

/**
 * What the IPv6 networks of one customer begin with, who may have 65,536 of them; undefined of IPv4. For what is shared
 * among those who come at once, and never for counting what somebody did.
 *
 * @example neighboursOf('2001:db8:1:2') // '2001:db8:1'
 */
export const neighboursOf = (network: string): string | undefined =>
  network.includes(':') ? network.split(':').slice(0, 3).join(':') : undefined

/**
 * What belongs to one visitor's network, as a keyed hash; undefined for an address that cannot be a visitor's own (a
 * proxy's, a private one, this machine's): whoever is behind it must not be counted as one visitor.
 *
 * @example networkKey(keys, '2001:4860:4860::8888')
 */
export function networkKey(keys: Keys, ip: string | undefined): string | undefined {
  const network = networkOfVisitor(ip)
  return network === undefined ? undefined : mac(keys.lookup, 'network', network)
}
