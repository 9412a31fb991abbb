import type { Receipts } from '@countersign/kit'
import { smsCarrierCodes } from '../aliyun-gateway/carrier-codes.ts'
import { readSmsReports } from '../aliyun-gateway/sms-reports.ts'
import { ALIYUN_SMS_PLACES } from '../places.ts'
import { pullSendDetails } from './send-details.ts'
import type { settings } from './settings.ts'

/** What Aliyun SMS tells of messages afterwards: SmsReport by HTTP, or when asked. */
export const receipts: Receipts<typeof settings> = {
  codes: smsCarrierCodes(ALIYUN_SMS_PLACES),
  read: async request => readSmsReports(request),
  pull: pullSendDetails,
}
