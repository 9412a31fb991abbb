import type { Outgoing } from './inbox/inbox.ts'
import type { ApiRequest } from './request.ts'

/** The simulated clouds, named like the connectors that talk to them. */
export const CLOUD_IDS = ['aliyun-sms', 'aliyun-dm', 'tencent-sms'] as const
export type CloudId = (typeof CLOUD_IDS)[number]

/** An answer before it becomes a Response, with what the request journal says about it. */
export interface Answer {
  status: number
  contentType: string
  body: string
  action: string
  /** The access key the request named, in full; the journal masks it. */
  keyId: string
  /** The provider's code: `OK` or `Ok` on success. */
  code: string
}

/** What a cloud may use of the outside: the clock, the switch for frequency control, and the inbox. */
export interface World {
  now(): number
  frequencyControl(): boolean
  deliver(message: Outgoing): void
}

/** One simulated cloud. */
export interface Cloud {
  id: CloudId
  answer(request: ApiRequest): Answer
  /** Answers with the given provider code, in the layer, status and shape in which the cloud uses it. */
  answerWith(request: ApiRequest, code: string): Answer
  /** The code with which the cloud refuses too many requests. */
  throttleCode: string
  /** A body that is JSON but has another type than documented in every member. */
  wrongTypeBody: string
  /** Forgets counters and nonces. */
  reset(): void
}
