import { PHONE_COUNTRIES, type Rate } from '@countersign/api'
import { readMillionths, writeMillionths } from '@countersign/kit/prices'

/** A rate while it is written. */
export interface RateForm extends Pick<Rate, 'to' | 'currency' | 'unit' | 'charged' | 'source' | 'asOf'> {
  /** A decimal; empty where it is not known. */
  price: string
}

/** The form for a rate that is there, or for a new one. */
export const toRateForm = (today: string, rate?: Rate): RateForm => ({
  to: '',
  currency: 'CNY',
  unit: 'segment',
  charged: 'submission',
  ...rate,
  // Whoever changes a price writes what they know today, and not where the former one was read.
  source: '',
  asOf: today,
  price: rate?.price == null ? '' : writeMillionths(rate.price),
})

/** The members that are wrong. */
export const rateMistakes = ({ to, price, currency, asOf }: RateForm) => ({
  to: !(to === '*' || /^[1-9]\d{0,9}$/.test(to) || PHONE_COUNTRIES.includes(to)),
  price: price !== '' && readMillionths(price) === undefined,
  currency: !/^[A-Z]{3}$/.test(currency),
  asOf: !/^20\d\d(?:-\d\d){0,2}$/.test(asOf),
})

/** What is sent of a form without mistakes. */
export const fromRateForm = ({ price, source, ...form }: RateForm): Rate => ({
  ...form,
  source: source.trim(),
  price: price === '' ? null : (readMillionths(price) ?? null),
})

/** The rates with one of them written anew: in the place of `before`, and of what went to the same numbers. */
export function withRate(rates: readonly Rate[], rate: Rate, before?: Rate): Rate[] {
  const place = rates.findIndex(each => each === before || each.to === rate.to)
  const others = rates.filter(each => each !== before && each.to !== rate.to)
  return others.toSpliced(place < 0 ? others.length : place, 0, rate)
}

/** Whether a price is of more than a year ago. */
export const isOld = ({ asOf }: Pick<Rate, 'asOf'>, today: string): boolean =>
  `${asOf}${'-12-31'.slice(asOf.length - 4)}` < `${Number(today.slice(0, 4)) - 1}${today.slice(4)}`
