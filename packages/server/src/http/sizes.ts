import { ApiError } from '../refusals/refusal.ts'

/**
 * Counts the bytes that a value takes as JSON.
 *
 * @example bytesOf({ a: '林' }) // 11
 */
export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/**
 * The refusal of a field that is too large, in the form of a schema's. `message` says the bound.
 *
 * @example throw tooBig('customData', 'must have at most 64 KiB')
 */
export const tooBig = (field: string, message: string): ApiError =>
  new ApiError('guard.invalid_input', {
    data: { issues: [{ code: 'too_big', path: [field], message }], name: 'ZodError' },
    details: `Error in key path "${field}": (too_big) ${message}`,
  })
