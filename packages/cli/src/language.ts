import { chooseTag, type Localized } from '@countersign/kit'

/** The language tag that the environment asks for, as POSIX has it: `zh_CN.UTF-8` → `zh-CN`. English when none. */
export function environmentLanguage(env: Record<string, string | undefined>): string {
  const name = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find(value => value) ?? ''
  const tag = name.replace(/[.@].*$/, '').replaceAll('_', '-')
  return tag === 'POSIX' ? 'en' : (canonical(tag) ?? 'en')
}

/** A language tag in its usual spelling; undefined when it is none. `C` and `POSIX` are none. */
export function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

/** The text in this language, else in another variety of it, else in English. */
export function pick(text: Localized, language: string): string {
  return text[chooseTag([language], Object.keys(text)) ?? 'en'] ?? text.en
}
