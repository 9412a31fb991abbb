import { describe, expect, test } from 'vitest'
import { isShared, shareRow, writeShared } from './shared-row.ts'

const REQUIRED = ['Register', 'SignIn']
const row = (usageType: string, templateCode: unknown, more: object = {}) => ({
  usageType,
  templateCode,
  ...more,
})

describe('one template for all usage types', () => {
  test.each([
    ['new rows, still empty', [row('Register', ''), row('SignIn', '')], true],
    ['equal codes', [row('Register', '1'), row('SignIn', '1'), row('BindMfa', '1')], true],
    [
      'equal pairs of codes',
      [row('Register', { china: '1', overseas: '2' }), row('SignIn', { overseas: '2', china: '1' })],
      true,
    ],
    ['different codes', [row('Register', '1'), row('SignIn', '2')], false],
    ['one that says more', [row('Register', '1'), row('SignIn', '1', { parameters: 'code' })], false],
    ['rows for readers of one language', [row('Register', '1'), row('SignIn', '1', { locale: 'en' })], false],
    ['a usage type that is missing', [row('Register', '1')], false],
    ['something that is no row', [row('Register', '1'), row('SignIn', '1'), 'odd'], false],
    ['no rows', [], false],
  ])('is seen in %s: %#', (_, rows, shared) => {
    expect(isShared(rows, REQUIRED)).toBe(shared)
  })

  test('is made of the fullest row, for those that are there and those that must be', () => {
    const rows = [row('Register', ''), row('BindMfa', '7'), 'odd']
    expect(shareRow(rows, REQUIRED)).toEqual([row('Register', '7'), row('BindMfa', '7'), row('SignIn', '7')])
    expect(isShared(shareRow(rows, REQUIRED), REQUIRED)).toBe(true)
    const inLanguages = [row('Register', '1', { locale: 'en' }), row('Register', '1'), row('SignIn', '1')]
    expect(shareRow(inLanguages, REQUIRED)).toEqual([row('Register', '1'), row('SignIn', '1')])
    expect(shareRow([], REQUIRED)).toEqual([{ usageType: 'Register' }, { usageType: 'SignIn' }])
  })

  test('is written to all rows at once, and keeps what else they say', () => {
    const rows = [row('Register', '1', { note: 'kept' }), row('SignIn', '1', { note: 'kept' })]
    expect(writeShared(rows, 'templateCode', '2')).toEqual([
      row('Register', '2', { note: 'kept' }),
      row('SignIn', '2', { note: 'kept' }),
    ])
    expect(writeShared(rows, 'note', undefined)).toEqual([row('Register', '1'), row('SignIn', '1')])
  })
})
