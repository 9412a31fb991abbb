import { PHONE_COUNTRIES } from '@countersign/api'

/** Countries by their names in a language; of those that begin alike China stands first, so that "Chi" finds it. */
export function countryChoices(language: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(language, { type: 'region' })
  const order = new Intl.Collator(language)
  const choices = PHONE_COUNTRIES.map((value): { value: string; label: string } => ({
    value,
    label: names.of(value) ?? value,
  }))
  const rank = ({ value }: { value: string }) => (value === 'CN' ? 0 : 1)
  return choices.sort(
    (a, b) =>
      order.compare(a.label.slice(0, 3), b.label.slice(0, 3)) ||
      rank(a) - rank(b) ||
      order.compare(a.label, b.label),
  )
}
