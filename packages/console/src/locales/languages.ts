import { chooseTag } from '@countersign/kit/languages'
import { en, type Texts } from './en.ts'
import { zhCN } from './zh-CN.ts'

/** The console's languages by tag. A further language is a file in `locales` and a line here. */
export const LANGUAGES = { en, 'zh-CN': zhCN } satisfies Record<string, Texts>
export type Language = keyof typeof LANGUAGES

/** Names one after the other, as the language lists them. */
export const listNames = (language: Language, names: readonly string[]): string =>
  names.join(language === 'zh-CN' ? '、' : ', ')

/** Chinese marks bring their own space. The text decides, for a connector may speak English to a Chinese reader. */
const OPEN_END = /[^。！？]$/

/** Sentences one after the other; an empty one leaves no gap. */
export const joinSentences = (sentences: readonly string[]): string =>
  sentences
    .filter(sentence => sentence !== '')
    .reduce((said, sentence) => `${said}${OPEN_END.test(said) ? ' ' : ''}${sentence}`, '')

const isLanguage = (tag: string | null): tag is Language => tag !== null && Object.hasOwn(LANGUAGES, tag)

/** The first of the wanted tags that the console speaks; any Chinese is answered in Simplified Chinese. */
export function chooseLanguage(stored: string | null, wanted: readonly string[]): Language {
  if (isLanguage(stored)) return stored
  const tag = chooseTag(wanted, Object.keys(LANGUAGES)) ?? null
  return isLanguage(tag) ? tag : 'en'
}
