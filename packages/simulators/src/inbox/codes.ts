/** Finds a verification code in free text: six digits first, else the first run of four to eight digits. */
export function findCode(text: string): string | undefined {
  return (/(?<![\dA-Za-z])\d{6}(?![\dA-Za-z])/.exec(text) ??
    /(?<![\dA-Za-z])\d{4,8}(?![\dA-Za-z])/.exec(text))?.[0]
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' }

/** A mail's text version for one that came as HTML only: good enough to read, not a browser. */
export function htmlToText(html: string): string {
  return html
    .replace(/<(style|script|head)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<(?:br|\/p|\/div|\/tr|\/h[1-6]|\/li)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n\s*/g, '\n')
    .trim()
}
