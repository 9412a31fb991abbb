import type { ErrorCode, TestResult } from '@countersign/api'
import type { Connector, SendError } from '@countersign/kit'
import { ApiError } from '../refusals/refusal.ts'
import { mostTelling } from '../routing/routing.ts'

/** The public code of a failure, as Logto's connectors have it. */
function publicCode(failure: string, providerCode: string | undefined): ErrorCode {
  if (failure === 'rate_limited' || failure === 'throttled') return 'connector.rate_limit_exceeded'
  if (failure === 'balance_exhausted') return 'connector.usage_limit_exceeded'
  if (failure === 'message_rejected' && providerCode === 'template_missing')
    return 'connector.template_not_found'
  return 'connector.general'
}

/** A message that no candidate could send: the caller is told of the failure that says most. */
class Undelivered extends ApiError {
  /** How each candidate failed. */
  readonly failures: readonly SendError[]

  constructor(channel: Connector['channel'], failures: readonly [...SendError[], SendError]) {
    const cause = mostTelling(failures)
    const { failure, code, retryAfter } = cause
    const data = { failure, ...(retryAfter !== undefined && { retryAfter }) }
    super(publicCode(failure, code), { data, values: { channel }, cause })
    this.failures = failures
  }
}

/**
 * What the caller is told of a failure; the provider's own words stay behind. The channel is for the sentence of a page.
 *
 * @example throw toApiError(new SendError('rate_limited'), 'sms') // connector.rate_limit_exceeded
 *
 * @param others those of other candidates, which may say more
 */
export const toApiError = (
  cause: SendError,
  channel: Connector['channel'],
  others: readonly SendError[] = [],
): ApiError => new Undelivered(channel, [...others, cause])

/**
 * Requires that a test went out.
 *
 * @example requireDelivered(await tryOuts.test(connector, config, message))
 *
 * @throws ApiError `connector.*`, whose data tell the whole story, when a test did not go out
 */
export function requireDelivered(result: TestResult): void {
  if (result.delivered) return
  const { delivered: _, ...story } = result
  throw new ApiError(publicCode(story.failure, story.providerCode), { data: story })
}

/**
 * Failures that a connector package of Logto's contract finds before it asks its provider; it has words for them too.
 */
const BEFORE_ASKING: ReadonlySet<string | undefined> = new Set([
  'template_missing',
  'invalid_config',
  'invalid_config_guard',
  'invalid_metadata',
])

/** Whether a provider said no. */
const isRefusal = ({ answer, failure, code }: SendError): boolean =>
  answer !== undefined && failure !== 'unreachable' && !BEFORE_ASKING.has(code)

/**
 * True when a delivery failed because a provider said no, so that one was asked, and perhaps charged for it.
 *
 * @example await place.release({ tried: wasRefused(error) })
 */
export const wasRefused = (error: unknown): boolean =>
  error instanceof Undelivered && error.failures.some(isRefusal)
