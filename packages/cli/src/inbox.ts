import type { InboxMessage } from '@countersign/simulators'

/** Messages arrive in the simulators' inbox with the answer to the send, or a moment later. */
const ARRIVES_WITHIN = 5_000

/** Reads what the simulated phones and mailboxes have received. */
export interface InboxReader {
  /** The next message to a recipient that was not read yet. */
  next(to: string): Promise<InboxMessage>
}

/** A reader of the inbox at an address such as `http://localhost:3003/inbox`; each message is read once. */
export function createInboxReader(inboxUrl: string): InboxReader {
  const control = new URL('/control/messages', inboxUrl)
  const lastRead = new Map<string, string>()
  return {
    async next(to) {
      const deadline = Date.now() + ARRIVES_WITHIN
      for (;;) {
        const address = new URL(control)
        address.search = new URLSearchParams({ to, after: lastRead.get(to) ?? '0' }).toString()
        const messages = (await (await fetch(address)).json()) as InboxMessage[]
        const message = messages.at(-1)
        if (message) {
          lastRead.set(to, message.id)
          return message
        }
        if (Date.now() > deadline) throw new Error(`No message to ${to} has arrived`)
        await new Promise(resolve => setTimeout(resolve, 25))
      }
    },
  }
}
