import type { CloudId } from '../cloud-ids.ts'
import type { Receipt } from './receipt.ts'

/** Milliseconds that a callback has for its answer; the clouds do not say how long they wait. */
export const PUSH_TIMEOUT_MS = 5000

/** Where a cloud pushes its receipts to. */
export interface Callback {
  url: string
  /** Sent along as `x-eventbridge-signature-token`; Direct Mail only, the SMS clouds know no secret. */
  token?: string
}

/** How one cloud pushes. */
export interface PushRules {
  /** Receipts in one push at most. */
  batch: number
  /** Milliseconds before each retry; after the last one the push is given up. */
  retries: readonly number[]
  body(receipts: Receipt[], options: { sessionContext: boolean; at: number }): unknown
  /** Whether the callback's answer acknowledges the push. */
  acknowledges(status: number, body: string): boolean
}

export interface PushOptions {
  /** Every acknowledged push is sent once more, as the clouds do at times. */
  duplicates: boolean
  /** Tencent Cloud: SessionContext comes back in receipts, which it does only after activation. */
  sessionContext: boolean
}

interface Push {
  cloud: CloudId
  callback: Callback
  body: string
  receipts: Receipt[]
  attempts: number
  nextAt: number
}

/** What is to be pushed, with its retries. */
export interface Pushes {
  /** Makes pushes of receipts that have come in. Without a callback they are not pushed at all. */
  enqueue(receipts: Receipt[], at: number): void
  /** Sends what is due by the given time. */
  deliver(at: number): Promise<void>
  nextDue(): number
  clear(): void
}

export function createPushes(parts: {
  rules: Record<CloudId, PushRules>
  callback(cloud: CloudId): Callback | undefined
  options(): PushOptions
  send(request: Request): Promise<Response>
}): Pushes {
  let waiting: Push[] = []

  function enqueueOf(cloud: CloudId, receipts: Receipt[], at: number): void {
    const callback = parts.callback(cloud)
    if (!callback) return
    const { batch, body } = parts.rules[cloud]
    const { sessionContext } = parts.options()
    for (let from = 0; from < receipts.length; from += batch) {
      const chunk = receipts.slice(from, from + batch)
      for (const { push } of chunk) push.state = 'waiting'
      const text = JSON.stringify(body(chunk, { sessionContext, at }))
      waiting.push({ cloud, callback, body: text, receipts: chunk, attempts: 0, nextAt: at })
    }
  }

  async function attempt(push: Push, at: number): Promise<void> {
    const { retries } = parts.rules[push.cloud]
    push.attempts += 1
    const acknowledged = await once(push)
    const retry = retries[push.attempts - 1]
    const state = acknowledged ? 'acknowledged' : retry === undefined ? 'given up' : 'waiting'
    for (const receipt of push.receipts) receipt.push = { state, attempts: push.attempts }
    if (acknowledged && parts.options().duplicates) await once(push)
    if (state === 'waiting' && retry !== undefined) push.nextAt = at + retry
    else waiting = waiting.filter(other => other !== push)
  }

  async function once({ cloud, callback, body }: Push): Promise<boolean> {
    const headers = new Headers({ 'content-type': 'application/json' })
    if (callback.token !== undefined) headers.set('x-eventbridge-signature-token', callback.token)
    try {
      const signal = AbortSignal.timeout(PUSH_TIMEOUT_MS)
      // A redirect would lead away from this machine; to the clouds it is no acknowledgement either.
      const request = new Request(callback.url, { method: 'POST', headers, body, signal, redirect: 'manual' })
      const response = await parts.send(request)
      return parts.rules[cloud].acknowledges(response.status, await response.text())
    } catch {
      return false
    }
  }

  return {
    enqueue(receipts, at) {
      for (const [cloud, some] of Map.groupBy(receipts, receipt => receipt.cloud)) enqueueOf(cloud, some, at)
    },
    async deliver(at) {
      const due = waiting.filter(({ nextAt }) => nextAt <= at)
      await Promise.all(due.map(push => attempt(push, at)))
    },
    nextDue: () => Math.min(...waiting.map(({ nextAt }) => nextAt)),
    clear() {
      waiting = []
    },
  }
}

/** Whether a JSON text is an object with this member at this value. */
export function hasMember(text: string, name: string, value: unknown): boolean {
  try {
    return (JSON.parse(text) as Record<string, unknown> | null)?.[name] === value
  } catch {
    return false
  }
}
