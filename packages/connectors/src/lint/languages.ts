import { chooseTag, type Finding, type LintContext } from '@countersign/kit'
import { both, type Draft, rowsOf, textOf, warning } from './finding.ts'

/** What people write for a language that has another tag. */
const MEANT: Readonly<Record<string, string>> = {
  cn: 'zh-CN',
  chs: 'zh-CN',
  cht: 'zh-TW',
  tw: 'zh-TW',
  hk: 'zh-HK',
  jp: 'ja',
  kr: 'ko',
  us: 'en-US',
  gb: 'en-GB',
  uk: 'en-GB',
  'en-uk': 'en-GB',
}

/** Made when they are first asked for: the first names of a process take as long as loading fifty files. */
let names: Record<'language' | 'region', Intl.DisplayNames> | undefined

function isNamed(type: 'language' | 'region', code: string): boolean {
  names ??= {
    language: new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }),
    region: new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }),
  }
  return names[type].of(code) !== undefined
}

/** A tag with everything that it leaves unsaid; undefined for one that names no language or region. */
function whole(tag: string): string | undefined {
  try {
    const { language, region } = new Intl.Locale(tag)
    if (!isNamed('language', language) || (region && !isNamed('region', region))) return undefined
    return new Intl.Locale(tag).maximize().baseName
  } catch {
    return undefined
  }
}

/** Each part of the recipients that has templates of its own: whether a row is for it. All are one where none has. */
export type Served = readonly ((row: Draft) => boolean)[]

/** What is surprising about the languages of a table of templates. */
export function* lintLanguages(
  draft: Draft,
  { fallbackLanguage }: LintContext,
  served: Served = [() => true],
): Generator<Finding> {
  yield* lintTags(draft)
  yield* lintScripts(draft)
  const said = new Set<unknown>()
  for (const isServed of served) yield* lintFallback(draft, fallbackLanguage, isServed, said)
}

function* lintTags(draft: Draft): Generator<Finding> {
  const seen = new Map<string, string>()
  for (const { row, index } of rowsOf(draft)) {
    const locale = textOf(row, 'locale')
    if (!locale) continue
    const path = ['templates', index, 'locale']
    const meant = MEANT[locale.toLowerCase()]
    const tag = whole(locale)
    if (meant !== undefined || tag === undefined) {
      yield warning(
        path,
        'language_unknown',
        both(
          `${locale} is not the tag of a language, so no reader gets this row for it.`,
          `${locale} 不是有效的语言标签，没有用户会因此使用该行。`,
        ),
        meant === undefined
          ? both('Use a tag such as zh-CN, zh-TW or en.', '请使用 zh-CN、zh-TW、en 这样的标签。')
          : both(`Did you mean ${meant}?`, `是否应为 ${meant}？请更正。`),
      )
      continue
    }
    const place = `${row.usageType} ${tag}`
    const first = seen.get(place)
    // Two rows with one and the same tag are refused when they are saved.
    if (first !== undefined && first.toLowerCase() !== locale.toLowerCase())
      yield warning(
        path,
        'language_twice',
        both(
          `${locale} and ${first} mean the same: two rows are for the same readers.`,
          `${locale} 与 ${first} 含义相同：有两行用于同一类用户。`,
        ),
        both('Keep one of the two rows.', '请只保留其中一行。'),
      )
    seen.set(place, first ?? locale)
  }
}

/** How the two ways of writing Chinese are called, with a tag for each. */
const SCRIPTS: Readonly<Record<string, { other: string; en: string; zh: string }>> = {
  Hant: { other: 'zh-CN', en: 'Simplified', zh: '简体' },
  Hans: { other: 'zh-TW', en: 'Traditional', zh: '繁体' },
}

/**
 * Warns once where Chinese has a row in one script and another row has no language: who reads the other script gets the
 * row with the tag, although the one without may well be in it.
 */
function* lintScripts(draft: Draft): Generator<Finding> {
  const rows = rowsOf(draft)
  const chinese = rows.flatMap(({ row, index }) => {
    const { language, script = '' } = new Intl.Locale(whole(textOf(row, 'locale') ?? '') ?? 'und')
    return language === 'zh' ? [{ index, script }] : []
  })
  const [first] = chinese
  const other = first && SCRIPTS[first.script]
  if (!other || chinese.some(({ script }) => script !== first.script)) return
  if (!rows.some(({ row }) => !textOf(row, 'locale') && mayBeChinese(row))) return
  yield warning(
    ['templates', first.index, 'locale'],
    'other_script',
    both(
      `Readers of ${other.en} Chinese get this row, too: no row has the language ${other.other}.`,
      `${other.zh}中文用户也会使用该行：没有语言为 ${other.other} 的行。`,
    ),
    both(
      `If the row without a language is in ${other.en} Chinese, give it the language ${other.other}.`,
      `若未填写语言的行是${other.zh}中文，请将其语言填写为 ${other.other}。`,
    ),
  )
}

/** A text message's words stand with the provider, so nobody here can tell; a mail's stand in its row. */
const mayBeChinese = (row: Parameters<typeof textOf>[0]): boolean => {
  const words = textOf(row, 'content')
  return words === undefined || /\p{Script=Han}/u.test(words)
}

/** Warns once of each usage type whose readers may get a language that is not theirs. */
function* lintFallback(
  draft: Draft,
  fallbackLanguage: string | undefined,
  isServed: Served[number],
  said: Set<unknown>,
): Generator<Finding> {
  const rows = rowsOf(draft).filter(({ row }) => isServed(row))
  for (const { row, index } of rows) {
    const locale = textOf(row, 'locale')
    if (!locale || said.has(row.usageType)) continue
    const locales = rows
      .filter(({ row: { usageType } }) => usageType === row.usageType || usageType === 'Generic')
      .map(({ row: other }) => textOf(other, 'locale'))
    const tags = locales.flatMap(tag => tag ?? [])
    if (tags.length < locales.length) continue
    if (fallbackLanguage !== undefined && chooseTag([fallbackLanguage], tags)) continue
    said.add(row.usageType)
    yield warning(
      ['templates', index, 'locale'],
      'no_fallback_language',
      both(
        `Readers of other languages may get this message in ${locale}: there is no row without a language.`,
        `其他语言的用户可能会收到 ${locale} 的消息：没有未指定语言的模板。`,
      ),
      both(
        'Add a row of this usage type, or of Generic, and leave its language empty.',
        '请为该用途或 Generic 添加一行，并将语言留空。',
      ),
    )
  }
}
