import { beijingWindow, DAY_MS } from '../beijing.ts'
import { LIMITS_HOLD_OVERSEAS, PER_NUMBER_PER_DAY } from './unverified.ts'

/** Same content to the same number: once in this time. Source: Tencent Cloud SMS documents, Frequency limit. */
export const SAME_CONTENT_MS = 30 * 1000
/** Billed messages abroad in a day for a new account. Source: Tencent Cloud SMS documents, Global SMS. */
export const OVERSEAS_PER_DAY = 100

export interface Frequency {
  /** The code with which one more send would be refused, else undefined. */
  refuses(number: string, text: string): string | undefined
  /** Counts an accepted send. */
  count(number: string, text: string): void
  clear(): void
}

/** Counts sends by number. `now` is in milliseconds; days are calendar days in UTC+8. */
export function createFrequency(now: () => number): Frequency {
  const byNumber = new Map<string, { text: string; at: number }[]>()
  const isToday = ({ at }: { at: number }) => beijingWindow(at, DAY_MS) === beijingWindow(now(), DAY_MS)
  const recent = (number: string) =>
    (byNumber.get(number) ?? []).filter(send => isToday(send) || now() - send.at < SAME_CONTENT_MS)
  return {
    refuses(number, text) {
      if (!LIMITS_HOLD_OVERSEAS && !number.startsWith('+86')) return undefined
      const sends = recent(number)
      if (sends.some(send => send.text === text && now() - send.at < SAME_CONTENT_MS)) {
        return 'LimitExceeded.PhoneNumberThirtySecondLimit'
      }
      if (sends.filter(isToday).length >= PER_NUMBER_PER_DAY) return 'LimitExceeded.PhoneNumberDailyLimit'
      if (number.startsWith('+86')) return undefined
      let overseas = 0
      for (const [other, entries] of byNumber) {
        if (!other.startsWith('+86')) overseas += entries.filter(isToday).length
      }
      return overseas >= OVERSEAS_PER_DAY ? 'LimitExceeded.AppGlobalDailyLimit' : undefined
    },
    count(number, text) {
      byNumber.set(number, [...recent(number), { text, at: now() }])
    },
    clear: () => byNumber.clear(),
  }
}
