import { expect, test } from 'vitest'
import { isBackwards } from '../frame/list-filter.ts'
import { deliveriesAddress, isPart, readFilter, toQuery } from './filter.ts'

const filter = (search: string) => readFilter(new URLSearchParams(search))

test('the filter of deliveries asks the server only for what it says, and for nothing that it would refuse', () => {
  expect(
    toQuery(filter('recipient=%2B86 138 0013 8000&state=failed&country=CN&application=a1&connection=c1')),
  ).toEqual({
    recipient: '+86 138 0013 8000',
    country: 'CN',
    connector: undefined,
    connectionId: 'c1',
    state: 'failed',
    usageType: undefined,
    applicationId: 'a1',
    start_time: undefined,
    end_time: undefined,
  })
  const odd = toQuery(filter('state=lost&country=cn&usageType=Any&from=yesterday&recipient=138****8000'))
  expect(Object.values(odd).every(value => value === undefined)).toBe(true)
})

test('the filter of deliveries is read back from the address that it makes', () => {
  const address = deliveriesAddress({ recipient: '+8613800138000', state: '' })
  expect(address).toBe('/deliveries?recipient=%2B8613800138000')
  expect(filter(address.slice(address.indexOf('?'))).recipient).toBe('+8613800138000')
  expect(deliveriesAddress({})).toBe('/deliveries')
})

test.each([
  ['13800138000', false],
  ['+86 138-0013-8000', false],
  ['１３８００１３８０００', false],
  ['ada@example.com', false],
  ['ada＠example.com', false],
  ['', false],
  ['138', true],
  ['ada', true],
  ['ada@', true],
  ['@example.com', true],
  ['+86 138****8000', true],
])('%s counts as a part of a recipient: %s', (recipient, expected) => {
  expect(isPart(filter(`recipient=${encodeURIComponent(recipient)}`))).toBe(expected)
})

test('a range of deliveries takes its last minute to the end, and must not be backwards', () => {
  const minute = filter('from=2026-10-15T08:30&to=2026-10-15T08:30')
  const { start_time, end_time } = toQuery(minute)
  expect(Number(end_time) - Number(start_time)).toBe(59_999)
  expect(isBackwards(minute)).toBe(false)
  const backwards = filter('from=2026-10-15T08:31&to=2026-10-15T08:30')
  expect([isBackwards(backwards), toQuery(backwards).start_time]).toEqual([true, undefined])
})
