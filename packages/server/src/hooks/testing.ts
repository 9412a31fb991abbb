import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { onTestFinished } from 'vitest'
import type { Database } from '../db/database.ts'

/** One call of a webhook, as it arrived. */
export interface Arrived {
  headers: IncomingHttpHeaders
  /** The exact text. */
  text: string
  body: Record<string, unknown>
}

/** Listens for webhooks on this machine for the running test; `answer` says what each call is answered. */
export async function receiver(
  answer: (
    nth: number,
  ) => { status: number; body?: string; headers?: Record<string, string> } | 'nothing' = () => ({
    status: 200,
  }),
) {
  const arrived: Arrived[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    arrived.push({ headers: request.headers, text, body: text === '' ? {} : JSON.parse(text) })
    const said = answer(arrived.length)
    if (said !== 'nothing') response.writeHead(said.status, said.headers).end(said.body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    arrived,
    /** Events that arrived, sorted, since the order is nobody's promise. */
    events: () => arrived.map(({ body }) => body.event as string).sort(),
    of: (event: string) => arrived.filter(({ body }) => body.event === event),
  }
}

/** Runs an action while no event can be written down. */
export async function withoutOutbox<T>(db: Database, action: () => Promise<T>): Promise<T> {
  await sql`alter table hook_deliveries rename to hook_deliveries_away`.execute(db)
  try {
    return await action()
  } finally {
    await sql`alter table hook_deliveries_away rename to hook_deliveries`.execute(db)
  }
}
