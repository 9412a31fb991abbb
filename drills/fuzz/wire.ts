import { connect } from 'node:net'

/** What came back over the wire for the bytes that were sent. */
export interface Received {
  /** 0 where the connection ended without an answer, which is all that some bytes deserve. */
  status: number
  head: string
  body: string
  /** The connection neither answered nor ended in time. */
  hangs: boolean
}

/** Nobody waits longer for anything, in milliseconds. The longest answer of ours is bounded by 8 s of sending. */
const AT_MOST = 20_000

/** Answers are read this far, in bytes: a description of the API has its place, an endless one has not. */
const LONGEST = 4 * 1024 * 1024

/** After so many milliseconds without an answer the server is told that no more bytes come: it may be waiting for them. */
const NO_MORE_AFTER = 500

/**
 * Sends bytes as they are over a connection of their own, says after a while that no more come, and reads until the server
 * ends it. Said at once, it would cut off every answer for which the server has to ask a database: who goes away is not
 * answered.
 *
 * @example await exchange(3001, Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'))
 */
export function exchange(port: number, bytes: Buffer): Promise<Received> {
  return new Promise(resolve => {
    const parts: Buffer[] = []
    let size = 0
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const done = (hangs: boolean) => {
      clearTimeout(late)
      clearTimeout(noMore)
      socket.destroy()
      resolve({ ...readAnswer(Buffer.concat(parts)), hangs })
    }
    const late = setTimeout(() => done(true), AT_MOST)
    socket.on('data', part => {
      parts.push(part)
      size += part.length
      if (size > LONGEST) done(true)
    })
    socket.on('end', () => done(false))
    // The server may end the connection while bytes are still on their way to it.
    socket.on('error', () => done(false))
    const noMore = setTimeout(() => socket.end(), NO_MORE_AFTER)
    socket.write(bytes)
  })
}

function readAnswer(bytes: Buffer): Omit<Received, 'hangs'> {
  const text = bytes.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const head = end < 0 ? text : text.slice(0, end)
  // Answers to pipelined requests stand behind one another; all of them are looked at.
  const body = end < 0 ? '' : bytes.subarray(end + 4).toString()
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0), head, body }
}
