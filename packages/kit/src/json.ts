/**
 * Whether a parsed value is a JSON object: neither null nor a list.
 *
 * @example isObject(JSON.parse('{}')) // true
 */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
