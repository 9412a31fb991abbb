import { useSpeech } from '../language.tsx'

/** Says which numbers a rate is for. */
export function useNameOfTo(): (to: string) => string {
  const { texts, language } = useSpeech()
  const names = new Intl.DisplayNames(language, { type: 'region' })
  return to => {
    if (to === '*') return texts.costs.everythingElse
    return /^\d/.test(to) ? `+${to}…` : `${names.of(to) ?? to} (${to})`
  }
}
