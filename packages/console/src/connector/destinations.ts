import { ELSEWHERE } from '@countersign/api'
import { useMemo } from 'react'
import { countryChoices } from '../experience/country-choices.ts'
import { useSpeech } from '../language.tsx'

/** The places that a connection may send to, by their names: mainland China and everywhere else before all others. */
export function useDestinations() {
  const { texts, language } = useSpeech()
  const { elsewhere, everywhere } = texts.connectors
  return useMemo(() => {
    const all = countryChoices(language)
    const isMainland = ({ value }: { value: string }) => value === 'CN'
    const first = all.filter(isMainland)
    const others = all.filter(each => !isMainland(each))
    const choices = [...first, { value: ELSEWHERE, label: elsewhere }, ...others]
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
  }, [language, elsewhere, everywhere])
}
