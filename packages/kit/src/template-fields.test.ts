import { describe, expect, test } from 'vitest'
import { forDestination, optionalText, regional, settingsSchema, templates } from './index.ts'

const label = { en: 'L', 'zh-CN': '标' }
const digits = { test: /^\d+$/, message: 'must be digits' }
const table = {
  templates: templates({
    label,
    row: { code: regional({ label, pattern: digits }), locale: optionalText({ label }) },
  }),
}
const required = ['Register', 'SignIn', 'ForgotPassword', 'Generic']
const rows = (code: unknown) => required.map(usageType => ({ usageType, code }))
const parse = (templates: unknown) => settingsSchema(table).safeParse({ templates })
const issuesOf = (templates: unknown) =>
  parse(templates).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)

describe('a value by region', () => {
  test.each([
    [' 1 ', '1'],
    [
      { china: '1', overseas: '2' },
      { china: '1', overseas: '2' },
    ],
    [5, '5'],
    [
      { china: 1, overseas: '' },
      { china: '1', overseas: undefined },
    ],
    [
      { overseas: '2', note: 'kept' },
      { overseas: '2', note: 'kept' },
    ],
  ])('may be %o', (code, value) => {
    expect(parse(rows(code)).data?.templates[0]?.code).toEqual(value)
  })

  test.each([
    [undefined, 'templates.0.code: is required'],
    ['', 'templates.0.code: must not be empty'],
    [true, 'templates.0.code: must be text; put it between double quotes'],
    [2 ** 60, 'templates.0.code: must be text; put it between double quotes'],
    [{}, 'templates.0.code: must not be empty'],
    [{ china: '', overseas: null }, 'templates.0.code: must not be empty'],
    [{ china: 'x' }, 'templates.0.code.china: must be digits'],
    [[], 'templates.0.code: must be text; put it between double quotes'],
  ])('is refused as %o, and says why', (code, issue) => {
    expect(issuesOf(rows(code))).toContain(issue)
  })

  test('is read for a destination', () => {
    expect(forDestination('1', 'overseas')).toBe('1')
    expect(forDestination({ china: '1', overseas: '2' }, 'china')).toBe('1')
    expect(forDestination({ china: '1' }, 'overseas')).toBeUndefined()
    expect(forDestination('1', 'overseas', ['china'])).toBeUndefined()
    expect(forDestination('1', 'china', ['china'])).toBe('1')
  })
})

describe('a usage type', () => {
  test('may stand once for each locale, and once without', () => {
    const more = [{ usageType: 'SignIn', code: '1', locale: 'de' }]
    expect(issuesOf([...rows('1'), ...more])).toBeUndefined()
    expect(issuesOf([...rows('1'), ...more, { ...more[0], locale: 'DE' }])).toEqual([
      'templates.5.usageType: SignIn (de) stands twice; keep one',
    ])
  })

  test('may stand once only where rows have no locale of their own', () => {
    const plain = { templates: templates({ label, row: {} }) }
    const twice = [...rows('1'), { usageType: 'SignIn', locale: 'de' }]
    expect(settingsSchema(plain).safeParse({ templates: twice }).success).toBe(false)
  })
})
