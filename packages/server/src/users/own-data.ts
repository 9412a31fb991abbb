import { bytesOf, tooBig } from '../http/sizes.ts'

/**
 * Most bytes of JSON that users' custom data may take, and their profile, when they write them themselves. Every change
 * goes out to webhooks and stands in their log for a month.
 */
export const MOST_OWN_DATA = 64 * 1024

/**
 * @throws ApiError `guard.invalid_input` that names the field when it takes more bytes of JSON than it may
 * @example requireRoom({ customData: { team: 7 } }, MOST_OWN_DATA)
 */
export function requireRoom(fields: Record<string, unknown>, most: number): void {
  for (const [field, value] of Object.entries(fields))
    if (value !== undefined && bytesOf(value) > most)
      throw tooBig(field, `all of it together must have at most ${most} bytes`)
}
