import { Hono } from 'hono'
import { eventStream } from './events.ts'
import type { Inbox } from './inbox.ts'
import { inboxPage } from './page.ts'
import { INBOX_SCRIPT } from './script.ts'
import { INBOX_ICON, INBOX_STYLE } from './style.ts'
import { chooseLanguage } from './texts.ts'

const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * A mail is a document of its own with its own policy: inside the page's policy it would lose its inline styles.
 * `sandbox` keeps it from running scripts and from this origin even when someone opens its address directly.
 */
const MAIL_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"

/** The inbox page with all that belongs to it, to be mounted at `/inbox`. */
export function inboxRoutes(inbox: Inbox): Hono {
  const app = new Hono()
  app.get('/', c => {
    const view = {
      messages: inbox.messages(),
      filter: c.req.query('to')?.trim() ?? '',
      language: chooseLanguage(c.req.query('lang'), c.req.header('accept-language')),
    }
    c.header('content-security-policy', PAGE_POLICY)
    c.header('cache-control', 'no-store')
    c.header('vary', 'accept-language')
    return c.html(inboxPage(view))
  })
  app.post('/clear', c => {
    inbox.clear()
    return c.redirect(
      `/inbox?lang=${chooseLanguage(c.req.query('lang'), c.req.header('accept-language'))}`,
      303,
    )
  })
  app.get('/events', c => {
    const stream = eventStream(inbox, {
      language: chooseLanguage(c.req.query('lang'), c.req.header('accept-language')),
      filter: c.req.query('to')?.trim() ?? '',
      after: Number(c.req.header('last-event-id') ?? c.req.query('after')) || 0,
      signal: c.req.raw.signal,
    })
    c.header('cache-control', 'no-store')
    return c.body(stream, 200, { 'content-type': 'text/event-stream; charset=utf-8' })
  })
  app.get('/mail/:id', c => {
    const message = inbox.messages().find(({ id }) => id === c.req.param('id'))
    if (!message?.html) return c.notFound()
    c.header('content-security-policy', MAIL_POLICY)
    c.header('cache-control', 'no-store')
    return c.html(message.html)
  })
  const asset = (path: string, type: string, content: string) =>
    app.get(path, c => c.body(content, 200, { 'content-type': type, 'cache-control': 'no-cache' }))
  asset('/inbox.css', 'text/css; charset=utf-8', INBOX_STYLE)
  asset('/inbox.js', 'text/javascript; charset=utf-8', INBOX_SCRIPT)
  asset('/icon.svg', 'image/svg+xml', INBOX_ICON)
  return app
}
