import { represent } from './representation.ts'

/** As much of a Koa context as is needed; Koa comes with oidc-provider. */
interface Answering {
  method: string
  status: number
  body: unknown
  readonly type: string
  get(name: string): string
  set(name: string, value: string): void
  readonly response: { get(name: string): string }
}

const isJson = (type: string) => /^application\/(?:[\w.-]+\+)?json$/.test(type)

/**
 * Gives what was read as JSON an `ETag` and compresses it, as our own answers are. Everything else of the provider is
 * short, or a page, or holds tokens: that goes as it is.
 */
export async function representJson(context: Answering, next: () => Promise<unknown>): Promise<void> {
  await next()
  const { method, body } = context
  if ((method !== 'GET' && method !== 'HEAD') || context.status !== 200) return
  if (typeof body !== 'object' || body === null || !isJson(context.type)) return
  const asking = { method, header: (name: string) => context.get(name) || undefined }
  const { status, headers, body: represented } = await represent(asking, JSON.stringify(body))
  for (const [name, value] of Object.entries(headers)) context.set(name, value)
  // Only in a buffer does Koa see bytes.
  context.body = represented instanceof Uint8Array ? Buffer.from(represented) : represented
  context.status = status
  if (context.response.get('Cache-Control') === '') context.set('Cache-Control', 'no-store')
}
