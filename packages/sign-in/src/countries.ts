import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max'
import type { Locale } from './locale.ts'

/** Where most users of the three connectors live; the rest follows by name. */
const COMMON = ['CN', 'HK', 'TW', 'MO', 'SG', 'US', 'JP', 'KR', 'MY', 'GB', 'AU', 'CA'] as const

export interface Country {
  /** ISO 3166 code. */
  code: string
  /** `China (+86)` */
  label: string
}

// Naming 245 countries costs a few milliseconds, and the answer never changes.
const known = new WeakMap<Locale, { common: Country[]; others: Country[] }>()

/** All countries with a calling code: the common ones in fixed order, the others sorted by name. */
export function countries(locale: Locale): { common: Country[]; others: Country[] } {
  const before = known.get(locale)
  if (before) return before
  const names = new Intl.DisplayNames(locale.tag, { type: 'region' })
  const named = getCountries().map(code => ({
    code,
    label: `${locale.countries[code] ?? names.of(code) ?? code} (+${getCountryCallingCode(code)})`,
  }))
  const isCommon = (code: string) => (COMMON as readonly string[]).includes(code)
  const order = new Intl.Collator(locale.tag)
  const answer = {
    common: COMMON.flatMap(code => named.filter(each => each.code === code)),
    others: named.filter(each => !isCommon(each.code)).sort((a, b) => order.compare(a.label, b.label)),
  }
  known.set(locale, answer)
  return answer
}
