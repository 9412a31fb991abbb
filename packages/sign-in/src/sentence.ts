import type { Locale } from './locale.ts'

/** Values for the placeholders of a sentence. */
export type Values = Record<string, string | number | undefined>

/** Placeholders that are durations, and how many seconds one of them is. */
const DURATIONS: Record<string, number> = { seconds: 1, minutes: 60 }

function unitFor(seconds: number): { unit: 'second' | 'minute' | 'hour'; count: number } {
  if (seconds === 0 || (seconds < 120 && seconds % 60)) return { unit: 'second', count: seconds }
  if (seconds < 7200 && seconds % 3600) return { unit: 'minute', count: Math.ceil(seconds / 60) }
  return { unit: 'hour', count: Math.ceil(seconds / 3600) }
}

/**
 * A duration in words, in the largest unit that is exact enough. Rounded up: a user who comes back a little
 * late succeeds, one who comes a little early fails.
 */
export function duration(seconds: number, locale: Locale): string {
  const { unit, count } = unitFor(Math.max(0, Math.ceil(seconds)))
  const format = new Intl.NumberFormat(locale.tag, { style: 'unit', unit, unitDisplay: locale.unitDisplay })
  // Chinese typography sets a space between digits and characters; Intl does not.
  return format.format(count).replace(/(\d)(?=\p{Script=Han})/gu, '$1 ')
}

/** A moment to the minute, in a time zone that it names: `December 1, 2026 at 00:00 GMT+8`. */
function moment(at: number, timeZone: string | undefined, { tag }: Locale): string {
  const format = new Intl.DateTimeFormat(tag, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    timeZone: timeZone ?? 'UTC',
  })
  return format.format(at)
}

function write(name: string, value: string | number, locale: Locale, { timeZone }: Values): string {
  if (name === 'until' && typeof value === 'number') return moment(value, timeZone?.toString(), locale)
  const unit = DURATIONS[name]
  return unit && typeof value === 'number' ? duration(value * unit, locale) : String(value)
}

/**
 * Fills a sentence in. A part in square brackets is dropped when one of its values is missing; elsewhere a
 * missing value leaves nothing behind.
 */
export function fill(sentence: string, locale: Locale, values: Values = {}): string {
  const put = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name]
      return value === undefined ? '' : write(name, value, locale, values)
    })
  const has = (part: string) =>
    [...part.matchAll(/\{(\w+)\}/g)].every(([, name]) => values[name!] !== undefined && values[name!] !== '')
  // Brackets go first and the values last, so that a bracket inside a value is only text.
  return put(sentence.replace(/\[([^[\]]*)\]/g, (_, part: string) => (has(part) ? part : '')))
}

/**
 * The one sentence for a public error code, an issue of the password policy or a notice. An unknown code gets a general
 * sentence: a page never shows a bare code.
 */
export function sentence(code: string, locale: Locale, values?: Values): string {
  for (const part of [locale.notices, locale.errors, locale.passwordIssues]) {
    if (Object.hasOwn(part, code)) return fill((part as Record<string, string>)[code]!, locale, values)
  }
  return locale.labels.general
}
