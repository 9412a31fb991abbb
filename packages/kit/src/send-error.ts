import { FAILURES, type Failure, type Then } from './failures.ts'

/** What a provider answered, for operators only. */
export interface ProviderAnswer {
  /** HTTP status; absent when no answer came. */
  status?: number
  /** The body as text, cut to a few kilobytes. */
  body?: string
}

interface SendErrorOptions {
  /** The provider's own code, e.g. `isv.BUSINESS_LIMIT_CONTROL`. */
  code?: string
  /** Seconds after which the same message may succeed, when known. */
  retryAfter?: number
  /** True when the request body had left: the message may arrive although we saw no answer. */
  maybeSent?: boolean
  /** The raw answer; kept off JSON, `inspect` and the message. */
  answer?: ProviderAnswer
}

/**
 * The only error a connector's `send` throws. Its message, stack and JSON hold the failure and the provider's
 * code and nothing else: no recipient, no code, no key. The raw answer is a private member with a getter, so
 * neither `JSON.stringify` nor a logger that walks properties can leak it.
 */
export class SendError extends Error {
  readonly failure: Failure
  readonly code: string | undefined
  readonly retryAfter: number | undefined
  readonly maybeSent: boolean
  readonly #answer: ProviderAnswer | undefined

  constructor(failure: Failure, options: SendErrorOptions = {}) {
    super(options.code === undefined ? failure : `${failure} (${options.code})`)
    this.name = 'SendError'
    this.failure = failure
    this.code = options.code
    this.retryAfter = options.retryAfter
    this.maybeSent = options.maybeSent ?? false
    this.#answer = options.answer
  }

  /** What delivery does next. */
  get then(): Then {
    return FAILURES[this.failure].then
  }

  /** The provider's raw answer; for operators' eyes only. */
  get answer(): ProviderAnswer | undefined {
    return this.#answer
  }
}
