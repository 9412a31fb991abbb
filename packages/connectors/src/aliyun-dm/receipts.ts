import type { Receipts } from '@countersign/kit'
import { carrierCodes } from './carrier-codes.ts'
import { readEvents } from './events.ts'
import type { settings } from './settings.ts'
import { pullStatistics } from './statistics.ts'

/** What Direct Mail tells of mails afterwards: by EventBridge, or when asked. */
export const receipts: Receipts<typeof settings> = {
  codes: carrierCodes,
  read: readEvents,
  pull: pullStatistics,
}
