/** They run, load, leave or reach out. */
const FORBIDDEN =
  'script, style, link, meta, base, iframe, frame, frameset, object, embed, applet, svg, math, video, audio, source, template, noscript, portal'

/** Attributes that only say how something looks. */
const ATTRIBUTES = new Set([
  'align',
  'alt',
  'bgcolor',
  'border',
  'cellpadding',
  'cellspacing',
  'color',
  'colspan',
  'dir',
  'face',
  'height',
  'lang',
  'rowspan',
  'size',
  'src',
  'style',
  'title',
  'valign',
  'width',
])

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

/** Styles of a mail client that has none of its own. */
const LOOK =
  'body{margin:12px;font:14px/1.5 system-ui,sans-serif;color:#1f2426;background:#fff;overflow-wrap:anywhere}img{max-width:100%}.picture{padding:2px 6px;border:1px dashed #868e96;color:#495057}'

/** Handlers are taken out before the text is parsed: to take them from a parsed one is to have the policy complain. */
const withoutHandlers = (html: string) =>
  html.replaceAll(/<[a-z][^>]*>/gi, tag =>
    tag.replaceAll(/[\s/]on\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)/gi, ' '),
  )

/** Reads an e-mail. A parsed document without a window runs no scripts and loads nothing. */
export const parseMail = (html: string): Document =>
  new DOMParser().parseFromString(withoutHandlers(html), 'text/html')

/**
 * A document that shows an e-mail and can do nothing: what runs or loads is taken out, so that the browser has
 * nothing to refuse. The frame around it refuses it all the same, for this list may have a hole.
 *
 * @param picture the word for a picture that is not loaded
 */
export function harmlessDocument(html: string, picture: string): string {
  const parsed = parseMail(html)
  for (const element of parsed.querySelectorAll(FORBIDDEN)) element.remove()
  for (const element of parsed.body.querySelectorAll<HTMLElement>('*')) {
    for (const { name } of [...element.attributes]) if (!ATTRIBUTES.has(name)) element.removeAttribute(name)
    // What stands in a form is read; only sending it would lead away.
    if (element.localName === 'form') element.replaceWith(...element.childNodes)
    const source = element.getAttribute('src')
    if (element instanceof HTMLImageElement ? !source?.startsWith('data:image/') : source !== null) {
      const stand = parsed.createElement('span')
      stand.className = 'picture'
      stand.textContent = element.getAttribute('alt') || picture
      element.replaceWith(stand)
    }
    const style = element.getAttribute('style')
    // Whatever is fetched by a style is fetched by this, however it is spelled.
    if (style !== null && /url|image|import|\\/i.test(style)) element.removeAttribute('style')
  }
  return `<!doctype html><html><head><meta http-equiv="content-security-policy" content="${POLICY}"><style>${LOOK}</style></head><body>${parsed.body.innerHTML}</body></html>`
}
