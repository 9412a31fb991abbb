import type { CloudId } from '../cloud-ids.ts'
import { contraryOf, type Mode, toldIn } from './modes.ts'
import type { Outcome, Receipt } from './receipt.ts'

/** How long after a receipt its contrary comes, where that was asked for. */
const CONTRARY_MS = 1000

/** Milliseconds that a callback has for its answer where a cloud does not say how long it waits. */
const USUAL_TIMEOUT_MS = 5000

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
  /** Milliseconds that a callback has for its answer, where the cloud says so. */
  timeout?: number
  /** What a carrier says of a message that arrived. */
  delivered: Outcome
  body(receipts: Receipt[], options: { sessionContext: boolean; at: number; mode: Mode }): unknown
  /** What goes along with a push, made anew for each try. */
  headers?(push: {
    url: string
    body: string
    token: string | undefined
    receipt: Receipt
    at: number
    mode: Mode
  }): Record<string, string>
  /** Whether the callback's answer acknowledges the push. */
  acknowledges(status: number, body: string): boolean
}

export interface PushOptions {
  /** Every acknowledged push is sent twice more, as the clouds do at times. */
  duplicates: boolean
  /** Tencent Cloud: SessionContext comes back in receipts, which it does only after activation. */
  sessionContext: boolean
  /** How they come. */
  mode: Mode
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
  /** The receivers' clock, by which they judge how old a push is. */
  now(): number
  callback(cloud: CloudId): Callback | undefined
  options(): PushOptions
  send(request: Request): Promise<Response>
}): Pushes {
  let waiting: Push[] = []

  function enqueueOf(cloud: CloudId, receipts: Receipt[], at: number): void {
    const callback = parts.callback(cloud)
    if (!callback) return
    const { batch, delivered } = parts.rules[cloud]
    const { mode } = parts.options()
    const told = toldIn(mode, receipts)
    for (let from = 0; from < told.length; from += batch) {
      const chunk = told.slice(from, from + batch)
      for (const { push } of chunk) push.state = 'waiting'
      waiting.push({
        cloud,
        callback,
        body: bodyOf(cloud, chunk, at),
        receipts: chunk,
        attempts: 0,
        nextAt: at,
      })
    }
    if (mode !== 'contrary') return
    for (const receipt of told) {
      const body = bodyOf(cloud, [contraryOf(receipt, delivered)], at)
      waiting.push({ cloud, callback, body, receipts: [receipt], attempts: 0, nextAt: at + CONTRARY_MS })
    }
  }

  function bodyOf(cloud: CloudId, receipts: Receipt[], at: number): string {
    const { mode, sessionContext } = parts.options()
    if (mode === 'empty') return ''
    if (mode === 'xml') return '<?xml version="1.0"?><SmsReport><success>true</success></SmsReport>'
    return JSON.stringify(parts.rules[cloud].body(receipts, { sessionContext, at, mode }))
  }

  async function attempt(push: Push, at: number): Promise<void> {
    const { retries } = parts.rules[push.cloud]
    push.attempts += 1
    const acknowledged = await once(push)
    const retry = retries[push.attempts - 1]
    const state = acknowledged ? 'acknowledged' : retry === undefined ? 'given up' : 'waiting'
    // What is told may be a copy, which shares this with what happened.
    for (const receipt of push.receipts) Object.assign(receipt.push, { state, attempts: push.attempts })
    if (acknowledged && parts.options().duplicates) for (let more = 0; more < 2; more++) await once(push)
    if (state === 'waiting' && retry !== undefined) push.nextAt = at + retry
    else waiting = waiting.filter(other => other !== push)
  }

  async function once({ cloud, callback, body, receipts }: Push): Promise<boolean> {
    const { timeout = USUAL_TIMEOUT_MS, headers: more } = parts.rules[cloud]
    const [receipt] = receipts
    const about = { ...callback, token: callback.token, body, at: parts.now(), mode: parts.options().mode }
    try {
      const headers = new Headers({
        'content-type': 'application/json',
        ...(receipt && more?.({ ...about, receipt })),
      })
      const signal = AbortSignal.timeout(timeout)
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
