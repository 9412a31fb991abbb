import { closest } from './closest.ts'

/** What a template may name; what is no text has members. */
export const PLACEHOLDERS = [
  'code',
  'minutes',
  'locale',
  'uiLocales',
  'application.id',
  'application.name',
  'user.id',
  'user.name',
  'user.username',
  'user.primaryEmail',
  'user.primaryPhone',
  'user.avatar',
  'link',
] as const

/** A placeholder that will not be filled in as its writer meant it. */
export interface PlaceholderProblem {
  /** `unknown`: nothing has that name. `braces`: there are more than two. */
  kind: 'unknown' | 'braces'
  /** As it stands in the text. */
  written: string
  /** The placeholder that was probably meant. */
  meant?: string
}

const nameOf = (written: string) => written.replaceAll(/^\{+\s*|\s*\}+$/g, '')

const isKnown = (name: string) =>
  (PLACEHOLDERS as readonly string[]).includes(name) || name.startsWith('user.profile.')

/**
 * Placeholders of a text that stay as they are, or are put between braces, when it is sent; each once.
 *
 * @example placeholderProblems('{{minute}}') // [{ kind: 'unknown', written: '{{minute}}', meant: '{{minutes}}' }]
 */
export function placeholderProblems(text: string): PlaceholderProblem[] {
  const written = new Set(Array.from(text.matchAll(/\{{2,}[^{}]{0,256}\}{2,}/g), ([whole]) => whole))
  return [...written].flatMap((whole): PlaceholderProblem[] => {
    const name = nameOf(whole)
    const hasMore = whole.startsWith('{{{')
    if (isKnown(name)) return hasMore ? [{ kind: 'braces', written: whole, meant: `{{${name}}}` }] : []
    const meant = closest(name.slice(0, 64), PLACEHOLDERS)
    return [{ kind: 'unknown', written: whole, ...(meant && { meant: `{{${meant}}}` }) }]
  })
}
