import { NativeSelect } from '@mantine/core'
import { LANGUAGES, type Language, useSpeech } from '../language.tsx'

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
