import { UsageType } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import { en } from './en.ts'
import { chooseLanguage, joinSentences, LANGUAGES, listNames } from './languages.ts'

/** Every sentence by its path; the ones with values are said with placeholders. */
function sentences(texts: unknown, path = ''): [string, string][] {
  if (typeof texts === 'string') return [[path, texts]]
  if (typeof texts === 'function') return [[path, texts(...Array.from(texts.toString(), () => '7'))]]
  return Object.entries(texts as object).flatMap(([key, value]) => sentences(value, `${path}.${key}`))
}

/** Names and figures, the same in every language, and what clouds call their keys. */
const SAME =
  /^\.(connector\.json|robots\.services\.slack|test\.status|captcha\.fields\.(accessKeyId|captchaAppId|appSecretKey|secretId))$/

describe.each(Object.entries(LANGUAGES))('%s', (tag, texts) => {
  test('has exactly the sentences of English', () => {
    expect(sentences(texts).map(([path]) => path)).toEqual(sentences(en).map(([path]) => path))
  })

  test('leaves no sentence empty and says every value', () => {
    for (const [path, sentence] of sentences(texts)) {
      expect(sentence.trim(), path).not.toBe('')
      expect(sentence, path).not.toContain('undefined')
    }
  })

  test('is translated', () => {
    if (tag === 'en') return
    const english = new Map(sentences(en))
    const left = sentences(texts).filter(([path, text]) => english.get(path) === text && !SAME.test(path))
    expect(left).toEqual([])
  })

  test('explains every usage type', () => {
    expect(Object.keys(texts.usage).toSorted()).toEqual(UsageType.options.toSorted())
  })
})

test.each([
  ['zh-CN', ['en'], 'zh-CN'],
  [null, ['fr', 'zh-TW', 'en'], 'zh-CN'],
  [null, ['en-GB'], 'en'],
  ['xx', [], 'en'],
  ['__proto__', ['toString'], 'en'],
] as const)('with %j stored and %j wanted, %s is spoken', (stored, wanted, language) => {
  expect(chooseLanguage(stored, wanted)).toBe(language)
})

test('sentences stand beside each other as their own marks want it', () => {
  expect(joinSentences(['It has no name.', '', 'Give it one.'])).toBe('It has no name. Give it one.')
  expect(joinSentences(['没有名称。', '请填写。'])).toBe('没有名称。请填写。')
})

test('names stand in a list as the language writes it', () => {
  expect(listNames('en', ['SignIn', 'Register'])).toBe('SignIn, Register')
  expect(listNames('zh-CN', ['SignIn', 'Register'])).toBe('SignIn、Register')
})
