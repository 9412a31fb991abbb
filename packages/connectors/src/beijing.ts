const DAY = 24 * 3600

/** Seconds until midnight in UTC+8, where the clouds' calendar days end. */
export function untilMidnight(now: number): number {
  return DAY - ((Math.floor(now / 1000) + 8 * 3600) % DAY)
}
