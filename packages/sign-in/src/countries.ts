import { asciiDigits } from '@countersign/api'
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max'
import type { Locale } from './locale.ts'

/**
 * Where most users of the three connectors live, in this order. Beside each are its name in English and in Pinyin: who
 * reads another language may type it so, and no keyboard writes Chinese into a list.
 */
const COMMON: Readonly<Record<string, readonly [english: string, pinyin: string]>> = {
  CN: ['China', 'zhongguo'],
  HK: ['Hong Kong', 'xianggang'],
  TW: ['Taiwan', 'taiwan'],
  MO: ['Macao', 'aomen'],
  SG: ['Singapore', 'xinjiapo'],
  US: ['United States', 'meiguo'],
  JP: ['Japan', 'riben'],
  KR: ['South Korea', 'hanguo'],
  MY: ['Malaysia', 'malaixiya'],
  GB: ['United Kingdom', 'yingguo'],
  AU: ['Australia', 'aodaliya'],
  CA: ['Canada', 'jianada'],
}

/** Of the countries that share a calling code, the one that it is taken for while nothing else is known. */
export const MAIN_COUNTRIES: readonly string[] = [
  'AU',
  'CW',
  'FI',
  'GB',
  'GP',
  'IT',
  'MA',
  'NO',
  'RE',
  'RU',
  'SH',
  'US',
]

export interface Country {
  /** ISO 3166 code. */
  code: string
  /** `China (+86)` */
  label: string
  /** Other names under which it is looked for. */
  names: readonly string[]
}

// Naming 245 countries costs a few milliseconds, and the answer never changes.
const known = new WeakMap<Locale, { common: Country[]; all: Country[] }>()

/** As much of a name as is typed before somebody looks up: of a Chinese one its first character, else three letters. */
const beginningOf = (label: string) => label.slice(0, /^\p{Script=Han}/u.test(label) ? 1 : 3)

/**
 * The countries with a calling code: the common ones in fixed order, and all of them by name. Browsers look for what is
 * typed from the chosen country on, so the common ones stand among all once more; and of those that begin alike they stand
 * first, so that "Chi" is China and not Chile from wherever it is looked for.
 */
export function countries(locale: Locale): { common: Country[]; all: Country[] } {
  const before = known.get(locale)
  if (before) return before
  const shown = new Intl.DisplayNames(locale.tag, { type: 'region' })
  const isChinese = locale.tag.startsWith('zh')
  const named = getCountries().map((code): Country => {
    const name = locale.countries[code] ?? shown.of(code) ?? code
    const [english, pinyin] = COMMON[code] ?? []
    const others = [english !== name && english, isChinese && pinyin].filter(each => typeof each === 'string')
    return {
      code,
      label: `${name} (+${getCountryCallingCode(code)})`,
      names: english === undefined ? [] : [code, ...others],
    }
  })
  const order = new Intl.Collator(locale.tag)
  const rank = ({ code }: Country) => (code in COMMON ? 0 : 1)
  const answer = {
    common: Object.keys(COMMON).flatMap(code => named.filter(each => each.code === code)),
    all: named.toSorted(
      (a, b) =>
        order.compare(beginningOf(a.label), beginningOf(b.label)) ||
        rank(a) - rank(b) ||
        order.compare(a.label, b.label),
    ),
  }
  known.set(locale, answer)
  return answer
}

/**
 * The country that a number names by itself, by `+` or `00` and the code that follows: the chosen one where it has that
 * code, else the one that the code is taken for. Undefined where the number names none. The script of the pages does the
 * same while somebody types.
 *
 * @example countryOfPrefix('＋86 138 0013 8000', 'US') // 'CN'
 * @example countryOfPrefix('+1 604 555 0100', 'CA') // 'CA'
 */
export function countryOfPrefix(typed: string, chosen: string): string | undefined {
  // A letter stays and so ends the search, for it is no spelling of a digit.
  const text = asciiDigits(typed)
    .normalize('NFKC')
    .replaceAll(/[^\d+\p{L}]/gu, '')
  const digits = /^(?:\+|00)(\d+)/.exec(text)?.[1]
  if (digits === undefined) return undefined
  const those: string[] = getCountries().filter(code => digits.startsWith(getCountryCallingCode(code)))
  return [chosen, ...MAIN_COUNTRIES, ...those].find(code => those.includes(code))
}
