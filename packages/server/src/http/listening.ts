import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Log } from '../world.ts'
import { answerUnread } from './unread.ts'

/** Bytes of a request's line and headers: 32 KiB of headers fit whatever the line is. */
const MOST_HEADERS = 34 * 1024

/** How long after the time that it was told a client may still send its next request, in milliseconds. */
const LATE = 5_000

/** An idle phone in a bad network may take its time for a request, but not for ever. */
const SLOWEST_REQUEST = 30_000

/**
 * An HTTP server as all of ours are. Idle connections live longer than those of load balancers, which otherwise send
 * their next request into one that is just being closed; one that is not used yet lives as long.
 *
 * @param keepAlive how long a connection may be idle, in milliseconds
 */
export function createListener(
  handler: (request: IncomingMessage, response: ServerResponse) => unknown,
  { keepAlive, log }: { keepAlive: number; log: Log },
): Server {
  const patience = Math.max(SLOWEST_REQUEST, keepAlive + 2 * LATE)
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADERS,
      keepAliveTimeout: keepAlive,
      keepAliveTimeoutBuffer: LATE,
      // They also end connections on which nothing has come yet.
      headersTimeout: patience,
      requestTimeout: patience,
    },
    handler,
  )
  answerUnread(server, log)
  return server
}
