import { chooseTag } from '@countersign/kit/languages'
import type { Locale } from './locale.ts'
import { locale as en } from './locales/en.ts'
import { locale as zhCN } from './locales/zh-CN.ts'
import { locale as zhHK } from './locales/zh-HK.ts'
import { locale as zhTW } from './locales/zh-TW.ts'

/** Every language there is, by its tag. A new one is a file in `locales/` and a line here. */
export const locales: Record<string, Locale> = { en, 'zh-CN': zhCN, 'zh-TW': zhTW, 'zh-HK': zhHK }

/**
 * The language for the first tag that there is one for, as near as there is one (`zh`, `zh-Hans-SG` → `zh-CN`,
 * `zh-Hant-HK` → `zh-HK`); else that of `fallback`; else English.
 */
export function chooseLocale(tags: string[], fallback = 'en'): Locale {
  return locales[chooseTag([...tags, fallback], Object.keys(locales)) ?? 'en'] ?? en
}

/** The tags of an `Accept-Language` header in order of preference. */
export function negotiate(acceptLanguage: string): string[] {
  return acceptLanguage
    .slice(0, 500) // no browser sends more, and an attacker's header is not worth sorting
    .split(',')
    .map(part => {
      const [tag = '', ...parameters] = part.split(';').map(text => text.trim())
      const quality = parameters.find(text => text.startsWith('q='))
      return { tag, quality: quality ? Number(quality.slice(2)) : 1 }
    })
    .filter(({ tag, quality }) => tag && tag !== '*' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
}
