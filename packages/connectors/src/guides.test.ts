import { describeSettings, settingsSchema } from '@countersign/kit'
import { describe, expect, test } from 'vitest'
import { connectors, GUIDE_LANGUAGES, guideOf, lint } from './index.ts'

/** How each cloud writes a variable in a template, and what belongs to another cloud. */
const PLACEHOLDERS: Record<string, { own: RegExp; foreign: RegExp }> = {
  'aliyun-sms': { own: /\$\{code\}/, foreign: /\{\d\}|\{\{|(?<!\$)\{\w+\}/ },
  'aliyun-pnvs': { own: /\$\{code\}/, foreign: /\{\d\}|\{\{|(?<!\$)\{\w+\}/ },
  'tencent-sms': { own: /(?<![${])\{1\}/, foreign: /\$\{|\{\{/ },
  'aliyun-dm': { own: /\{\{code\}\}/, foreign: /\$\{|(?<!\{)\{\w+\}/ },
}

/** What the section on numbers abroad advises beside templates. */
const ABROAD: Record<string, object> = { 'aliyun-sms': { strictPhoneRegionNumberCheck: true } }

/** Hosts that guides may lead to: the providers’ own. */
const HOSTS = /^(?:[\w-]+\.)*(?:aliyun\.com|alibabacloud\.com|tencent\.com|tencentcloud\.com)$/

const HAN = /[\u4e00-\u9fff]/
const WRITING: Record<string, RegExp> = {
  en: /[A-Za-z]{3}/,
  'zh-CN': HAN,
  'zh-TW': HAN,
  ko: /[\uac00-\ud7a3]/,
  ru: /[\u0400-\u04ff]/,
  ja: /[\u3040-\u30ff]/,
}

/** Some frequent characters that are written in one of the two ways only. */
const SIMPLIFIED = /[设码验证单网务账个们这为时间发请选择]/
const TRADITIONAL = /[設碼驗證單網務帳個們這為時間發請選擇]/

interface Block {
  kind: string
  text: string
}

/** A guide’s parts: headings with their level, code blocks, and the prose that is left. */
function partsOf(guide: string) {
  const blocks: Block[] = []
  const prose = guide.replace(
    /^( *)```(\w*)\n([\s\S]*?)\n\1```$/gm,
    (_, indent: string, kind, text: string) => {
      blocks.push({ kind, text: text.replaceAll(`\n${indent}`, '\n').slice(indent.length) })
      return ''
    },
  )
  const headings = [...prose.matchAll(/^(#+) (.+)$/gm)].map(([, marks, text]) => ({
    level: marks!.length,
    text: text!,
  }))
  const sections = prose.split(/^## .+$/m).slice(1)
  const codes = [...(sections[10] ?? '').matchAll(/^\d+\. `([^`]+)`/gm)].map(([, code]) => code!)
  return { blocks, prose, headings, sections, codes }
}

/** What must be the same in every language: all of a block, but of a mail only its tags and placeholders. */
const gist = ({ kind, text }: Block) =>
  `${kind}\n${kind === 'html' ? (text.match(/<[^>]+>|\{\{\w+\}\}|\d+/g) ?? []).join('') : text}`

/** Gives every row what the example of one row has. */
const extended =
  (row: object) =>
  ({ usageType }: { usageType: string }) => ({ ...row, usageType })

const guides = connectors.flatMap(connector =>
  GUIDE_LANGUAGES.map(language => [connector.id, language, connector] as const),
)

describe.each(guides)('the guide of %s in %s', (id, language, connector) => {
  const guide = guideOf(id, language)
  const { blocks, prose, headings, sections, codes } = partsOf(guide)
  const english = partsOf(guideOf(id, 'en'))

  test('has the sections of the English one', () => {
    expect(headings.map(({ level }) => level)).toEqual([1, ...Array.from({ length: 13 }, () => 2)])
    const numbers = headings.slice(2).map(({ text }) => /^(\d+)\. \S/.exec(text)?.[1])
    expect(numbers).toEqual(Array.from({ length: 12 }, (_, index) => String(index + 1)))
    const steps = (section: string) => section.match(/^(?:\d+\.|-) /gm)?.length ?? 0
    expect(sections.map(steps)).toEqual(english.sections.map(steps))
  })

  test('has the code blocks of the English one', () => {
    expect(blocks.map(gist)).toEqual(english.blocks.map(gist))
  })

  test('names the codes, settings and links that the English one names', () => {
    const spans = (text: string) => [...text.matchAll(/`([^`]+)`|\]\(([^)]+)\)/g)].map(([all]) => all)
    expect(sections.map(section => spans(section).sort())).toEqual(
      english.sections.map(section => spans(section).sort()),
    )
  })

  test('is written in its language, with its own punctuation', () => {
    for (const section of sections) expect(section).toMatch(WRITING[language]!)
    if (language !== 'en')
      for (const [index, { text }] of headings.slice(1).entries())
        expect(text).not.toBe(english.headings[index + 1]!.text)
    const words = prose.replace(/`[^`]+`/g, '')
    expect(words).not.toMatch(/["']/)
    if (/^(?:zh|ja)/.test(language)) expect(words).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff][,;:!?]/)
    if (language === 'zh-CN') expect(words).not.toMatch(TRADITIONAL)
    // What stands in brackets there is what the cloud’s console says.
    if (language === 'zh-TW') expect(words.replace(/（[^）]*）/g, '')).not.toMatch(SIMPLIFIED)
  })

  test('names every setting, where the form has its label with the label', () => {
    const named = (key: string, label: string | undefined) => {
      expect(guide).toContain(`\`${key}\``)
      if (language === 'en' || language === 'zh-CN')
        expect(guide).toMatch(new RegExp(`\\*\\*${RegExp.escape(label!)}\\*\\*(?: \\(|（)\`${key}\``))
    }
    for (const { key, label, row } of describeSettings(connector.settings)) {
      named(key, label[language])
      for (const [name, field] of Object.entries(row ?? {})) named(name, field.label[language])
    }
  })

  test('explains ten errors that the failure table knows, and names no other code that it does not know', () => {
    expect(codes).toHaveLength(10)
    expect(new Set(codes).size).toBe(10)
    const others = [...prose.matchAll(/`(is[vp]\.\w+|[A-Z]\w+(?:\.\w+)+)`/g)].map(([, code]) => code!)
    const unknown = [...codes, ...others].filter(code => !Object.hasOwn(connector.failures, code))
    expect(unknown).toEqual([])
  })

  test('writes variables as this cloud does', () => {
    const { own, foreign } = PLACEHOLDERS[id]!
    expect(prose).toMatch(own)
    expect(guide).not.toMatch(foreign)
    const templates = blocks.filter(({ kind }) => kind === 'text' || kind === 'html')
    expect(templates.length).toBeGreaterThan(0)
    for (const { text } of templates) expect(text).toMatch(own)
  })

  test('has policies and a configuration that can be pasted, and that the linter is content with', () => {
    const json = blocks.filter(({ kind }) => kind === 'json').map(({ text }) => JSON.parse(text))
    const policies = json.filter(value => value.Version === '1' || value.version === '2.0')
    expect(policies).toHaveLength(2)
    const [sending, asking] = policies.map(({ Statement, statement }) =>
      [Statement ?? statement].flat(2).flatMap(each => each.Action ?? each.action),
    )
    expect(sending).toEqual([expect.stringMatching(/^\w+:(?:SendSms|SendSmsVerifyCode|SingleSendMail)$/)])
    expect(asking).toEqual(
      asking!.map(() => expect.stringMatching(/^\w+:(?:Get|Query|Desc|Check|Pull|SenderStatistics)\w+$/)),
    )
    const [config, row] = json.filter(value => !policies.includes(value))
    const withRow = row && { ...config, ...ABROAD[id], templates: config.templates.map(extended(row)) }
    for (const each of row ? [config, withRow] : [config]) {
      expect(settingsSchema(connector.settings).safeParse(each).error).toBeUndefined()
      expect(lint(id, each, { codeLength: 6, allowOverseas: each === withRow })).toEqual([])
    }
  })

  test('leads to the providers’ own pages only', () => {
    const links = [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, address]) => new URL(address!))
    expect(links.length).toBeGreaterThan(2)
    for (const { protocol, hostname } of links) {
      expect(protocol).toBe('https:')
      expect(hostname).toMatch(HOSTS)
    }
  })

  test('is Markdown without extensions, of a readable length, and finished', () => {
    expect(guide).not.toMatch(/^\s*\|/m)
    expect(guide).not.toMatch(/\bTODO\b|\bFIXME\b|\bTBD\b|\?\?\?/)
    expect(prose).not.toMatch(/<\/?[a-z]/i)
    expect(prose.match(/\*\*/g)!.length % 2).toBe(0)
    const lines = guide.split('\n').length
    expect(lines).toBeGreaterThanOrEqual(90)
    expect(lines).toBeLessThanOrEqual(180)
    expect(guide).not.toMatch(/[ \t]$|\n\n\n/m)
    expect(guide.endsWith('\n')).toBe(true)
  })
})

test.each([
  ['en', 'en'],
  ['en-GB', 'en'],
  ['zh-CN', 'zh-CN'],
  ['zh', 'zh-CN'],
  ['zh-Hans', 'zh-CN'],
  ['zh-SG', 'zh-CN'],
  ['zh-Hans-HK', 'zh-CN'],
  ['zh-TW', 'zh-TW'],
  ['zh_tw', 'zh-TW'],
  ['zh-HK', 'zh-TW'],
  ['zh-MO', 'zh-TW'],
  ['zh-Hant', 'zh-TW'],
  ['zh-Hant-CN', 'zh-TW'],
  ['ko', 'ko'],
  ['ko-KR', 'ko'],
  ['RU', 'ru'],
  ['ru-KZ', 'ru'],
  ['ja-JP', 'ja'],
  ['fr', 'en'],
  ['jav', 'en'],
  ['', 'en'],
  ['../../../package', 'en'],
])('the guide for the language “%s” is the one in %s', (language, chosen) => {
  expect(GUIDE_LANGUAGES).toContain(chosen)
  for (const { id } of connectors) expect(guideOf(id, language)).toBe(guideOf(id, chosen))
})

test('no two languages have the same guide', () => {
  const texts = guides.map(([id, language]) => guideOf(id, language))
  expect(new Set(texts).size).toBe(texts.length)
})
