import type { HttpAnswer } from '@countersign/kit'
import type { Dispatcher } from 'undici'

type Controller = Dispatcher.DispatchController
type Chunk = IteratorResult<Uint8Array, undefined>

/** How much of an answer may wait to be read before the sender is told to pause, in bytes. */
const MOST_WAITING = 64 * 1024

const END: Chunk = { done: true, value: undefined }

/**
 * One request and its answer, for `dispatch` of undici. `undici.request` would make a stream for every answer,
 * which costs more processor time than the rest of the request; what clouds answer is a few hundred bytes that
 * come at once.
 */
export class Exchange
  implements Dispatcher.DispatchHandler, HttpAnswer, AsyncIterator<Uint8Array, undefined>
{
  status = 0
  readonly headers: HttpAnswer['headers'] = { get: name => this.#header(name) }
  readonly body: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => this }

  readonly #signal: AbortSignal
  readonly #begin: (answer: HttpAnswer) => void
  readonly #fail: (error: unknown) => void
  #controller: Controller | undefined
  #rawHeaders: Readonly<Record<string, string | string[] | undefined>> = {}
  #chunks: Uint8Array[] = []
  #waiting = 0
  #ended = false
  #error: unknown
  #reader: { resolve(chunk: Chunk): void; reject(error: unknown): void } | undefined

  /** @param begin called with the answer's head; @param fail called instead when there is none */
  constructor(signal: AbortSignal, begin: (answer: HttpAnswer) => void, fail: (error: unknown) => void) {
    this.#signal = signal
    this.#begin = begin
    this.#fail = fail
    signal.addEventListener('abort', this)
  }

  /** The signal was aborted. */
  handleEvent(): void {
    this.#controller?.abort(this.#signal.reason)
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    if (this.#signal.aborted) controller.abort(this.#signal.reason)
  }

  onResponseStart(
    _: Controller,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // 100 to 199 announce an answer; they are none.
    if (status < 200) return
    this.status = status
    this.#rawHeaders = headers
    this.#begin(this)
  }

  onResponseData(controller: Controller, chunk: Uint8Array): void {
    const reader = this.#reader
    if (reader) {
      this.#reader = undefined
      reader.resolve({ done: false, value: chunk })
      return
    }
    this.#chunks.push(chunk)
    this.#waiting += chunk.length
    if (this.#waiting > MOST_WAITING) controller.pause()
  }

  onResponseEnd(): void {
    this.#close()
    this.#reader?.resolve(END)
  }

  onResponseError(_: Controller, error: unknown): void {
    this.#close()
    this.#error = error
    if (this.status === 0) this.#fail(error)
    else this.#reader?.reject(error)
  }

  next(): Promise<Chunk> {
    const value = this.#chunks.shift()
    if (value) {
      this.#waiting -= value.length
      if (this.#controller?.paused && this.#chunks.length === 0) this.#controller.resume()
      return Promise.resolve({ done: false, value })
    }
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (this.#ended) return Promise.resolve(END)
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
    })
  }

  /** The reader has had enough: the rest need not come. */
  return(): Promise<Chunk> {
    this.#chunks = []
    if (!this.#ended) this.#controller?.abort(new Error('The answer was not read to its end'))
    return Promise.resolve(END)
  }

  #close(): void {
    this.#ended = true
    this.#signal.removeEventListener('abort', this)
  }

  #header(name: string): string | null {
    const value = this.#rawHeaders[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : (value ?? null)
  }
}
