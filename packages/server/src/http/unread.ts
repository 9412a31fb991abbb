import { type Server, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { ApiError } from '../refusals/refusal.ts'
import type { Log } from '../world.ts'
import { statusOf } from './errors.ts'
import { SECURITY_HEADERS } from './headers.ts'
import { type PlainRefusal, plainRefusal } from './plain-refusal.ts'

/** Statuses of what Node cannot read; everything else is no HTTP at all. */
const STATUS: Record<string, number> = {
  HPE_HEADER_OVERFLOW: statusOf(new ApiError('request.headers_too_large')),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** So many bytes of a request are looked at to find out who asks. */
const LOOKED_AT = 8_192

/** A client that goes on sending is listened to this long, in milliseconds: closing at once would take the answer back. */
const LINGER = 1_000

/** And for no more than so many bytes. */
const MOST_UNREAD = 1_048_576

type Unreadable = NodeJS.ErrnoException & { rawPacket?: Buffer }

/**
 * Answers requests that Node itself cannot read, so that no app of ours sees them: with a page or JSON of ours where the
 * headers are larger than fit, for that is what people meet; with the status alone otherwise.
 */
export function answerUnread(server: Server, log: Log): void {
  const answering = new WeakSet<Socket>()
  const unread = new WeakMap<Socket, number>()
  server.on('request', ({ socket }, response) => {
    answering.add(socket)
    response.once('close', () => answering.delete(socket))
  })
  server.on('clientError', (error: Unreadable, stream) => {
    const socket = stream as Socket
    const before = unread.get(socket)
    const size = (before ?? 0) + (error.rawPacket?.length ?? 0)
    unread.set(socket, size)
    if (before !== undefined) {
      // The bytes behind the part that could not be read come here again and again.
      if (size > MOST_UNREAD) socket.destroy()
      return
    }
    // Words in the middle of another answer would be taken for a part of it.
    if (error.code === 'ECONNRESET' || !socket.writable || answering.has(socket)) return void socket.destroy()
    const status = STATUS[error.code ?? ''] ?? 400
    log('info', 'request not read', { status })
    socket.end(answer(status, error.rawPacket?.toString('latin1', 0, LOOKED_AT) ?? ''))
    setTimeout(() => socket.destroy(), LINGER).unref()
  })
}

function answer(status: number, head: string): string {
  const { body, ...headers } = status === 431 ? tooLarge(head) : { body: '' }
  const lines = Object.entries({
    ...SECURITY_HEADERS,
    ...headers,
    'Cache-Control': 'no-store',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n')
}

/** Refuses a request with too large a head, in the form and language that the part which was read asks for. */
function tooLarge(head: string): PlainRefusal {
  const header = (name: string) => new RegExp(`^${name}:(.{0,200})`, 'im').exec(head)?.[1]?.trim() ?? ''
  return plainRefusal(new ApiError('request.headers_too_large'), {
    path: /^[A-Z]+ (\S+)/.exec(head)?.[1] ?? '',
    accept: header('accept'),
    language: header('accept-language'),
  })
}
