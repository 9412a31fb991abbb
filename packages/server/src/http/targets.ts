import { type LookupAddress, lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import type { Fetch } from '@countersign/kit'
import type { Agent } from 'undici'
import { exchange, type Undici } from './exchange.ts'

/** The networks that requests to addresses typed by operators may go to. */
export type Reach = 'public' | 'public-and-this-machine' | 'anywhere'

const list = (...subnets: [network: string, prefix: number][]) => {
  const blocks = new BlockList()
  for (const [network, prefix] of subnets)
    blocks.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4')
  return blocks
}

const LOOPBACK = list(['127.0.0.0', 8], ['::1', 128])

/** IPv4 addresses that no public host has (RFC 6890 and its successors). */
const NOT_PUBLIC = list(
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
)

/** All that is handed out of IPv6; everything else (loopback, link-local, mapped IPv4, …) is not public. */
const HANDED_OUT = list(['2000::', 3])

/** Within that: tunnels into IPv4 and examples, which may lead anywhere or nowhere. */
const NOT_PUBLIC_EITHER = list(['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20])

/**
 * Whether a request may go to an IP address.
 *
 * @example mayReach('192.168.0.1', 'public') // false
 */
export function mayReach(given: string, reach: Reach): boolean {
  // The zone of "fe80::1%eth0" changes nothing, and the lists would not take it.
  const address = given.split('%')[0]!
  if (reach === 'anywhere') return true
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (reach === 'public-and-this-machine' && LOOPBACK.check(address, family)) return true
  if (family === 'ipv4') return isIP(address) === 4 && !NOT_PUBLIC.check(address)
  return HANDED_OUT.check(address, family) && !NOT_PUBLIC_EITHER.check(address, family)
}

/** The target's address is none that requests may go to. */
export class TargetRefused extends Error {
  override name = 'TargetRefused'
}

/** The setting that opens private networks to requests of a kind, by its name in the environment. */
export type Opener = 'WEBHOOK_ALLOW_PRIVATE' | 'BACKCHANNEL_ALLOW_PRIVATE'

const refused = (opener: Opener) =>
  new TargetRefused(
    `The address belongs to this machine or to a private network; ${opener}=true lets requests go there`,
  )

/** Resolves names to permitted addresses alone: the connection goes to just what was checked, however names change. */
const guardedLookup =
  (reach: Reach, opener: Opener, find: LookupFunction): LookupFunction =>
  (hostname, options, callback) =>
    find(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '')
      const permitted = (found as LookupAddress[]).filter(({ address }) => mayReach(address, reach))
      const [first] = permitted
      if (!first) return callback(refused(opener), '')
      if (options.all) return callback(null, permitted)
      callback(null, first.address, first.family)
    })

/**
 * The reach of requests to addresses typed by operators. In the development world, receivers run on this machine.
 *
 * @example reachOf(false, 'real') // 'public'
 */
export function reachOf(allowsPrivate: boolean, clouds: 'simulated' | 'real'): Reach {
  if (allowsPrivate) return 'anywhere'
  return clouds === 'simulated' ? 'public-and-this-machine' : 'public'
}

/**
 * A fetch for addresses that operators typed: follows no redirect and goes no further than its reach.
 *
 * @param find resolves names; the system's resolver when left out
 * @example const fetch = guardedFetch('public', opener)
 */
export function guardedFetch(reach: Reach, opener: Opener, find: LookupFunction = resolve): Fetch {
  const options = {
    keepAliveTimeout: 10_000,
    connect: { timeout: 5_000, lookup: guardedLookup(reach, opener, find) },
    pipelining: 1,
  }
  let agent: Agent | undefined
  const connections = ({ Agent }: Undici) => (agent ??= new Agent(options))
  return async (url, init) => {
    // An address that stands there as digits is never looked up.
    const literal = new URL(url).hostname.replace(/^\[|\]$/g, '')
    if (isIP(literal) && !mayReach(literal, reach)) throw refused(opener)
    return exchange(connections, url, init)
  }
}
