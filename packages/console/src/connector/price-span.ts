import type { Rate } from '@countersign/api'

/** The lowest and the highest price in one currency. */
export interface Span {
  currency: string
  least: number
  most: number
}

/** From what to what messages abroad cost, in each currency, as far as prices are known: `spanOf(rates)[0]?.most`. */
export function spanOf(rates: readonly Pick<Rate, 'to' | 'currency' | 'price'>[]): Span[] {
  const spans: Span[] = []
  for (const { to, currency, price } of rates) {
    if (price === null || to === 'CN' || /^86/.test(to)) continue
    const span = spans.find(each => each.currency === currency)
    if (!span) spans.push({ currency, least: price, most: price })
    else {
      span.least = Math.min(span.least, price)
      span.most = Math.max(span.most, price)
    }
  }
  return spans
}
