import { Socket } from 'node:net'

/**
 * Preloaded into every sender: whatever it connects to at port 443 is the mock cloud on this machine. Most
 * contestants know their cloud's address by heart, so this is the one place where all can be turned the same
 * way; name, TLS handshake and certificate check stay as they are.
 */
const port = Number(process.env.BENCH_CLOUD_PORT)

interface Target {
  port?: number | string
  host?: string
}

const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket
const turned = (target: Target): Target => {
  if (Number(target.port) === 443) return { ...target, host: '127.0.0.1', port }
  throw new Error(`A sender wants to leave this machine: ${target.host}:${target.port}`)
}

Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  const [first] = args
  // `net.connect` hands its arguments over as one list.
  if (Array.isArray(first)) first[0] = turned(first[0] as Target)
  else if (typeof first === 'object') args[0] = turned(first as Target)
  return connect.apply(this, args)
} as Socket['connect']
