import { countryNames } from '@countersign/api'
import { useSpeech } from '../language.tsx'

/** Says which numbers a rate is for. */
export function useNameOfTo(): (to: string) => string {
  const { texts, language } = useSpeech()
  const countryName = countryNames(language)
  return to => {
    if (to === '*') return texts.costs.everythingElse
    return /^\d/.test(to) ? `+${to}…` : `${countryName(to)} (${to})`
  }
}
