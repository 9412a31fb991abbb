/** Both clouds keep their calendars in UTC+8, which has known no daylight saving time since 1991. */
const OFFSET_MS = 8 * 60 * 60 * 1000

export const MINUTE_MS = 60 * 1000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** The number of the fixed clock window of `size` milliseconds (minute, hour, day) in UTC+8 that holds `at`. */
export function beijingWindow(at: number, size: number): number {
  return Math.floor((at + OFFSET_MS) / size)
}

/** `yyyy-MM-dd HH:mm:ss` in UTC+8. */
export function beijingTime(at: number): string {
  return new Date(at + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}

/** The moment a text such as `2026-01-02 03:04` or `2026-01-02` means in UTC+8; NaN when it means none. */
export function parseBeijingTime(text: string): number {
  const match = /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))?$/.exec(text)
  if (!match) return Number.NaN
  const at = Date.parse(`${match[1]}T${match[2] ?? '00:00'}:00Z`) - OFFSET_MS
  // Date.parse takes the 30th of February for the 2nd of March.
  return !Number.isNaN(at) && beijingTime(at).startsWith(match[1] ?? '') ? at : Number.NaN
}
