import type { Localized } from './failures.ts'

/** Prices are whole millionths of their currency: sums of floating-point numbers drift. */
export const MILLION = 1_000_000

/** What one message costs to some numbers, or in mail. */
export interface Rate {
  /**
   * The digits that a number begins with, country code first; or the two letters of a country or region; or `*` for
   * whatever no other rate fits.
   */
  to: string
  /** Three letters of ISO 4217, e.g. `CNY`. */
  currency: string
  /** Millionths of the currency for each unit; null where it is not known, which is not the same as nothing. */
  price: number | null
  /** What is counted: text messages may be charged by their segments. */
  unit: 'segment' | 'message'
  /** When it is due: when the provider takes the message, or only when a receipt says that it was delivered. */
  charged: 'submission' | 'receipt'
  /** Where the price was read, or who wrote it. */
  source: string
  /** The day or month of which it is. */
  asOf: string
}

/** The rates that a connector comes with, from what its provider publishes. */
export interface PriceList {
  name: Localized
  rates: readonly Rate[]
}

/**
 * The rate for a message: of those whose digits a number begins with the longest, else that of its country, else `*`.
 *
 * @param to the number's digits, country code first, and its country; neither for mail
 * @example rateFor(rates, { digits: '12425550100', country: 'BS' })?.price
 */
export function rateFor<R extends Pick<Rate, 'to'>>(
  rates: readonly R[],
  { digits, country }: { digits?: string | undefined; country?: string | undefined },
): R | undefined {
  let best: R | undefined
  if (digits !== undefined)
    for (const rate of rates)
      if (/^\d/.test(rate.to) && digits.startsWith(rate.to) && rate.to.length > (best?.to.length ?? 0))
        best = rate
  return (
    best ??
    (country === undefined ? undefined : rates.find(({ to }) => to === country)) ??
    rates.find(({ to }) => to === '*')
  )
}

const DECIMAL = /^(\d+)(?:\.(\d{1,6}))?$/

/** So many digits a price may have before its point. */
const DIGITS_OF_PRICE = 6

/**
 * Reads an amount exactly, without the detour over floating-point numbers; undefined for what is none, or has more than six
 * decimals.
 *
 * @param digits so many may stand before the point: by default as many as a price has, 9 at most to stay exact
 *
 * @example readMillionths('0.045') // 45000
 */
export function readMillionths(text: string, digits = DIGITS_OF_PRICE): number | undefined {
  const [, whole, decimals = ''] = DECIMAL.exec(text) ?? []
  return whole === undefined || whole.length > digits
    ? undefined
    : Number(whole) * MILLION + Number(decimals.padEnd(6, '0'))
}

/**
 * Writes millionths as a decimal, exactly and without a currency.
 *
 * @example writeMillionths(45_000) // '0.045'
 */
export function writeMillionths(millionths: number): string {
  const sign = millionths < 0 ? '-' : ''
  const digits = String(Math.abs(millionths)).padStart(7, '0')
  const decimals = digits.slice(-6).replace(/0+$/, '')
  return `${sign}${digits.slice(0, -6)}${decimals && `.${decimals}`}`
}
