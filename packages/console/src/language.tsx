import type { CatalogEntry } from '@countersign/api'
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useState } from 'react'
import type { Texts } from './locales/en.ts'
import { chooseLanguage, joinSentences, LANGUAGES, type Language, listNames } from './locales/languages.ts'

const STORED = 'countersign.language'

interface Speech {
  language: Language
  /** The console's own sentences. */
  texts: Texts
  /** The server's text in the chosen language, else in English. */
  pick(text: CatalogEntry['name']): string
  /** Several texts as one paragraph, those of the console among them; what is not there is left out. */
  pickAll(...texts: (CatalogEntry['name'] | string | false | null | undefined)[]): string
  /** Names one after the other. */
  list(names: readonly string[]): string
  /** A point in time, given in milliseconds. */
  date(time: number): string
  /** The same to the second. */
  exact(time: number): string
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
    const toTheSecond = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' })
    const pick: Speech['pick'] = text => text[language] ?? text.en
    return {
      language,
      texts: LANGUAGES[language],
      pick,
      pickAll: (...texts) =>
        joinSentences(texts.map(text => (typeof text === 'object' && text ? pick(text) : text || ''))),
      list: names => listNames(language, names),
      date: time => format.format(time),
      exact: time => toTheSecond.format(time),
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
