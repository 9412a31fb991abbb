import type { Outcome } from '../receipts/receipt.ts'
import { localPartOf } from './recipients.ts'

/** A delivery's result as events and statistics number it. Source: types of the official SDK, statistics. */
export type MailStatus = 0 | 2 | 3 | 4

/** Why a mail is not delivered, with the status it has. Source: Alibaba Cloud help, Direct Mail events. */
export const FAILED_TYPES: Record<string, MailStatus> = {
  SmtpNxBox: 2,
  SysOutInvRcpt: 2,
  SysIncomingInvRcpt: 2,
  SysOutRcptOnAccountLevelBounceList: 2,
  SmtpZPermErr: 2,
  SysOutDnsResolveFail: 2,
  SysOutRecipientReportedSpam: 3,
  SysOutRecipientUnsubscribed: 4,
  SmtpMfFreq: 4,
  SmtpMfdFreq: 4,
  SmtpIPFreq: 4,
  SmtpRcptFreq: 4,
  SmtpMfLimit: 4,
  SmtpAuthFail: 4,
  SmtpSpfFail: 4,
  SmtpDmaFail: 4,
  SmtpMfBad: 4,
  SmtpDbl: 4,
  SmtpContSpam: 3,
  SmtpMiscSpam: 3,
  SysOutHoneypot: 3,
  SysOutConnError: 4,
}

/** The local part of an address whose mails stay on the way for ever. */
export const NO_RECEIPT_LOCAL_PART = 'noreceipt'

/** What becomes of nearly every mail. */
export const DELIVERED: Outcome = { delivered: true, code: 'SendOk', message: '250 Send Mail OK' }

/** What becomes of a mail: the local part may be one of the failed types, in any case. */
export function outcomeFor(address: string): Outcome | undefined {
  const localPart = localPartOf(address)
  if (localPart === NO_RECEIPT_LOCAL_PART) return undefined
  const code = Object.keys(FAILED_TYPES).find(type => type.toLowerCase() === localPart)
  return code === undefined
    ? DELIVERED
    : { delivered: false, code, message: `554 RCPT ${address} ${code}, simulated` }
}

/** The number of an outcome. */
export function statusOf(outcome: Outcome): MailStatus {
  return outcome.delivered ? 0 : (FAILED_TYPES[outcome.code] ?? 4)
}
