import { countryNames, PHONE_COUNTRIES } from '@countersign/api'

/** Countries by their names in a language; mainland China, which is meant most often, stands first. */
export function countryChoices(language: string): { value: string; label: string }[] {
  const nameOf = countryNames(language)
  const order = new Intl.Collator(language)
  const choices = PHONE_COUNTRIES.map((value): { value: string; label: string } => ({
    value,
    label: nameOf(value),
  }))
  const rank = ({ value }: { value: string }) => (value === 'CN' ? 0 : 1)
  return choices.sort((a, b) => rank(a) - rank(b) || order.compare(a.label, b.label))
}
