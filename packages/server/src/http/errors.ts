import { ERRORS } from '@countersign/api'
import { chooseLocale, sentence } from '@countersign/sign-in'
import { ApiError, type RefusalKind } from '../refusals/refusal.ts'

/** Seconds after which whoever was turned away may come again, where nobody knows better. */
const RETRY_AFTER = 2

/** The statuses of refusals that are not of the kind that their code usually says. */
const STATUS: Record<RefusalKind, number> = {
  invalid: 400,
  unauthorized: 401,
  missing: 404,
  'too-large': 413,
  'wrong-media-type': 415,
  unprocessable: 422,
  unavailable: 503,
}

/** The status that a refusal is answered with. For example: `statusOf(new ApiError('entity.not_found'))` is 404. */
export const statusOf = ({ code, kind }: ApiError): number =>
  kind === undefined ? ERRORS[code] : STATUS[kind]

/**
 * The body of the answer in Logto's form, its message in the first language of `languages` that we have.
 *
 * @example bodyOf(new ApiError('entity.not_found'), ['zh-CN']).code // 'entity.not_found'
 */
export const bodyOf = (
  { code, data, details, notice, values, members }: ApiError,
  languages: string[] = [],
) => ({
  code,
  message: sentence(notice ?? code, chooseLocale(languages), values),
  ...(data !== undefined && { data }),
  ...(details !== undefined && { details }),
  ...members,
})

/** Whether an error says by itself when to come again; the database's do while it cannot answer (`db/unavailable.ts`). */
function unavailable(error: unknown): (Error & { retryAfter: number }) | undefined {
  for (let each = error; each instanceof Error; each = each.cause)
    if (each.name === 'DatabaseUnavailable') return each as Error & { retryAfter: number }
  return undefined
}

/**
 * The refusal that a caller is told of for any error. Whatever is no refusal of ours is a fault of ours (500), but for a
 * database that does not answer: that is over in a while (503).
 *
 * @example const { code } = toldAs(error)
 */
export function toldAs(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const passing = unavailable(error)
  return passing
    ? new ApiError('server.internal_error', {
        kind: 'unavailable',
        data: { retryAfter: passing.retryAfter },
        cause: passing,
      })
    : new ApiError('server.internal_error', { cause: error })
}

/**
 * Seconds for the header `Retry-After`, where an error travels with one.
 *
 * @example retryAfterOf(new ApiError('request.too_many_password_checks', { data: { retryAfter: 2 } })) // 2
 */
export function retryAfterOf(refusal: ApiError): number | undefined {
  const status = statusOf(refusal)
  if (status !== 503 && status !== 429) return undefined
  const { retryAfter } = (refusal.data ?? {}) as { retryAfter?: number }
  return retryAfter ?? (status === 503 ? RETRY_AFTER : undefined)
}

/**
 * The words for an unexpected error in the log. Where a fault of the database explains it, its trace says nothing.
 *
 * @example world.log('error', 'not purged', { error: describeError(error) })
 */
export const describeError = (error: unknown): string =>
  unavailable(error)?.message ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))
