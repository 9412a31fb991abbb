import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, gzip, constants as zlib } from 'node:zlib'

// Hono has middleware for both, but only for its own half of the server; what stands here serves oidc-provider's
// answers too, from the text itself: no stream is read twice to be hashed, none is compressed that is too short.

/** The part of a request that says how it would like its answer. */
export interface Asking {
  method: string
  /** A header of the request by its lower-case name. */
  header(name: string): string | undefined
}

/** An answer as one client gets it. */
export interface Representation {
  status: number
  /** To be added to those that the answer has. */
  headers: Record<string, string>
  body: string | Uint8Array<ArrayBuffer> | null
}

/** Shorter ones would hardly become shorter, in bytes; it is also what one packet of the network takes. */
const SHORTEST = 1024

const compressions = {
  // The best that brotli can do takes a hundred times as long, for a tenth less.
  br: (text: string | Uint8Array) =>
    promisify(brotliCompress)(text, { params: { [zlib.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (text: string | Uint8Array) => promisify(gzip)(text),
}

type Encoding = keyof typeof compressions

/**
 * The encoding that a client likes best of ours; undefined when it takes none (RFC 9110, 12.5.3).
 *
 * @example encodingFor('gzip, br;q=0.5') // 'gzip'
 */
export function encodingFor(accepted: string | undefined): Encoding | undefined {
  const wishes = new Map(
    (accepted ?? '').split(',').map(part => {
      const [name = '', ...parameters] = part.split(';').map(each => each.trim().toLowerCase())
      const weight = parameters.find(each => each.startsWith('q='))?.slice(2)
      return [name, weight === undefined ? 1 : Number(weight) || 0] as const
    }),
  )
  const wish = (encoding: Encoding) => wishes.get(encoding) ?? wishes.get('*') ?? 0
  const [best] = (Object.keys(compressions) as Encoding[]).toSorted((a, b) => wish(b) - wish(a))
  return best && wish(best) > 0 ? best : undefined
}

/**
 * Whether the length of an answer may depend on what it says. Where a browser adds a cookie by itself, a foreign page
 * can have it ask again and again with guesses in the address, and learn from lengths what else the answer holds
 * (BREACH). Without a cookie, or with a token that no page can make a browser send, there is nobody to be robbed.
 */
const mayCompress = ({ header }: Asking) =>
  header('cookie') === undefined || /^bearer /i.test(header('authorization') ?? '')

/** The name of this very text, for an `ETag`. Weak, for the same text travels in several encodings. */
export const tagOf = (text: string | Uint8Array) =>
  `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`

/**
 * A text that stays as it is for as long as the server runs, so that its name and each of its encodings are made once,
 * however often strangers ask for it.
 *
 * @example const described = new LastingText(JSON.stringify(description))
 */
export class LastingText {
  readonly text: string
  readonly #compressed = new Map<Encoding, Promise<Uint8Array>>()
  #tag: string | undefined

  constructor(text: string) {
    this.text = text
  }

  get tag(): string {
    this.#tag ??= tagOf(this.text)
    return this.#tag
  }

  compressed(encoding: Encoding): Promise<Uint8Array> {
    const made = this.#compressed.get(encoding) ?? compressions[encoding](this.text)
    this.#compressed.set(encoding, made)
    return made
  }
}

const opaque = (tag: string) => tag.trim().replace(/^W\//, '')

/** Whether the client has this text already (RFC 9110, 13.1.2). */
const has = (ifNoneMatch: string | undefined, tag: string) =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some(each => opaque(each) === opaque(tag)))

/**
 * Gives a text the form that its reader wants: named by an `ETag` and left out when the reader has it already, and
 * compressed when the reader takes that and it is safe.
 *
 * @param given the text, in UTF-8 where it is given as bytes
 * @param about `forAll`: it says the same to everybody, so that its length tells nothing
 */
export async function represent(
  asking: Asking,
  given: string | Uint8Array<ArrayBuffer> | LastingText,
  about: { status?: number; forAll?: boolean } = {},
): Promise<Representation> {
  const { status = 200, forAll = false } = about
  const lasting = given instanceof LastingText ? given : undefined
  const text = given instanceof LastingText ? given.text : given
  const headers: Record<string, string> = {}
  const reads = asking.method === 'GET' || asking.method === 'HEAD'
  if (reads && status === 200) {
    headers.ETag = lasting?.tag ?? tagOf(text)
    if (has(asking.header('if-none-match'), headers.ETag)) return { status: 304, headers, body: null }
  }
  const encoding = encodingFor(asking.header('accept-encoding'))
  if (!encoding || Buffer.byteLength(text) < SHORTEST || !(forAll || mayCompress(asking)))
    return { status, headers, body: text }
  headers['Content-Encoding'] = encoding
  const compressed = lasting?.compressed(encoding) ?? compressions[encoding](text)
  return { status, headers, body: new Uint8Array(await compressed) }
}
