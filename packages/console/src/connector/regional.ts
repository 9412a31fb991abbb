import { isObject } from '@countersign/kit/json'

/** A value that may differ between mainland China and the rest of the world. */
export type RegionalValue = string | number | Record<string, unknown>

const isText = (value: unknown) => typeof value === 'string' || typeof value === 'number'

/** Whether a value can be shown as one text or as two; a number stands for its text. */
export const isRegional = (value: unknown): value is RegionalValue | undefined | null =>
  value === undefined ||
  value === null ||
  isText(value) ||
  (isObject(value) &&
    [value.china, value.overseas].every(part => part === undefined || part === null || isText(part)))

/** One text becomes the one for the mainland, and the other is still to be filled in. */
export const split = (value: RegionalValue | undefined | null): Record<string, unknown> =>
  isObject(value) ? value : { china: String(value ?? ''), overseas: '' }

/** Two texts become one: that for the mainland, else that for abroad. */
export function join(value: RegionalValue | undefined | null): string {
  if (!isObject(value)) return String(value ?? '')
  return String(value.china || value.overseas || '')
}
