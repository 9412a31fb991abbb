const DAY = 24 * 3600
const OFFSET_MS = 8 * 3600 * 1000

/** Seconds until midnight in UTC+8, where the clouds' calendar days end. */
export function untilMidnight(now: number): number {
  return DAY - ((Math.floor(now / 1000) + 8 * 3600) % DAY)
}

/** A time as the clouds write it, `2026-11-30 10:00:01` without an offset but meant in UTC+8; undefined for any other. */
export function fromBeijing(text: string | undefined): number | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?$/.exec(text ?? '')
  if (!parts) return undefined
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const at = Date.UTC(year, month - 1, day, hour, minute, second)
  // The 31st of a shorter month would count as the 1st of the next.
  return new Date(at).getUTCDate() === day && hour < 24 && minute < 60 ? at - OFFSET_MS : undefined
}

/** A time as the clouds' calendar and clocks in UTC+8 show it: `2026-11-30T10:00:01`. */
export const inBeijing = (at: number): string => new Date(at + OFFSET_MS).toISOString().slice(0, 19)
