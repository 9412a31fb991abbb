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
