import type { Receipts } from '@countersign/kit'
import { smsCarrierCodes } from '../aliyun-gateway/carrier-codes.ts'
import { readSmsReports } from '../aliyun-gateway/sms-reports.ts'
import { ALIYUN_PNVS_PLACES } from '../places.ts'
import type { settings } from './settings.ts'

/**
 * What PNVS tells of messages afterwards: DypnsSmsVerifyReport by HTTP. It cannot be asked: its `QuerySendDetails` is
 * deprecated, and nothing has come in its place.
 */
export const receipts: Receipts<typeof settings> = {
  codes: smsCarrierCodes(ALIYUN_PNVS_PLACES),
  read: async request => readSmsReports(request),
}
