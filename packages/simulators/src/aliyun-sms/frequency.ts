import { beijingWindow, DAY_MS, HOUR_MS, MINUTE_MS } from '../beijing.ts'
import type { TemplateType } from './accounts.ts'

/**
 * The default limits for mainland numbers. Minutes and hours are fixed clock windows in UTC+8, a day counts 24 hours
 * back from the send. Source: Alibaba Cloud help, SMS frequency control.
 */
export const CAPTCHA_LIMITS = { minute: 1, hour: 5, day: 10 } as const
/** Captchas of all senders together to one number in a day. */
export const CAPTCHA_PER_NUMBER_PER_DAY = 40
/** Notifications or promotions with the same signature and template to one number in a day. */
export const OTHER_PER_DAY = 50

export interface Send {
  number: string
  signature: string
  template: string
  type: TemplateType
}

export interface Frequency {
  /** The cloud's message when one more send would exceed a limit, else undefined. */
  refuses(send: Send): string | undefined
  /** Counts an accepted send. */
  count(send: Send): void
  clear(): void
}

/** Counts sends by number. `now` is in milliseconds. */
export function createFrequency(now: () => number): Frequency {
  const byNumber = new Map<string, (Send & { at: number })[]>()
  const recent = (number: string) => (byNumber.get(number) ?? []).filter(({ at }) => at > now() - DAY_MS)
  return {
    refuses(send) {
      if (send.type === 'international') return undefined
      const sends = recent(send.number)
      if (send.type !== 'captcha') {
        const same = sends.filter(
          other => other.signature === send.signature && other.template === send.template,
        )
        return same.length >= OTHER_PER_DAY ? `触发天级流控Permits:${OTHER_PER_DAY}` : undefined
      }
      const captchas = sends.filter(({ type }) => type === 'captcha')
      const same = captchas.filter(({ signature }) => signature === send.signature)
      const within = (size: number) =>
        same.filter(({ at }) => beijingWindow(at, size) === beijingWindow(now(), size)).length
      const { minute, hour, day } = CAPTCHA_LIMITS
      if (within(MINUTE_MS) >= minute) return `触发分钟级流控Permits:${minute}`
      if (within(HOUR_MS) >= hour) return `触发小时级流控Permits:${hour}`
      if (same.length >= day) return `触发天级流控Permits:${day}`
      if (captchas.length >= CAPTCHA_PER_NUMBER_PER_DAY) {
        return `触发天级流控Permits:${CAPTCHA_PER_NUMBER_PER_DAY}`
      }
      return undefined
    },
    count(send) {
      byNumber.set(send.number, [...recent(send.number), { ...send, at: now() }])
    },
    clear: () => byNumber.clear(),
  }
}
