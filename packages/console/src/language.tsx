import type { CatalogEntry } from '@countersign/api'
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useState } from 'react'
import { en, type Texts } from './locales/en.ts'
import { zhCN } from './locales/zh-CN.ts'

/** The console's languages by tag. A further language is a file in `locales` and a line here. */
export const LANGUAGES = { en, 'zh-CN': zhCN } satisfies Record<string, Texts>
export type Language = keyof typeof LANGUAGES

const STORED = 'countersign.language'

const isLanguage = (tag: string | null): tag is Language => tag !== null && Object.hasOwn(LANGUAGES, tag)

/** The first of the wanted tags that the console speaks; any Chinese is answered in Simplified Chinese. */
export function chooseLanguage(stored: string | null, wanted: readonly string[]): Language {
  if (isLanguage(stored)) return stored
  for (const tag of wanted) {
    if (isLanguage(tag)) return tag
    if (/^zh\b/i.test(tag)) return 'zh-CN'
    if (/^en\b/i.test(tag)) return 'en'
  }
  return 'en'
}

interface Speech {
  language: Language
  /** The console's own sentences. */
  texts: Texts
  /** The server's text in the chosen language, else in English. */
  pick(text: CatalogEntry['name']): string
  /** A point in time, given in milliseconds. */
  date(time: number): string
  choose(language: Language): void
}

const SpeechContext = createContext<Speech | undefined>(undefined)

/** The language of everything below it. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() =>
    chooseLanguage(localStorage.getItem(STORED), navigator.languages),
  )
  // Before any child asks the server something: the client reads the language from the document.
  useLayoutEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const speech = useMemo<Speech>(() => {
    const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
    return {
      language,
      texts: LANGUAGES[language],
      pick: text => text[language] ?? text.en,
      date: time => format.format(time),
      choose: next => {
        localStorage.setItem(STORED, next)
        setLanguage(next)
      },
    }
  }, [language])
  return <SpeechContext value={speech}>{children}</SpeechContext>
}

/** The language in force. */
export function useSpeech(): Speech {
  const speech = useContext(SpeechContext)
  if (!speech) throw new Error('useSpeech needs a LanguageProvider above it')
  return speech
}
