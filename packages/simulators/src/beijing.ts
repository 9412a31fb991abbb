/** Both clouds keep their calendars in UTC+8, which has known no daylight saving time since 1991. */
const OFFSET_MS = 8 * 60 * 60 * 1000

export const MINUTE_MS = 60 * 1000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** The number of the fixed clock window of `size` milliseconds (minute, hour, day) in UTC+8 that holds `at`. */
export function beijingWindow(at: number, size: number): number {
  return Math.floor((at + OFFSET_MS) / size)
}
