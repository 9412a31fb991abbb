import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Milliseconds between two looks at whether a node is ready, and for which its answer is waited for. */
const LOOK_EVERY = 100
const LOOK_FOR = 1_000

/** Milliseconds after which a node that does not answer is given up, as most balancers have it. */
const PATIENCE = 60_000

/** What a balancer met since it was last asked. */
export interface Passed {
  requests: number
  /** Requests that had reached a node, and whose answer never came: nobody knows what became of them. */
  cut: number
  /** Requests for which no node was there. */
  nowhere: number
}

/** A plain balancer: requests go to the nodes in turn, whatever they are about. */
export interface Balancer {
  url: string
  take(): Passed
  close(): Promise<void>
}

interface Target {
  port: number
  agent: Agent
  isReady: boolean
}

const nothing = (): Passed => ({ requests: 0, cut: 0, nowhere: 0 })

/** Sends a request to a node. @throws what the connection says; `ECONNREFUSED` when it has reached nobody */
function forward(target: Target, from: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method, url, headers } = from
    const { connection, 'transfer-encoding': encoding, ...passed } = headers
    const to = request({
      host: '127.0.0.1',
      port: target.port,
      agent: target.agent,
      method,
      path: url,
      headers: { ...passed, ...((connection ?? encoding) && { 'content-length': String(body.length) }) },
    })
    to.setTimeout(PATIENCE, () => to.destroy(new Error('no answer')))
    to.on('error', reject)
    to.on('response', resolve)
    to.end(body)
  })
}

/** Every node that is ready, beginning with the one whose turn it is; all of them when none says that it is. */
function inTurn(targets: readonly Target[], turn: number): Target[] {
  const ready = targets.filter(({ isReady }) => isReady)
  const some = ready.length > 0 ? ready : targets
  return some.map((_, n) => some[(turn + n) % some.length]!)
}

function sorry(answer: ServerResponse): void {
  answer.writeHead(503, { 'retry-after': '1', 'content-type': 'application/json' }).end('{"code":"balancer"}')
}

/**
 * Starts a balancer on a free port of this machine. It asks each node ten times a second whether it is ready, keeps
 * connections open, and tries another node only when the first has not been reached at all.
 *
 * @param ports at which nodes listen, or will
 * @param logged told of each request that was cut off
 */
export async function startBalancer(
  ports: readonly number[],
  logged: (line: string) => void = () => {},
): Promise<Balancer> {
  const targets: Target[] = ports.map(port => ({
    port,
    agent: new Agent({ keepAlive: true }),
    isReady: false,
  }))
  let passed = nothing()
  let turn = 0

  async function pass(from: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of from) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    passed.requests += 1
    for (const target of inTurn(targets, turn++))
      try {
        const response = await forward(target, from, body)
        const all: Buffer[] = []
        for await (const chunk of response) all.push(chunk as Buffer)
        const { connection, 'keep-alive': _, 'transfer-encoding': __, ...headers } = response.headers
        answer.writeHead(response.statusCode!, headers).end(Buffer.concat(all))
        return
      } catch (error) {
        target.isReady = false
        if ((error as { code?: string }).code === 'ECONNREFUSED') continue
        passed.cut += 1
        logged(`${from.method} ${from.url} at ${target.port}: ${(error as Error).message}`)
        sorry(answer)
        return
      }
    passed.nowhere += 1
    sorry(answer)
  }

  async function look(target: Target): Promise<void> {
    try {
      const signal = AbortSignal.timeout(LOOK_FOR)
      const { status } = await fetch(`http://127.0.0.1:${target.port}/api/health/ready`, { signal })
      target.isReady = status === 200
    } catch {
      target.isReady = false
    }
  }

  const server = createServer((from, answer) => {
    pass(from, answer).catch(() => answer.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const looking = setInterval(() => {
    for (const target of targets) void look(target)
  }, LOOK_EVERY)
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = passed
      passed = nothing()
      return taken
    },
    async close() {
      clearInterval(looking)
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      for (const { agent } of targets) agent.destroy()
      await closed
    },
  }
}
