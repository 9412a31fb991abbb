import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { CLOUD_IDS, type CloudId } from './cloud-ids.ts'
import { type Clouds, type CloudsOptions, createClouds } from './clouds.ts'

/** Ports of the simulators; 0 takes a free one. */
export type SimulatorPorts = Partial<Record<CloudId | 'site', number>>

export interface SimulatorOptions extends CloudsOptions {
  /** Of the site alone, which answers for all clouds; 3003 when neither this nor `ports` says otherwise. */
  port?: number
  /** Of the site and of single clouds, which are then answered for at a port of their own as well. */
  ports?: SimulatorPorts
  /** The address to listen at; this machine alone when absent. */
  host?: string
  /** Prints no addresses. */
  quiet?: boolean
}

export interface RunningSimulators {
  /** Addresses by `site`, `inbox`, `control` and the clouds that have a port of their own. */
  addresses: Record<string, string>
  clouds: Clouds
  /** Ends all connections and stops listening. */
  close(): Promise<void>
}

const DEFAULT_PORT = 3003

/** A client has so long for its headers and for its whole request; whoever takes longer is cut off. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000

/** Bytes of headers; node answers 431 beyond. */
const HEADERS_LIMIT = 16 * 1024

/** Starts the clouds on ports of their own, for as long as the process lives or until they are closed. */
export async function startSimulators(options: SimulatorOptions = {}): Promise<RunningSimulators> {
  const { host = '127.0.0.1', ports = {}, quiet = false } = options
  const clouds = createClouds(options)
  const handlers: [string, number, Handler][] = [
    ['site', ports.site ?? options.port ?? DEFAULT_PORT, clouds.site],
  ]
  for (const cloud of CLOUD_IDS) {
    const port = ports[cloud]
    if (port !== undefined) handlers.push([cloud, port, clouds.only(cloud)])
  }
  const servers: Server[] = []
  const addresses: Record<string, string> = {}
  const close = async () => {
    await Promise.all(servers.map(stop))
  }
  try {
    for (const [name, port, handler] of handlers) {
      const server = serve(handler)
      await listen(server, port, host)
      servers.push(server)
      addresses[name] = addressOf(server, host)
    }
  } catch (error) {
    await close()
    throw error
  }
  addresses.inbox = `${addresses.site}/inbox`
  addresses.control = `${addresses.site}/control`
  if (!quiet) for (const [name, address] of Object.entries(addresses)) console.log(`${name}: ${address}`)
  const stopTicking = clouds.control.run()
  return {
    addresses,
    clouds,
    async close() {
      stopTicking()
      await close()
    },
  }
}

type Handler = (request: Request, environment: { incoming: IncomingMessage }) => Response | Promise<Response>

function serve(handler: Handler): Server {
  const server = createServer({ maxHeaderSize: HEADERS_LIMIT, insecureHTTPParser: false })
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.on('request', (incoming, outgoing) => void answer(handler, incoming, outgoing))
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
    const status =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? '408 Request Timeout'
          : '400 Bad Request'
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  })
  return server
}

async function answer(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController()
  outgoing.on('close', () => gone.abort(new Error('The client has gone.')))
  outgoing.on('error', () => gone.abort(new Error('The client has gone.')))
  const request = toRequest(incoming, gone.signal)
  if (!request) {
    outgoing.writeHead(400, { connection: 'close' }).end()
    return
  }
  try {
    await send(await handler(request, { incoming }), outgoing, gone.signal)
  } catch {
    // A fault that loses the connection, or a client that went away: either way nobody is to get an answer.
    incoming.socket.destroy()
  }
  // What the handler did not read is read into nothing, so that the connection can be used again.
  incoming.resume()
}

/** The request as the handlers take it; undefined when it has no meaning for them (TRACE, a Host that is none). */
function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request | undefined {
  const { method = 'GET', url = '/', headersDistinct } = incoming
  try {
    const headers = new Headers()
    for (const [name, values = []] of Object.entries(headersDistinct)) {
      for (const value of values) headers.append(name, value)
    }
    const address = new URL(
      url.startsWith('/') ? `http://${incoming.headers.host ?? 'localhost'}${url}` : url,
    )
    const body = method === 'GET' || method === 'HEAD' ? null : bodyOf(incoming)
    return new Request(address, { method, headers, body, signal, duplex: 'half' } as RequestInit)
  } catch {
    return undefined
  }
}

/** The body as it comes. Cancelling it leaves the connection alone, unlike the stream that node would make. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let open = true
  const close = (end: () => void) => {
    if (open) end()
    open = false
  }
  return new ReadableStream({
    start(controller) {
      incoming.on('data', (chunk: Uint8Array) => {
        if (!open) return
        controller.enqueue(new Uint8Array(chunk))
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause()
      })
      incoming.on('end', () => close(() => controller.close()))
      incoming.on('error', error => close(() => controller.error(error)))
      incoming.on('close', () => close(() => controller.error(new Error('The body was cut off.'))))
    },
    pull: () => void incoming.resume(),
    cancel: () => close(() => {}),
  })
}

async function send(response: Response, outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  if (outgoing.destroyed) return
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (!response.body || outgoing.req.method === 'HEAD') {
    outgoing.end()
    return
  }
  const reader = response.body.getReader()
  const stop = () => void reader.cancel().catch(() => {})
  gone.addEventListener('abort', stop, { once: true })
  // A stream of events has nothing to say yet, but its reader waits for the headers.
  outgoing.flushHeaders()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    if (!outgoing.write(value)) await drained(outgoing, gone)
  }
  outgoing.end()
}

function drained(outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const give_up = () => reject(gone.reason)
    if (gone.aborted) return give_up()
    gone.addEventListener('abort', give_up, { once: true })
    outgoing.once('drain', () => {
      gone.removeEventListener('abort', give_up)
      resolve()
    })
  })
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      // An error after this, such as too many open files, ends one connection and not the process.
      server.on('error', () => {})
      resolve()
    })
  })
}

/** The address to show: a server that listens everywhere is reached under the name of this machine. */
function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

function stop(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
