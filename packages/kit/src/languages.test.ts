import { expect, test } from 'vitest'
import { chooseTag } from './languages.ts'

test.each([
  [['de-at'], ['de', 'de-AT'], 'de-AT'],
  [['de-CH'], ['de-AT', 'de'], 'de'],
  [['zh-Hant-MO'], ['zh-CN', 'zh-TW'], 'zh-TW'],
  [['zh-TW'], ['zh', 'zh-HK'], 'zh-HK'],
  [['zh-Hant-HK'], ['zh-TW', 'zh-HK'], 'zh-HK'],
  [['zh-HK'], ['zh-Hant', 'zh-Hant-HK'], 'zh-Hant-HK'],
  [['pt'], ['pt-PT', 'pt-BR'], 'pt-BR'],
  [['zh_Hans_SG'], ['en', 'zh-TW', 'zh-CN'], 'zh-CN'],
  [['zh-HK'], ['en', 'zh-CN'], 'zh-CN'],
  [['fr', 'en-GB'], ['zh-CN', 'en'], 'en'],
  [['fr'], ['en'], undefined],
  [['no language at all', ''], ['en'], undefined],
])('of %j the nearest among %j is %s', (wanted, available, expected) => {
  expect(chooseTag(wanted, available)).toBe(expected)
})
