import { escapeHtml } from '@countersign/kit/html'

/** Markup that is safe to print as it stands. Made only by `html`, `phrase` and `raw`. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
  toString(): string {
    return this.markup
  }
}

/** What may stand in a template: text is escaped, markup is not, nothing prints nothing. */
export type Part = Html | string | number | undefined | false | Part[]

function print(part: Part): string {
  if (part === undefined || part === false) return ''
  if (part instanceof Html) return part.markup
  if (Array.isArray(part)) return part.map(print).join('')
  return escapeHtml(String(part))
}

/** The template tag of all pages. Attribute values must stand in quotes: only then does escaping hold them. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(strings.reduce((text, next, index) => text + print(parts[index - 1]) + next))
}

/** Puts markup into the `{placeholders}` of a sentence, whose own words are escaped. */
export function phrase(sentence: string, values: Record<string, Part>): Html {
  const parts = sentence.split(/\{(\w+)\}/)
  return new Html(parts.map((part, index) => print(index % 2 ? values[part] : part)).join(''))
}

/**
 * An address for `href` or `src`. The CSP already keeps `javascript:` from running; refusing it here as well
 * keeps an operator's typing mistake or a hostile setting from becoming a link at all.
 */
export function safeHref(address: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(address.replace(/[\s\p{Cc}]/gu, '').toLowerCase())?.[1]
  return scheme && ['javascript', 'vbscript', 'data', 'blob', 'file'].includes(scheme) ? '#' : address
}
