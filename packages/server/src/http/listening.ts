import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { StartError } from '../start-error.ts'
import type { Log } from '../world.ts'
import { answerUnread } from './unread.ts'

/** Bytes of a request's line and headers: 32 KiB of headers fit whatever the line is. */
const MOST_HEADERS = 34 * 1024

/** The time, in milliseconds, for which a client may still send its next request after the time that it was told. */
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

/** The port and address on which a server listens, and the settings that say so. */
export interface Place {
  port: number
  /** Every address of the machine when empty. */
  host: string
  settings: { port: string; host: string }
}

const REFUSALS: Record<string, (place: Place) => string> = {
  EADDRINUSE: ({ port, settings }) =>
    `port ${port} is taken. End what listens there, or choose another in ${settings.port}.`,
  EACCES: ({ port, settings }) =>
    `port ${port} is not for this user. Choose one from 1024 upwards in ${settings.port}, and let a proxy listen at ${port}.`,
  EADDRNOTAVAIL: ({ host, settings }) => `this machine has no address ${host}. Correct ${settings.host}.`,
  ENOTFOUND: ({ host, settings }) => `there is no host ${host}. Correct ${settings.host}.`,
}

/** Lets a server listen. @throws StartError naming the setting that is in the way */
export function listen(server: Server, place: Place, log: Log): Promise<Server> {
  return new Promise((resolve, reject) => {
    // Also later, as when there are no file descriptors left for a connection: that one is lost, not the process.
    server.on('error', (error: NodeJS.ErrnoException) => {
      const { port } = place
      if (server.listening) return log('error', 'connection not accepted', { port, error: error.message })
      const why = REFUSALS[error.code ?? '']?.(place)
      reject(why ? new StartError(`Cannot listen: ${why} (${error.message})`, { cause: error }) : error)
    })
    server.listen({ port: place.port, ...(place.host && { host: place.host }) }, () => resolve(server))
  })
}
