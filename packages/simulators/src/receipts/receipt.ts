import type { CloudId } from '../cloud-ids.ts'

/** What becomes of a message after the cloud has accepted it. */
export interface Outcome {
  delivered: boolean
  /** The cloud's receipt code. */
  code: string
  /** The text the cloud sends along. */
  message: string
}

/** One accepted message to one recipient, as the cloud remembers it for receipts and queries. */
export interface Submission {
  cloud: CloudId
  account: string
  /** The cloud's own id, as it was answered: BizId, SerialNo or EnvId. */
  messageId: string
  /** sms: E.164 with +; email: the address. */
  to: string
  /** The signature's name, or the sender's address. */
  from: string
  /** The rendered text, with signature. */
  text: string
  /** Undefined: no receipt ever comes. */
  outcome: Outcome | undefined
  /** The caller's own id: OutId or SessionContext. */
  reference?: string
  /** Tencent Cloud: the SmsSdkAppId. */
  application?: string
  template?: string
  segments?: number
  /** Direct Mail only. */
  mail?: { subject: string; tag: string; region: string; headers: Record<string, string> }
}

/** Where the push of a receipt stands. */
export type PushState = 'none' | 'waiting' | 'acknowledged' | 'given up'

/** What the caller reported of the code of a message. */
export interface Conversion {
  used: boolean
  /** When that was, as it was reported. */
  at: number
}

/** A submission with the times of its receipt. */
export interface Receipt extends Submission {
  id: string
  sentAt: number
  /** When the receipt comes; undefined when none ever does. */
  dueAt: number | undefined
  /** Undefined until then. */
  reportedAt: number | undefined
  push: { state: PushState; attempts: number }
  /** What was reported of its code, oldest first. */
  conversions: Conversion[]
}
