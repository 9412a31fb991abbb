const UTF8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Bytes as the text that they are in UTF-8, without the mark that may stand before it; undefined where they are none.
 *
 * @example fromUtf8(Uint8Array.of(0xcd, 0xf5)) // undefined
 */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * The bytes of a file as text: in UTF-8, or in UTF-16 with its mark, as Windows' editors may write it. Undefined for any
 * other encoding, such as GBK: read as UTF-8 it would be another text.
 *
 * @example textOfFile(Uint8Array.of(0xff, 0xfe, 0x41, 0)) // 'A'
 */
export function textOfFile(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes
  const isLittle = first === 0xff && second === 0xfe
  if (!isLittle && !(first === 0xfe && second === 0xff)) {
    const text = fromUtf8(bytes)
    // Every other byte of UTF-16 is zero where letters are English, which would pass; no text of ours holds that sign.
    return text?.includes('\0') ? undefined : text
  }
  if (bytes.length % 2 !== 0) return undefined
  const text = new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(bytes)
  return text.includes('\uFFFD') ? undefined : text
}

/**
 * Whether the bytes that a form or a query has behind percent signs are UTF-8.
 *
 * @example isUtf8Form('name=%C4%E3') // false
 */
export const isUtf8Form = (text: string): boolean =>
  Array.from(text.matchAll(/(?:%[\da-f]{2})+/gi), ([run]) =>
    fromUtf8(Uint8Array.from(run.slice(1).split('%'), byte => Number.parseInt(byte, 16))),
  ).every(read => read !== undefined)
