import type { Rate } from '@countersign/kit'

/**
 * Where prices were read, and of when they are. None was seen in a cloud's own console, and those abroad change several
 * times a year: they are a beginning for an estimate, which operators replace by what they pay.
 */
const SOURCES = {
  P1: {
    source: 'help.aliyun.com/zh/pnvs/product-overview/price-and-package-deduction-method-adjustment-notice',
    asOf: '2025-09-26',
  },
  S1: {
    source: 'help.aliyun.com/zh/sms/product-overview/billing-of-messages-sent-to-chinese-mainland',
    asOf: '2026-10',
  },
  D1: { source: 'help.aliyun.com/zh/direct-mail/billing-methods', asOf: '2026-10' },
  A1: {
    source: 'alibabacloud.com, announcement-on-product-billing-for-intl-sms-service-update-2503',
    asOf: '2025-03-01',
  },
  // When the notice above came out, some of these had long risen.
  A0: {
    source:
      'alibabacloud.com, short-message-service/latest/billing-overview (undated, older than March 2025)',
    asOf: '2025-02',
  },
  T0: { source: 'github.com/tencentyun/intlcloud-documents, price list', asOf: '2023-03-31' },
  T1: { source: 'github.com/tencentyun/intlcloud-documents, price notice', asOf: '2023-04-01' },
  T2: { source: 'github.com/tencentyun/qcloud-documents, price notice', asOf: '2022-04-14' },
  T3: { source: 'github.com/tencentyun/qcloud-documents, price page', asOf: '2021-09' },
  T4: { source: 'cloud.tencent.com/document/product/382/36132', asOf: '2022' },
  T5: {
    source: 'github.com/tencentyun/intlcloud-documents, notice on mainland messages',
    asOf: '2022-03-01',
  },
} as const

interface Shared {
  from: keyof typeof SOURCES
  currency: string
  unit?: Rate['unit']
  charged?: Rate['charged']
}

/**
 * Rates that one source gives: country → millionths of the currency. Where no document says when something is charged,
 * it counts as charged on submission, so that nothing looks cheaper than it is.
 *
 * @example ratesOf({ from: 'S1', currency: 'CNY', charged: 'receipt' }, { CN: 45_000 })
 */
export function ratesOf(
  { from, currency, unit = 'segment', charged = 'submission' }: Shared,
  prices: Readonly<Record<string, number | null>>,
): Rate[] {
  return Object.entries(prices).map(([to, price]) => ({
    to,
    currency,
    price,
    unit,
    charged,
    ...SOURCES[from],
  }))
}
