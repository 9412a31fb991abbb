/** Bytes of body a cloud reads at most; Tencent documents 10 MB for a TC3 POST ("Signature v3", limits). */
export const MAX_BODY_BYTES = 10 * 1024 * 1024

/** One API request, read once, with the bytes exactly as they came: signatures are made over them. */
export interface ApiRequest {
  method: string
  /** The Host header as received (with a port when it is not the scheme's own), else the URL's host. */
  host: string
  /** The URL's host name, without a port. */
  hostname: string
  path: string
  /** The query as received, without the question mark. */
  rawQuery: string
  headers: Headers
  body: Uint8Array
  /** True when the body was longer than MAX_BODY_BYTES; `body` is then empty. */
  tooLarge: boolean
}

/** Reads a request. A body that cannot be read counts as empty: a stand-in answers, it does not throw. */
export async function readRequest(request: Request): Promise<ApiRequest> {
  const url = new URL(request.url)
  const { body, tooLarge } = await readBody(request)
  return {
    method: request.method.toUpperCase(),
    host: request.headers.get('host') ?? url.host,
    hostname: url.hostname,
    path: url.pathname,
    rawQuery: url.search.slice(1),
    headers: request.headers,
    body,
    tooLarge,
  }
}

async function readBody(request: Request): Promise<{ body: Uint8Array; tooLarge: boolean }> {
  const empty = new Uint8Array()
  if (!request.body || request.bodyUsed) return { body: empty, tooLarge: false }
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength
      if (size > MAX_BODY_BYTES) return { body: empty, tooLarge: true }
      chunks.push(chunk)
    }
  } catch {
    return { body: empty, tooLarge: false }
  }
  return { body: Buffer.concat(chunks), tooLarge: false }
}

/** True when the body was declared as a form. */
export function isForm(request: ApiRequest): boolean {
  const type = request.headers.get('content-type') ?? ''
  return type.toLowerCase().startsWith('application/x-www-form-urlencoded')
}

/** The pairs of the query and, when the body is a form, of the body: decoded, in order, query first. */
export function readPairs(request: ApiRequest): [string, string][] {
  const pairs = [...new URLSearchParams(request.rawQuery)]
  if (isForm(request)) pairs.push(...new URLSearchParams(Buffer.from(request.body).toString('utf8')))
  return pairs
}
