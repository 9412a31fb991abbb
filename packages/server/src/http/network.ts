import { isIP } from 'node:net'

/**
 * The part of an address that belongs to one customer of the network: all of it, of IPv6 the first half.
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
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')
}
