import { ApiError } from '../refusals/refusal.ts'

/**
 * True for every word that Logto takes for yes.
 *
 * @example isTrue('yes') // true
 */
export const isTrue = (value: unknown): boolean =>
  typeof value === 'string' && /^(?:1|true|y|yes|yep|yeah)$/i.test(value)

/** A moment in milliseconds. */
function momentOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  // Entries have whole milliseconds, and PostgreSQL compares them with nothing else.
  const moment = Math.trunc(Number(text))
  if (text.trim() === '' || !Number.isSafeInteger(moment)) throw new ApiError('guard.invalid_input')
  return moment
}

/**
 * The bounds that a list of entries is cut down to, both inclusive.
 *
 * @throws ApiError `guard.invalid_input`, `log.invalid_time_window`
 * @example readTimeWindow({ start_time: '1000' }) // { from: 1000, to: undefined }
 */
export function readTimeWindow(query: { start_time?: string | undefined; end_time?: string | undefined }) {
  const [from, to] = [momentOf(query.start_time), momentOf(query.end_time)]
  if (from !== undefined && to !== undefined && from > to) throw new ApiError('log.invalid_time_window')
  return { from, to }
}
