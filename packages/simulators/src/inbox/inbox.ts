import type { CloudId } from '../cloud-ids.ts'

/** A message as it would have reached its recipient. */
export interface InboxMessage {
  /** Digits; a later message has a greater number, also after a restart. */
  id: string
  cloud: CloudId
  channel: 'sms' | 'email'
  /** sms: E.164 with +; email: the address. */
  to: string
  /** sms: the signature's name, or the sender id; email: the sender's address, with its alias if any. */
  from: string
  subject?: string
  /** sms: the rendered text with the signature; email: the text version. */
  text: string
  html?: string
  /** The verification code found among the variables or in the text. */
  code?: string
  /** Milliseconds since 1970. */
  at: number
}

export type Outgoing = Omit<InboxMessage, 'id' | 'at'>

/** Where every accepted message lands. */
export interface Inbox {
  /** Newest first. */
  messages(): InboxMessage[]
  /** Calls the listener with each new message; the answer ends the subscription. */
  subscribe(listener: (message: InboxMessage) => void): () => void
  /** Calls the listener whenever the inbox is emptied; the answer ends the subscription. */
  onClear(listener: () => void): () => void
  clear(): void
}

/** Messages kept; older ones are dropped, so that a load test does not fill the memory. */
export const INBOX_LIMIT = 2000

/** Creates an empty inbox and the one door through which messages get in. `now` is in milliseconds. */
export function createInbox(now: () => number): { inbox: Inbox; deliver(message: Outgoing): void } {
  let kept: InboxMessage[] = []
  // Ids start at the time of creation, so a page that was open across a restart still sees growing ids.
  let last = Math.max(0, Math.trunc(now()))
  const listeners = new Set<(message: InboxMessage) => void>()
  const clearListeners = new Set<() => void>()
  const inbox: Inbox = {
    messages: () => kept.slice(-INBOX_LIMIT).reverse(),
    subscribe(listener) {
      const entry = (message: InboxMessage) => listener(message)
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
    onClear(listener) {
      const entry = () => listener()
      clearListeners.add(entry)
      return () => void clearListeners.delete(entry)
    },
    clear() {
      kept = []
      for (const listener of clearListeners) listener()
    },
  }
  return {
    inbox,
    deliver(outgoing) {
      last += 1
      const message: InboxMessage = { id: String(last), ...outgoing, at: now() }
      kept.push(message)
      // Cut in large pieces, so that most messages cost no copy.
      if (kept.length >= 2 * INBOX_LIMIT) kept = kept.slice(-INBOX_LIMIT)
      for (const listener of listeners) {
        try {
          listener(message)
        } catch {
          // A reader's fault is not the sender's: the cloud has accepted the message already.
        }
      }
    },
  }
}
