import type { ErrorCode } from '@countersign/api'
import type { NoticeKey } from '@countersign/sign-in'

/** What kind of refusal it is, where that is not what its code usually says; `http` makes a status of it. */
export type RefusalKind =
  | 'invalid'
  | 'unauthorized'
  | 'missing'
  | 'too-large'
  | 'wrong-media-type'
  | 'unprocessable'
  | 'unavailable'

interface Details {
  /** Where the code means another kind of refusal than usual. */
  kind?: RefusalKind
  data?: unknown
  /** One line per issue; only for schema violations. */
  details?: string
  /** The sentence, where it says more than that of the code. */
  notice?: NoticeKey
  /** Values for the sentence. */
  values?: Record<string, string | number>
  /** Members that the answer has beside ours, such as `error` for OAuth clients. */
  members?: Record<string, unknown>
  cause?: unknown
}

/**
 * A refusal that the caller is told: a public code, perhaps data and values for its sentence. It knows nothing of HTTP;
 * `http/errors.ts` gives it a status and a body. For example:
 *
 *     throw new ApiError('session.verification_blocked_too_many_attempts', { values: { seconds: 60 } })
 */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly code: ErrorCode
  readonly kind: RefusalKind | undefined
  readonly data: unknown
  readonly details: string | undefined
  readonly notice: NoticeKey | undefined
  readonly values: Record<string, string | number> | undefined
  readonly members: Record<string, unknown> | undefined

  constructor(code: ErrorCode, { kind, data, details, notice, values, members, cause }: Details = {}) {
    super(code, { cause })
    this.code = code
    this.kind = kind
    this.data = data
    this.details = details
    this.notice = notice
    this.values = values
    this.members = members
  }
}
