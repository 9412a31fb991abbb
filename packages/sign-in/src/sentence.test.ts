import { ERRORS, PASSWORD_ISSUES } from '@countersign/api'
import { describe, expect, it } from 'vitest'
import { locales } from './languages.ts'
import type { Locale } from './locale.ts'
import { NOTICES } from './notices.ts'
import { duration, fill, sentence } from './sentence.ts'

const en = locales.en!
const zh = locales['zh-CN']!

/** Every sentence of a language under a path such as `errors/user.suspended`. */
function sentencesOf(locale: Locale): Map<string, string> {
  const { errors, passwordIssues, notices, labels } = locale
  return new Map(
    Object.entries({ errors, passwordIssues, notices, labels }).flatMap(([part, texts]) =>
      Object.entries(texts as unknown as Record<string, string>).map(([key, text]) => [
        `${part}/${key}`,
        text,
      ]),
    ),
  )
}

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

describe.each(Object.entries(locales))('the language %s', (tag, locale) => {
  it('stands under its own tag', () => {
    expect(locale.tag).toBe(tag)
  })

  it('has a sentence for every public error, password issue and notice, and no others', () => {
    expect(Object.keys(locale.errors).sort()).toEqual(Object.keys(ERRORS).sort())
    expect(Object.keys(locale.passwordIssues).sort()).toEqual([...PASSWORD_ISSUES].sort())
    expect(Object.keys(locale.notices).sort()).toEqual([...NOTICES].sort())
  })

  it('addresses its reader in one way', () => {
    const said = JSON.stringify([...sentencesOf(locale).values()])
    expect([said.includes('你'), said.includes('您')]).not.toEqual([true, true])
  })

  it('leaves nothing empty and nothing that another language does not have', () => {
    const own = sentencesOf(locale)
    expect([...own.keys()].sort()).toEqual([...sentencesOf(en).keys()].sort())
    expect([...own].filter(([, text]) => !text.trim())).toEqual([])
  })

  it('uses the same placeholders as English in each sentence', () => {
    const english = sentencesOf(en)
    const different = [...sentencesOf(locale)].filter(
      ([key, text]) => placeholders(text).join() !== placeholders(english.get(key)!).join(),
    )
    expect(different).toEqual([])
  })

  it('reads well with no value known: no brackets, braces or gaps remain', () => {
    for (const code of [...Object.keys(ERRORS), ...PASSWORD_ISSUES, ...NOTICES]) {
      const text = sentence(code, locale)
      expect(text, code).not.toMatch(/[{}[\]]|\s[.,，。]|\s{2}/)
      expect(text, code).not.toBe(locale.labels.general)
    }
  })

  it('writes traditional characters where its tag says so', () => {
    if (new Intl.Locale(locale.tag).maximize().script !== 'Hant') return
    // Characters that a hasty translation from simplified ones leaves behind.
    for (const [key, text] of sentencesOf(locale))
      expect(text, key).not.toMatch(
        /[码录账号请输验证邮发应页选择设数据实时后过现没错误启经与为个户机线务处连签标话联]/u,
      )
  })

  it('ends each error and notice as a sentence', () => {
    for (const code of [...Object.keys(ERRORS), ...PASSWORD_ISSUES, ...NOTICES]) {
      expect(sentence(code, locale), code).toMatch(/[.。？?]$/)
    }
  })
})

describe('a sentence', () => {
  it('says the wait where it is known and stays whole where it is not', () => {
    expect(sentence('request.message_rate_limited', en, { seconds: 34 })).toContain(
      'Try again in 34 seconds.',
    )
    expect(sentence('request.message_rate_limited', en)).toBe('Too many messages were asked for.')
    expect(sentence('request.message_rate_limited', zh, { seconds: 34 })).toBe(
      '获取消息过于频繁，请在 34 秒后重试。',
    )
    expect(sentence('request.message_rate_limited', zh)).toBe('获取消息过于频繁。')
  })

  it('counts the tries that are left, down to none', () => {
    expect(sentence('code_wrong', en, { left: 3 })).toContain('Tries left: 3.')
    expect(sentence('code_wrong', en, { left: 0 })).toContain('Tries left: 0.')
    expect(sentence('code_wrong', en)).not.toContain('left')
  })

  it.each(['no.such_code', 'constructor', '__proto__', ''])(
    'is the general one for the unknown code %j',
    code => {
      expect(sentence(code, en)).toBe(en.labels.general)
      expect(sentence(code, zh)).toBe(zh.labels.general)
    },
  )

  it('takes a value as text, whatever is in it', () => {
    expect(fill('There is none[: {type}].', en, { type: 'a[b]{c}' })).toBe('There is none: a[b]{c}.')
  })

  it('does not tell whether an account exists when the credentials are wrong', () => {
    expect(sentence('session.invalid_credentials', en)).not.toMatch(/exist|no account|not found|unknown/i)
    expect(sentence('session.invalid_credentials', zh)).not.toMatch(/不存在|未注册|没有账号/)
  })
})

describe('a duration', () => {
  it.each([
    [1, '1 second', '1 秒'],
    [34, '34 seconds', '34 秒'],
    [60, '1 minute', '1 分钟'],
    [90, '90 seconds', '90 秒'],
    [121, '3 minutes', '3 分钟'],
    [600, '10 minutes', '10 分钟'],
    [3600, '1 hour', '1 小时'],
    [5400, '90 minutes', '90 分钟'],
    [7300, '3 hours', '3 小时'],
    [0, '0 seconds', '0 秒'],
    [-5, '0 seconds', '0 秒'],
    [0.2, '1 second', '1 秒'],
  ])('of %d seconds is rounded up in a unit that fits', (seconds, english, chinese) => {
    expect(duration(seconds, en)).toBe(english)
    expect(duration(seconds, zh)).toBe(chinese)
  })
})

describe('a sentence of an operator', () => {
  it('may hold brackets that nobody closes, however many', () => {
    const open = '['.repeat(300_000)
    expect(fill(`${open}Try again[ in {seconds}].`, en)).toBe(`${open}Try again.`)
  })
})
