import { describe, expect, test } from 'vitest'
import { isBackwards } from '../frame/list-filter.ts'
import { en } from '../locales/en.ts'
import { zhCN } from '../locales/zh-CN.ts'
import { KNOWN_KEYS, readEntry, sayKey } from './entry.ts'
import { logsAddress, readFilter, toQuery } from './filter.ts'

describe('the filter of the audit log', () => {
  const filter = (search: string) => readFilter(new URLSearchParams(search))

  test('asks the server only for what it says', () => {
    expect(toQuery(filter('user=%2B86+138&key=RevokeToken&result=Error&operator=o1'))).toEqual({
      user: '+86 138',
      applicationId: undefined,
      operatorId: 'o1',
      logKey: 'RevokeToken',
      result: 'Error',
      start_time: undefined,
      end_time: undefined,
    })
  })

  test('takes the last minute to its end', () => {
    const { start_time, end_time } = toQuery(filter('from=2026-10-15T08:30&to=2026-10-15T08:30'))
    expect(Number(end_time) - Number(start_time)).toBe(59_999)
    expect(new Date(Number(start_time)).getMinutes()).toBe(30)
  })

  test('leaves out what is no time, and no result', () => {
    expect(toQuery(filter('from=yesterday')).start_time).toBeUndefined()
    expect(filter('result=failed').result).toBe('')
  })

  test('tells a range that ends before it begins', () => {
    expect(isBackwards(filter('from=2026-10-15T08:31&to=2026-10-15T08:30'))).toBe(true)
    expect(isBackwards(filter('from=2026-10-15T08:30&to=2026-10-15T08:30'))).toBe(false)
    expect(isBackwards(filter('from=2026-10-15T08:31'))).toBe(false)
  })

  test('is read back from the address that it makes', () => {
    const address = logsAddress({ user: 'a b&c', application: '' })
    expect(address).toBe('/logs?user=a+b%26c')
    expect(filter(address.slice(address.indexOf('?'))).user).toBe('a b&c')
    expect(logsAddress({})).toBe('/logs')
  })
})

describe('a key', () => {
  test.each([
    ['Interaction.SignIn.Verification.PhoneVerificationCode.Submit', 'Sign-in · Phone code · Submitted'],
    ['Interaction.End', 'Visit ended'],
    ['Action.SignInOperator', 'Operator sign-in'],
    ['Action.UpdateHook', 'By API · UpdateHook'],
    ['constructor.toString', 'constructor · toString'],
  ])('%s is said as "%s"', (key, said) => {
    expect(sayKey(key, en.logs.words)).toBe(said)
  })

  test.each([en, zhCN])('that is offered is said in words of the language', ({ logs }) => {
    const unnamed = KNOWN_KEYS.filter(
      key =>
        !Object.hasOwn(logs.words, key) &&
        key
          .split('.')
          .some(part => !['Interaction', 'Verification'].includes(part) && !Object.hasOwn(logs.words, part)),
    )
    expect(unnamed).toEqual([])
  })
})

describe('an entry', () => {
  test('tells who, from where, and why it failed', () => {
    const payload = {
      key: 'Action.X',
      result: 'Error',
      operatorId: 'o1',
      ip: '192.0.2.1',
      userId: 7,
      error: { code: 'a.b', message: 'No.' },
    }
    expect(readEntry({ payload })).toMatchObject({
      failed: true,
      operatorId: 'o1',
      ip: '192.0.2.1',
      userId: undefined,
      error: { code: 'a.b', message: 'No.' },
    })
  })

  test.each([
    ['failed', { code: undefined, message: 'failed' }],
    [{ why: 1 }, { code: undefined, message: '{"why":1}' }],
    [undefined, undefined],
  ])('with the error %j tells %j', (error, told) => {
    expect(readEntry({ payload: { result: 'Error', error } }).error).toEqual(told)
  })
})
