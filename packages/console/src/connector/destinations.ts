import { ELSEWHERE } from '@countersign/api'
import { useMemo } from 'react'
import { countryChoices } from '../experience/country-choices.ts'
import { useSpeech } from '../language.tsx'

/** The places that a connection may send to, by their names: mainland China and everywhere else before all others. */
export function useDestinations() {
  const { texts, language } = useSpeech()
  const { mainland, elsewhere, everywhere } = texts.connectors
  return useMemo(() => {
    const choices = [
      { value: 'CN', label: mainland },
      { value: ELSEWHERE, label: elsewhere },
      ...countryChoices(language).filter(({ value }) => value !== 'CN'),
    ]
    const name = (place: string) => choices.find(({ value }) => value === place)?.label ?? place
    return {
      choices,
      nameOf: name,
      /** What a list of places comes to, in one line. */
      summary: (places: readonly string[]) =>
        places.includes('CN') && places.includes(ELSEWHERE)
          ? everywhere
          : new Intl.ListFormat(language, { type: 'conjunction' }).format(places.map(name)),
    }
  }, [language, mainland, elsewhere, everywhere])
}
