import { isObject } from '@countersign/kit'
import type { Phrases } from './built-in.ts'

// Pages of others say more than ours. What stands in a group that they have as well is kept and given back without
// effect, so that a back end that writes all the texts it knows is not refused for those that no page here says.

/** Bounds of what is kept without effect: twice what all pages of others say, in the longest of languages. */
const KEPT = { texts: 1000, characters: 128 * 1024, levels: 4 }

const NAME = /^[A-Za-z]\w{0,63}$/

/** Counts what is kept without effect; tells when it is too much. */
function counter() {
  let [texts, characters] = [0, 0]
  return (name: string, text: string): boolean => {
    texts += 1
    characters += name.length + text.length
    return texts <= KEPT.texts && characters <= KEPT.characters
  }
}

/** True for texts, in groups or not, under a name that no page of ours has. */
function mayBeKept(name: string, given: unknown, level: number, count: ReturnType<typeof counter>): boolean {
  if (!NAME.test(name) || level > KEPT.levels) return false
  if (typeof given === 'string') return count(name, given)
  if (!isObject(given) || !count(name, '')) return false
  return Object.entries(given).every(([inner, value]) => mayBeKept(inner, value, level + 1, count))
}

function fitsUnder(given: object, known: Phrases, level: number, count: ReturnType<typeof counter>): boolean {
  return Object.entries(given).every(([name, value]) => {
    const under = Object.hasOwn(known, name) ? known[name] : undefined
    // The groups of the first level are the same in all pages.
    if (under === undefined) return level > 1 && mayBeKept(name, value, level, count)
    if (typeof under === 'string') return typeof value === 'string'
    return isObject(value) && fitsUnder(value, under, level + 1, count)
  })
}

/**
 * True when every text stands in a group that there is, and not where a group is, or a group where a text is.
 *
 * @example fits({ action: { sign_in: 'Come in' } }, builtInPhrases(locale)) // true
 */
export const fits = (given: object, known: Phrases): boolean => fitsUnder(given, known, 1, counter())

/** The texts that can be kept, and the places of those that no page says, be they kept or not. */
function fittingUnder(
  given: object,
  known: Phrases,
  path: readonly string[],
): { texts: Phrases; strange: string[] } {
  const texts: Phrases = {}
  const strange: string[] = []
  for (const [name, value] of Object.entries(given)) {
    const under = Object.hasOwn(known, name) ? known[name] : undefined
    const place = [...path, name]
    const inner =
      typeof value === 'object' && value !== null
        ? fittingUnder(value, typeof under === 'object' ? under : {}, place)
        : undefined
    if (inner) strange.push(...inner.strange)
    else if (typeof value !== 'string' || typeof under !== 'string') strange.push(place.join('.'))
    const kept: unknown = inner ? inner.texts : value
    if (typeof kept !== 'string' && Object.keys(inner?.texts ?? {}).length === 0) continue
    const stays =
      under === undefined
        ? path.length > 0 && mayBeKept(name, kept, place.length, counter())
        : typeof under === typeof kept
    if (stays) texts[name] = kept as string | Phrases
  }
  return { texts, strange }
}

/**
 * The texts that can be kept here, and the places of those that no page here says.
 *
 * @example fitting({ action: { dance: 'Dance' }, zoo: { a: 'b' } }, known) // { texts: { action: { dance: 'Dance' } }, strange: ['action.dance', 'zoo.a'] }
 */
export const fitting = (given: object, known: Phrases) => fittingUnder(given, known, [])
