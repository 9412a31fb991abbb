import { both } from '../failure-table.ts'
import { ratesOf } from './rates.ts'

/** Aliyun Direct Mail: 2.00 for a thousand. */
export const ALIYUN_DM = {
  name: both('Chinese site', '中国站'),
  rates: ratesOf({ from: 'D1', currency: 'CNY', unit: 'message' }, { '*': 2_000 }),
}
