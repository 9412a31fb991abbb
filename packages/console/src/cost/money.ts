const MILLION = 1_000_000

/** Millionths of a currency as a price or sum in it: with as many decimals as it needs, two at least. */
export const showMoney = (language: string, amount: number, currency: string): string =>
  new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  }).format(amount / MILLION)

/** What part a figure is of another, in whole percent; undefined of nothing. */
export const percent = (part: number, whole: number): number | undefined =>
  whole === 0 ? undefined : Math.round((part / whole) * 100)
