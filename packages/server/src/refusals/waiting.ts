/**
 * Whole seconds until a moment, and one where it has passed already: who is refused is never told to come back at once.
 *
 * @param moment in milliseconds, as `now`
 * @example secondsUntil(61_500, 60_000) // 2
 */
export const secondsUntil = (moment: number, now: number): number =>
  Math.max(1, Math.ceil((moment - now) / 1000))

/**
 * What a refusal carries that holds for some seconds: for programs, for the header `Retry-After`, and for its sentence.
 *
 * @example throw new ApiError('request.message_rate_limited', forSeconds(42))
 */
export const forSeconds = (seconds: number) => ({ data: { retryAfter: seconds }, values: { seconds } })
