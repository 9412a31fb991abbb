import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseLocale, locales, negotiate } from './languages.ts'

describe('the choice of a language', () => {
  it.each([
    [['zh-CN'], 'zh-CN'],
    [['zh'], 'zh-CN'],
    [['zh-Hans'], 'zh-CN'],
    [['zh-Hans-SG'], 'zh-CN'],
    [['zh_CN'], 'zh-CN'],
    [['ZH-cn'], 'zh-CN'],
    [['zh-TW'], 'zh-TW'],
    [['zh-Hant'], 'zh-TW'],
    [['zh-HK'], 'zh-HK'],
    [['zh-Hant-MO'], 'zh-TW'],
    [['en-GB'], 'en'],
    [['fr', 'zh', 'en'], 'zh-CN'],
    [['fr-CA', 'de'], 'en'],
    [[], 'en'],
    [['not a tag', '', '*', 'zh'], 'zh-CN'],
  ])('for %j is %s', (tags, expected) => {
    expect(chooseLocale(tags).tag).toBe(expected)
  })

  it('falls back to the language that the operator chose, and to English where there is none such', () => {
    expect(chooseLocale(['fr'], 'zh-CN').tag).toBe('zh-CN')
    expect(chooseLocale(['fr'], 'pt-BR').tag).toBe('en')
    expect(chooseLocale(['en-US'], 'zh-CN').tag).toBe('en')
  })

  it('always ends with a language, whatever the header says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), header => {
        expect(Object.values(locales)).toContain(chooseLocale(negotiate(header)))
      }),
    )
  })
})

describe('an Accept-Language header', () => {
  it.each([
    ['zh-CN,zh;q=0.9,en;q=0.8', ['zh-CN', 'zh', 'en']],
    ['en;q=0.5, zh;q=0.9', ['zh', 'en']],
    ['en; q=0, zh', ['zh']],
    ['*', []],
    ['', []],
    ['en;q=high, zh', ['zh']],
  ])('%j reads as %j', (header, tags) => {
    expect(negotiate(header)).toEqual(tags)
  })
})
