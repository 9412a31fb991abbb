import { Hono } from 'hono'
import type { Control } from '../control.ts'
import { CERTIFICATE_PATH, certificateAnswer } from '../event-bridge/event-bridge.ts'
import { cloudMeant } from '../hosts.ts'
import type { Inbox } from '../inbox/inbox.ts'
import { inboxRoutes } from '../inbox/routes.ts'
import { readRequest } from '../request.ts'
import { robotsPage } from '../robots/page.ts'
import { hasRobots, type Robots } from '../robots/robots.ts'
import { controlRoutes } from './control.ts'
import { isForeign, isLoopbackHost } from './guard.ts'

export interface SiteParts {
  /** Answers an API request; rejects when the connection is to be lost. */
  answer(request: Request): Promise<Response>
  inbox: Inbox
  control: Control
  robots: Pick<Robots, 'messages'>
}

/** The web site on the simulators' own port: the APIs at `/`, and for this machine alone the inbox and control. */
export function createSite({ answer, inbox, control, robots }: SiteParts) {
  const app = new Hono()
  // The APIs come first and under any name: they check signatures, so a rebound name gains nothing.
  app.all('/', async c => {
    if (c.req.method === 'GET' && !(await isApiRequest(c.req.raw))) return c.redirect('/inbox', 302)
    try {
      return await answer(c.req.raw)
    } catch {
      return loseConnection(c.env)
    }
  })
  // Public at the cloud as well.
  app.get(CERTIFICATE_PATH, () => certificateAnswer({ method: 'GET', path: CERTIFICATE_PATH }))
  app.use(async (c, next) => {
    const host = c.req.header('host') ?? new URL(c.req.url).host
    // A server hands requests on under the names of the services, and a robot's address is known by its token.
    if (hasRobots(new URL(c.req.url).hostname)) return answer(c.req.raw)
    if (!isLoopbackHost(host)) return c.text('This site answers on this machine only.\n', 403)
    if (isForeign(c.req.raw, host)) return c.text('Another site may not do this.\n', 403)
    await next()
    c.header('x-content-type-options', 'nosniff')
    // Not no-referrer: browsers would then send the page's own form with `Origin: null`.
    c.header('referrer-policy', 'same-origin')
    c.header('cross-origin-resource-policy', 'same-origin')
  })
  app.route('/inbox', inboxRoutes(inbox))
  app.get('/robots', c => c.html(robotsPage(robots.messages())))
  app.route('/control', controlRoutes(control, inbox))
  return (request: Request, environment?: unknown) =>
    app.fetch(request, environment as Record<string, unknown> | undefined)
}

async function isApiRequest(request: Request): Promise<boolean> {
  return cloudMeant(await readRequest(request.clone())) !== undefined
}

/** Ends the connection without an answer: at the socket when the server gave it, else by a body that breaks off. */
function loseConnection(environment: unknown): Response {
  const socket = (environment as { incoming?: { socket?: { destroy?(): void } } } | undefined)?.incoming
    ?.socket
  socket?.destroy?.()
  return new Response(
    new ReadableStream({ start: controller => controller.error(new Error('connection lost')) }),
  )
}
