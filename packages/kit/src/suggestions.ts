import type { Localized } from './failures.ts'
import type { UsageType } from './template.ts'

/** A value that a form offers for a text; any other may be typed. */
export interface Suggestion {
  value: string
  label: Localized
  /** In the rows of `templates`: the usage types whose new rows begin with it. */
  usageTypes?: UsageType[]
}

/**
 * Tells what a new row of `templates` has in a text of its usage type: the suggestion made for it, else nothing.
 *
 * @example suggestedFor({ suggestions: [{ value: '1', label, usageTypes: ['SignIn'] }] }, 'SignIn') // '1'
 */
export const suggestedFor = (
  { suggestions = [] }: { suggestions?: readonly Pick<Suggestion, 'value' | 'usageTypes'>[] | undefined },
  usageType: string,
): string | undefined =>
  suggestions.find(({ usageTypes = [] }) => (usageTypes as readonly string[]).includes(usageType))?.value
