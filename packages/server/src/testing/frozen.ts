import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A way to the database that can be stopped: nothing is refused, and nothing answers. */
export interface Passage {
  url: string
  freeze(): void
  thaw(): void
  /** Ends every connection, as a restart does. */
  cut(): void
}

/**
 * Opens a passage to the PostgreSQL of an address; it is closed when the test is over.
 *
 * @param refuse looks at the message with which a connection begins; what it returns is told to the client in place of
 *   a connection, as PgBouncer does
 */
export async function openPassage(
  url: string,
  refuse?: (startup: Buffer) => string | undefined,
): Promise<Passage> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let frozen = false
  const server = createServer(near => {
    if (refuse)
      near.once('data', startup => {
        const complaint = refuse(startup)
        if (complaint) near.end(errorMessage(complaint))
      })
    const far = connect(Number(target.port || 5432), target.hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      if (frozen) from.pause()
      from.on('data', data => to.write(data))
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      if (frozen) from.pause()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const own = new URL(url)
  own.hostname = '127.0.0.1'
  own.port = String((server.address() as { port: number }).port)
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  return {
    url: own.href,
    cut,
    freeze() {
      frozen = true
      for (const socket of sockets) socket.pause()
    },
    thaw() {
      frozen = false
      for (const socket of sockets) socket.resume()
    },
  }
}

/** PostgreSQL's message of an error: each field with its letter, all ended by a NUL. */
function errorMessage(text: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C08P01\0M${text}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}
