import type { HtmlToTextOptions } from 'html-to-text'

const OPTIONS: HtmlToTextOptions = {
  wordwrap: false,
  // Nobody's template is deeper or longer; what is takes too much time.
  limits: { maxDepth: 100, maxInputLength: 200_000 },
  formatters: {
    // Mails are laid out with tables, whose cells would otherwise stick together.
    cell: (element, walk, builder) => {
      walk(element.children, builder)
      builder.addInline(' ')
    },
  },
  selectors: [
    ...['head', 'title', 'img'].map(selector => ({ selector, format: 'skip' })),
    ...['td', 'th'].map(selector => ({ selector, format: 'cell' })),
    { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, noAnchorUrl: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map(selector => ({ selector, options: { uppercase: false } })),
  ],
}

let convert: ((html: string) => string) | undefined

/** An installation has a handful of templates; each is read once and not with every mail. */
const READ_AT_MOST = 64
const read = new Map<string, string>()

/**
 * The text of a mail template for readers that show no HTML; placeholders stay as they are. What reads HTML is loaded for
 * the first of them: not every server sends mail.
 */
export async function plainText(html: string): Promise<string> {
  const known = read.get(html)
  if (known !== undefined) return known
  convert ??= (await import('html-to-text')).compile(OPTIONS)
  const text = convert(html)
  if (read.size >= READ_AT_MOST) read.clear()
  read.set(html, text)
  return text
}
