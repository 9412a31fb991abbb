import { describe, expect, test } from 'vitest'
import { testKeys } from '../testing/world.ts'
import { networkKey, networkOf } from './network.ts'

describe('a place in the network', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['2002:c633:6407:9::1', '2002:c633:6407'],
    ['2001:0:53aa:64c:1::2', '2001:0:53aa:64c'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    ['no address', 'no address'],
    [undefined, ''],
  ])('of %s is %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network)
  })

  test('is counted for everybody from outside, also through tunnels, and for no proxy', () => {
    const keyOf = (ip: string) => networkKey(testKeys, ip)
    for (const ip of ['8.8.4.4', '2a01:4f8::1', '2002:c633:6407::1', '2001:0:53aa:64c::1', '2001::1'])
      expect([ip, typeof keyOf(ip)]).toEqual([ip, 'string'])
    for (const ip of ['10.0.0.1', '127.0.0.1', '::1', 'fd00::1', '2001:db8::1', '2001:20::1', 'fe80::1'])
      expect([ip, keyOf(ip)]).toEqual([ip, undefined])
    expect(keyOf('2002:c633:6407:1::1')).toBe(keyOf('2002:c633:6407:ffff::1'))
  })
})
