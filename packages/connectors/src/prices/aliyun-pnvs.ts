import { both } from '../failure-table.ts'
import { ratesOf } from './rates.ts'

/** Aliyun PNVS: the step up to 1,000 messages a month. */
export const ALIYUN_PNVS = {
  name: both('Chinese site', '中国站'),
  rates: ratesOf({ from: 'P1', currency: 'CNY', unit: 'message', charged: 'receipt' }, { CN: 60_000 }),
}
