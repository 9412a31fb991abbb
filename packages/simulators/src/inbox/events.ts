import { card } from './cards.ts'
import { wentToPart } from './filter.ts'
import type { Inbox, InboxMessage } from './inbox.ts'
import type { Language } from './texts.ts'

/** How often an idle stream shows a sign of life, so that proxies keep it open. */
const KEEP_ALIVE_MS = 15_000

export interface EventsRequest {
  language: Language
  filter: string
  /** The id of the last message the page has; later ones are sent at once. */
  after: number
  signal: AbortSignal
}

/** A stream of server-sent events: `message` with a card to show, `clear` when the inbox was emptied. */
export function eventStream(
  inbox: Inbox,
  { language, filter, after, signal }: EventsRequest,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let stop = () => {}
  return new ReadableStream({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text))
      const show = (message: InboxMessage) => {
        if (!wentToPart(message, filter)) return
        const data = { channel: message.channel, html: card(message, language, true) }
        send(`event: message\nid: ${message.id}\ndata: ${JSON.stringify(data)}\n\n`)
      }
      const endings = [inbox.subscribe(show), inbox.onClear(() => send('event: clear\ndata: {}\n\n'))]
      const timer = setInterval(() => send(': still here\n\n'), KEEP_ALIVE_MS)
      timer.unref()
      stop = () => {
        clearInterval(timer)
        for (const end of endings) end()
      }
      signal.addEventListener('abort', () => stop(), { once: true })
      send('retry: 1000\n\n')
      for (const message of inbox.messages().toReversed()) {
        if (Number(message.id) > after) show(message)
      }
    },
    cancel: () => stop(),
  })
}
