import { didYouMean } from '@countersign/kit'
import { describe, expect, it } from 'vitest'
import { environmentLanguage, pick } from './language.ts'
import { pad, printable, widthOf } from './terminal.ts'

describe('the language of the environment', () => {
  it.each([
    [{ LANG: 'zh_CN.UTF-8' }, 'zh-CN'],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'zh_TW' }, 'zh-TW'],
    [{ LANG: 'de_DE@euro' }, 'de-DE'],
    [{ LANG: 'C.UTF-8' }, 'en'],
    [{ LANG: 'POSIX', LC_MESSAGES: '' }, 'en'],
    [{}, 'en'],
  ])('%j is %s', (env, language) => expect(environmentLanguage(env)).toBe(language))

  it('chooses the text itself, another variety of the language, or English', () => {
    const text = { en: 'yes', 'zh-CN': '是' }
    expect(['zh-CN', 'zh-TW', 'zh', 'de', 'en-GB'].map(language => pick(text, language))).toEqual([
      '是',
      '是',
      '是',
      'yes',
      'yes',
    ])
  })
})

describe('a terminal', () => {
  it('gives Chinese characters two columns', () => {
    expect(widthOf('含义 a')).toBe(6)
    expect(pad('含义', 6)).toBe('含义  ')
  })

  it('is not made to do things by what a provider says', () => {
    expect(printable('a\u001b[31mb\u0007\nc')).toBe('ab\\u0007\\u000ac')
  })
})

describe('a suggestion', () => {
  it('is made only for a word that is near', () => {
    expect(didYouMean('tencent', ['aliyun-sms', 'tencent-sms'])).toBe('')
    expect(didYouMean('TENCENT-SM', ['aliyun-sms', 'tencent-sms'])).toBe(' Did you mean tencent-sms?')
  })
})
