import { both } from '../failure-table.ts'
import { ratesOf } from './rates.ts'

/**
 * Aliyun SMS. Mainland China: the step for the lowest volume. Abroad: what two notices say; most countries are in neither,
 * and have no price here.
 */
export const ALIYUN_SMS = {
  name: both('Chinese site', '中国站'),
  rates: [
    ...ratesOf({ from: 'S1', currency: 'CNY', charged: 'receipt' }, { CN: 45_000 }),
    ...ratesOf(
      { from: 'A1', currency: 'USD' },
      {
        HK: 57_700,
        SG: 36_800,
        ID: 364_000,
        PH: 201_700,
        EG: 371_400,
        JO: 402_800,
        RS: 312_000,
        HR: 119_100,
        EC: 215_300,
        KG: 326_600,
        TH: null,
      },
    ),
    ...ratesOf(
      { from: 'A0', currency: 'USD' },
      {
        MO: 50_000,
        AU: 50_000,
        FR: 50_000,
        DE: 100_000,
        BE: 100_000,
        AT: 50_000,
        IE: 50_000,
        PL: 50_000,
        RU: 300_000,
        AE: 100_000,
        PK: 150_000,
        BR: 50_000,
        AR: 100_000,
        CO: 50_000,
      },
    ),
  ],
}
