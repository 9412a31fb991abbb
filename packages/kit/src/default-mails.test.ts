import { describe, expect, test } from 'vitest'
import { defaultMail, MAIL_LANGUAGES, mailLanguageOf } from './default-mails.ts'
import { placeholderProblems } from './placeholders.ts'
import { fillPlaceholders, USAGE_TYPES } from './template.ts'

const ALL = MAIL_LANGUAGES.flatMap(language => USAGE_TYPES.map(type => [type, language] as const))

describe('what e-mails say at first', () => {
  test.each(ALL)(
    'for %s in %s has the code and how long it works, and no placeholder is left',
    (type, language) => {
      const { subject, content, text } = defaultMail(type, language)
      const [said, html, plain] = [subject, content, text].map(text =>
        fillPlaceholders(text, { code: '246810', minutes: 10 }),
      )
      expect(html).toContain('>246810</p>')
      expect(html).toContain('10')
      expect(
        html!
          .replaceAll(/<[^>]*>/g, '')
          .replaceAll(/\s+/g, ' ')
          .trim(),
      ).toBe(plain!.replaceAll(/\s+/g, ' '))
      expect(said! + html).not.toMatch(/[{}]/)
      expect(placeholderProblems(subject + content)).toEqual([])
      expect(subject.length).toBeLessThan(60)
    },
  )

  test.each(ALL)('for %s in %s looks right in clients that paint dark or load nothing', (type, language) => {
    const { content } = defaultMail(type, language)
    expect(content).not.toMatch(/color|background|url|https?:|<(?:img|style|script|link|a)\b/)
    const opened = Array.from(content.matchAll(/<(\w+)/g), ([, name]) => name).sort()
    expect(Array.from(content.matchAll(/<\/(\w+)/g), ([, name]) => name).sort()).toEqual(opened)
  })

  test('is in the language that was asked for, and each occasion has words of its own', () => {
    for (const language of MAIL_LANGUAGES) {
      const mails = USAGE_TYPES.map(type => defaultMail(type, language))
      for (const { subject, content } of mails)
        expect(/\p{Script=Han}/u.test(subject) && /\p{Script=Han}/u.test(content)).toBe(language === 'zh-CN')
      expect(new Set(mails.map(({ content }) => content)).size).toBe(USAGE_TYPES.length)
    }
    expect(['zh', 'zh-TW', 'ZH-cn', 'en-GB', 'fr', 'zhx', ''].map(mailLanguageOf)).toEqual([
      'zh-CN',
      'zh-CN',
      'zh-CN',
      'en',
      'en',
      'en',
      'en',
    ])
  })
})
