import { NativeSelect } from '@mantine/core'
import { useSpeech } from '../language.tsx'
import { LANGUAGES, type Language } from '../locales/languages.ts'

/** Chooses the console's language. */
export function LanguageSwitch() {
  const { language, texts, choose } = useSpeech()
  return (
    <NativeSelect
      aria-label={texts.languageLabel}
      size="xs"
      value={language}
      onChange={event => choose(event.currentTarget.value as Language)}
      data={Object.entries(LANGUAGES).map(([value, one]) => ({ value, label: one.languageName }))}
    />
  )
}
