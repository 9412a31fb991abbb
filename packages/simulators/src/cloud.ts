import type { CloudId } from './cloud-ids.ts'
import type { Outgoing } from './inbox/inbox.ts'
import type { PushRules } from './receipts/pushes.ts'
import type { Receipt, Submission } from './receipts/receipt.ts'
import type { ApiRequest } from './request.ts'

/** An answer before it becomes a Response, with what the request journal says about it. */
export interface Answer {
  status: number
  contentType: string
  /** A stream only under a fault. */
  body: string | ReadableStream<Uint8Array<ArrayBuffer>>
  headers?: Record<string, string>
  action: string
  /** The access key the request named, in full; the journal masks it. */
  keyId: string
  /** The provider's code: `OK` or `Ok` on success. */
  code: string
}

/** What a cloud may use of the outside. */
export interface World {
  now(): number
  frequencyControl(): boolean
  /** Puts an accepted message into the inbox. */
  deliver(message: Outgoing): void
  /** Remembers an accepted message, whose receipt is to come. */
  submit(submission: Submission): void
  /** What was submitted, oldest first; receipts that are due by now have come. */
  submitted(): Receipt[]
  /** Takes messages off an account's balance. Answers false, and takes nothing, when there are not enough left. */
  spend(account: string, messages: number): boolean
  /** Messages an account has left; null means without limit. */
  balance(account: string): number | null
}

/** One simulated cloud. */
export interface Cloud {
  id: CloudId
  /** The names of its actions. */
  actions: string[]
  answer(request: ApiRequest): Answer
  /** Answers with the given provider code, in the layer, status and shape in which the cloud uses it. */
  answerWith(request: ApiRequest, code: string): Answer
  /** The code with which the cloud refuses too many requests. */
  throttleCode: string
  /** A body that is JSON but has another type than documented in every member. */
  wrongTypeBody: string
  /** How the cloud pushes receipts. */
  pushes: PushRules
  /** Forgets counters and nonces. */
  reset(): void
}
