import type { CostSums } from '@countersign/api'
import { writeMillionths } from '@countersign/kit'
import { type Cell, csvOf } from '../http/csv.ts'

/**
 * Sums as a table in CSV: a line for each group, and two columns for each currency. Texts stand as they are in the API,
 * and money as decimals.
 *
 * @example costsCsv(sums, key => names.get(key))
 */
export function costsCsv(
  { by, groups, total, timeZone }: Pick<CostSums, 'by' | 'groups' | 'total' | 'timeZone'>,
  nameOf: (key: string) => string | undefined,
): string {
  const currencies = total.costs.map(({ currency }) => currency)
  const named = by === 'connection' || by === 'application'
  const head = [
    by === 'day' ? `day (${timeZone})` : by,
    ...(named ? ['name'] : []),
    ...['sent', 'delivered', 'undelivered', 'verified', 'without price'],
    ...currencies.flatMap(currency => [currency, `${currency} estimated`]),
  ]
  const line = ({ key, sent, delivered, undelivered, verified, unpriced, costs }: CostSums['groups'][0]) => [
    key,
    ...(named ? [key === null ? null : (nameOf(key) ?? null)] : []),
    ...[sent, delivered, undelivered, verified, unpriced],
    ...currencies.flatMap((currency): Cell[] => {
      const sum = costs.find(each => each.currency === currency)
      return sum ? [Number(writeMillionths(sum.amount)), Number(writeMillionths(sum.estimated))] : [0, 0]
    }),
  ]
  return csvOf([head, ...groups.map(line)])
}
