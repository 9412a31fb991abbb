import { ERRORS, type ErrorCode } from '@countersign/api'
import { chooseLocale, sentence } from '@countersign/sign-in'

interface Details {
  /** Where the code travels with another status than usual. */
  status?: number
  data?: unknown
  /** One line per issue; only for schema violations. */
  details?: string
  /** Values for the sentence. */
  values?: Record<string, string | number>
  cause?: unknown
}

/** Seconds after which whoever was turned away may come again, where nobody knows better. */
const RETRY_AFTER = 2

/** An error that the caller is told: a public code, its status, perhaps data. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly code: ErrorCode
  readonly status: number
  readonly data: unknown
  readonly details: string | undefined
  readonly values: Record<string, string | number> | undefined

  constructor(code: ErrorCode, { status, data, details, values, cause }: Details = {}) {
    super(code, { cause })
    this.code = code
    this.status = status ?? ERRORS[code]
    this.data = data
    this.details = details
    this.values = values
  }

  /** The body of the answer in Logto's form, its message in the first language of `languages` that we have. */
  body(languages: string[]): Record<string, unknown> {
    return {
      code: this.code,
      message: sentence(this.code, chooseLocale(languages), this.values),
      ...(this.data !== undefined && { data: this.data }),
      ...(this.details !== undefined && { details: this.details }),
    }
  }
}

/** Whether an error says by itself when to come again; the database's do while it cannot answer (`db/unavailable.ts`). */
function unavailable(error: unknown): (Error & { retryAfter: number }) | undefined {
  for (let each = error; each instanceof Error; each = each.cause)
    if (each.name === 'DatabaseUnavailable') return each as Error & { retryAfter: number }
  return undefined
}

/**
 * What a caller is told of any error. Whatever is no refusal of ours is a fault of ours (500), but for a database that
 * does not answer: that is over in a while (503).
 */
export function toldAs(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const passing = unavailable(error)
  return passing
    ? new ApiError('server.internal_error', {
        status: 503,
        data: { retryAfter: passing.retryAfter },
        cause: passing,
      })
    : new ApiError('server.internal_error', { cause: error })
}

/** Seconds for the header `Retry-After`, where an error travels with one. */
export function retryAfterOf({ status, data }: ApiError): number | undefined {
  if (status !== 503 && status !== 429) return undefined
  const { retryAfter } = (data ?? {}) as { retryAfter?: number }
  return retryAfter ?? (status === 503 ? RETRY_AFTER : undefined)
}

/** What the log is told of an unexpected error. Where a fault of the database explains it, its trace says nothing. */
export const describeError = (error: unknown): string =>
  unavailable(error)?.message ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))
