import { describe, expect, test } from 'vitest'
import { chooseTemplate, fillPlaceholders } from './index.ts'

describe('the choice of a template', () => {
  const rows = [{ usageType: 'Generic' }, { usageType: 'SignIn' }]

  test('is the one for the usage type, else the one for Generic, else none', () => {
    expect(chooseTemplate(rows, 'SignIn')).toBe(rows[1])
    expect(chooseTemplate(rows, 'BindMfa')).toBe(rows[0])
    expect(chooseTemplate([], 'SignIn')).toBeUndefined()
  })

  test.each([
    ['de-AT', 'de-AT'],
    ['de-at', 'de-AT'],
    ['de-CH', 'de'],
    ['de', 'de'],
    ['zh-TW', 'zh-CN'],
    ['zh_Hant_TW', 'zh-CN'],
    ['fr', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('for a reader of %s is the row with the locale %s', (locale, expected) => {
    const rows = ['de', 'de-AT', undefined, 'zh-CN'].map(locale => ({ usageType: 'SignIn', locale }))
    expect(chooseTemplate(rows, 'SignIn', locale)).toMatchObject({ locale: expected })
  })

  test.each([
    ['zh-TW', 'en', 'zh-TW'],
    ['zh-HK', 'en', 'zh-TW'],
    ['zh-Hant-MO', 'en', 'zh-TW'],
    ['zh-SG', 'en', 'zh-CN'],
    ['zh', 'en', 'zh-CN'],
    ['en-GB', 'zh-TW', 'en'],
    ['ja', 'en', 'en'],
    ['ja', 'zh-HK', 'zh-TW'],
    ['ja', 'ko', undefined],
    [undefined, 'en-US', 'en'],
    [undefined, undefined, undefined],
  ])(
    'for a reader of %s, with %s for all who read no other, is the row with the locale %s',
    (locale, fallback, expected) => {
      const rows = ['zh-CN', 'zh-TW', undefined, 'en'].map(tag => ({ usageType: 'SignIn', locale: tag }))
      expect(chooseTemplate(rows, 'SignIn', locale, fallback)).toMatchObject({ locale: expected })
    },
  )

  test('is the one for Generic in the reader’s language before one of the usage type in another, or in none', () => {
    const rows = [
      { usageType: 'SignIn', locale: 'fr' },
      { usageType: 'Generic', locale: 'de' },
      { usageType: 'SignIn' },
    ]
    expect(chooseTemplate(rows, 'SignIn', 'de')).toBe(rows[1])
    expect(chooseTemplate(rows, 'SignIn', 'ja')).toBe(rows[2])
    expect(chooseTemplate(rows.slice(0, 2), 'SignIn', 'ja')).toBe(rows[0])
    expect(chooseTemplate(rows, 'BindMfa', undefined)).toBe(rows[1])
  })

  test('keeps to the script: Generic in Traditional characters goes before the usage type in Simplified ones', () => {
    const rows = [
      { usageType: 'SignIn', locale: 'zh-CN' },
      { usageType: 'Generic', locale: 'zh-TW' },
    ]
    expect(chooseTemplate(rows, 'SignIn', 'zh-HK')).toBe(rows[1])
    expect(chooseTemplate(rows, 'SignIn', 'zh-SG')).toBe(rows[0])
  })
})

describe('a placeholder', () => {
  const payload = { code: '123', user: { name: 'Ada', age: 36 }, empty: null, '': 'x' }

  test.each([
    ['{{code}}', '123'],
    ['{{ code }} and {{code}}', '123 and 123'],
    ['{{user.name}}, {{user.age}}', 'Ada, 36'],
    ['{{user}}', '{"name":"Ada","age":36}'],
    ['{{user.nobody.name}}', ''],
    ['{{empty}}', ''],
    ['{{unknown}}', '{{unknown}}'],
    ['{{toString}} {{__proto__}}', '{{toString}} {{__proto__}}'],
    ['{{user.constructor}}', ''],
    ['{code} {{}}', '{code} {{}}'],
  ])('in %s gives %s', (text, filled) => {
    expect(fillPlaceholders(text, payload)).toBe(filled)
  })

  test('is rendered by the given way, its surroundings are not', () => {
    expect(fillPlaceholders('a{{code}}', payload, value => `[${value}]`)).toBe('a[123]')
  })

  test('that a value brings along is not filled again', () => {
    expect(fillPlaceholders('{{a}}', { a: '{{code}}', code: '1' })).toBe('{{code}}')
  })
})
