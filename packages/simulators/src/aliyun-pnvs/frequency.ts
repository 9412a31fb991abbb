import { DAY_MS } from '../beijing.ts'
import { PER_DAY } from './unverified.ts'

/** Seconds between two messages to a number unless the call says otherwise. Source: Alibaba Cloud help, SendSmsVerifyCode. */
export const USUAL_INTERVAL = 60

/** What is wrong with one more message to a number. */
export interface TooMany {
  code: string
  message?: string
}

export interface Frequency {
  refuses(number: string, interval: number): TooMany | undefined
  /** Counts an accepted message. */
  count(number: string): void
  clear(): void
}

/** Counts messages by number. */
export function createFrequency(now: () => number): Frequency {
  const sent = new Map<string, number[]>()
  const recent = (number: string) => (sent.get(number) ?? []).filter(at => at > now() - DAY_MS)
  return {
    refuses(number, interval) {
      const times = recent(number)
      const last = times.at(-1)
      if (last !== undefined && now() - last < interval * 1000) return { code: 'biz.FREQUENCY' }
      if (times.length < PER_DAY) return undefined
      return { code: 'isv.BUSINESS_LIMIT_CONTROL', message: `触发号码天级流控Permits:${PER_DAY}` }
    },
    count(number) {
      sent.set(number, [...recent(number), now()])
    },
    clear: () => sent.clear(),
  }
}
