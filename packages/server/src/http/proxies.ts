import { BlockList, isIP, SocketAddress } from 'node:net'

/**
 * The proxies whose word counts in `X-Forwarded-For`: none (0), so many in a row, or every address in these networks.
 */
export type TrustProxy = number | BlockList

/** A longer row of proxies is a mistake. */
const MOST_PROXIES = 16

/** So many entries are read, from the end: only our own proxies write there. */
const MOST_ENTRIES = 32

/**
 * An address in the one form in which it is counted and stored: IPv4 in IPv6 as IPv4, IPv6 in short and lower case,
 * without port, brackets and zone. What is no address stands for none.
 *
 * @example addressOf('[2001:DB8:0::1]:443') // '2001:db8::1'
 */
export function addressOf(text: string | undefined): string | undefined {
  const given = text?.trim() ?? ''
  // A zone may be any text, and only means something on the machine that wrote it.
  const [, bracketed, withPort] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(given) ?? []
  const address = (bracketed ?? withPort ?? given).split('%', 1)[0]!
  const version = isIP(address)
  if (version !== 6) return version === 4 ? address : undefined
  const short = new SocketAddress({ address, family: 'ipv6' }).address
  return /^::ffff:(\d+(?:\.\d+){3})$/.exec(short)?.[1] ?? short
}

const isIn = (networks: BlockList, address: string) =>
  networks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/**
 * Whether a connection's own word counts for whom it asks.
 *
 * @param connected its address; none where it is one of this machine's own, as through a socket file
 * @example trusts(1, '10.0.0.1') // true
 */
export const trusts = (trusted: TrustProxy, connected: string | undefined): boolean =>
  typeof trusted === 'number' ? trusted > 0 : !connected || isIn(trusted, connected)

/**
 * The address of who asks. Read from the end, for every proxy appends whom it saw: an entry counts only when one that
 * is trusted wrote it, so what a client puts there itself is never reached. Where a trusted proxy wrote no address, the
 * proxy itself stands for the client.
 *
 * @param connected whose connection it is
 * @param forwarded the header `X-Forwarded-For`
 * @example clientAddress(1, '10.0.0.1', '203.0.113.9, 198.51.100.7') // '198.51.100.7'
 */
export function clientAddress(
  trusted: TrustProxy,
  connected: string | undefined,
  forwarded: string | undefined,
): string | undefined {
  let address = addressOf(connected)
  if (trusted === 0 || forwarded === undefined) return address
  const entries = forwarded.split(',').slice(-MOST_ENTRIES).reverse()
  for (const [hop, entry] of entries.entries()) {
    // A connection without an address is one of this machine's own, as through a socket file.
    const isTrusted = typeof trusted === 'number' ? hop < trusted : !address || isIn(trusted, address)
    const said = isTrusted ? addressOf(entry) : undefined
    if (said === undefined) break
    address = said
  }
  return address
}

/**
 * Reads the setting `TRUST_PROXY`; gives what is wrong with it as a text.
 *
 * @example readTrustProxy('2') // 2
 */
export function readTrustProxy(value: string): TrustProxy | string {
  if (value === 'true') return 1
  if (value === 'false') return 0
  if (/^\d+$/.test(value))
    return Number(value) <= MOST_PROXIES ? Number(value) : `must be at most ${MOST_PROXIES} proxies`
  const networks = new BlockList()
  for (const network of value.split(/[\s,]+/).filter(Boolean)) {
    const problem = addNetwork(networks, network)
    if (problem) return problem
  }
  return networks
}

function addNetwork(networks: BlockList, network: string): string | undefined {
  const [address = '', bits, ...more] = network.split('/')
  const version = isIP(address)
  const longest = version === 6 ? 128 : 32
  const length = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (version === 0 || more.length > 0 || !(length <= longest))
    return `must be true, false, the number of proxies, or their networks such as 10.0.0.0/8,fd00::/8; "${network}" is none of these`
  if (length === 0)
    return `must not be every address (${network}): whoever is trusted may say for whom it asks; name the networks of the proxies`
  networks.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4')
  return undefined
}
