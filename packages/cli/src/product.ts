import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The server's main file; of a built package where tests name one, which starts in half the time. */
const SERVER = process.env.COUNTERSIGN_BUILT
  ? join(process.env.COUNTERSIGN_BUILT, 'lib/server.js')
  : fileURLToPath(new URL('../../server/src/main.ts', import.meta.url))

/** A start may include building the console, on a slow machine. */
const START_WITHIN = 120_000

/** How often to ask whether the server is ready; it says so within a fraction of a second. */
const POLL_EVERY = 50

/** What belongs to one installation and outlives its process. */
export interface Installation {
  dataDir: string
  ports: { public: number; console: number; simulators: number; demo: number }
  /** A machine-to-machine application with full management scope. */
  client: { id: string; secret: string }
  /** Further settings, by the names of the environment. */
  settings: Record<string, string>
}

/** A running Countersign of its own process, in the development world unless its settings say otherwise. */
export interface Product {
  installation: Installation
  /** Public address: sign-in pages, OpenID Connect, API. */
  endpoint: string
  consoleUrl: string
  /** The one-time link that creates the first operator; undefined once there is one. */
  firstLink: string | undefined
  /** Of the development world; empty in the real one, where neither of the two is. */
  demoUrl: string
  inboxUrl: string
  /** The id of its process, for whoever looks at its memory. */
  pid: number | undefined
  /** Everything that the process has printed. */
  output(): string
  /** How the process ended; null while it runs, and when a signal ended it. */
  exitCode(): number | null
  /** True when the process is no more, also where a signal ended it, as V8 does when memory runs out. */
  hasEnded(): boolean
  /** Asks the process to stop and waits until it has. */
  stop(): Promise<void>
  /** Ends the process at once, as a crash or a power cut would. */
  kill(): Promise<void>
}

/** Below the ports that systems give to outgoing connections, one of which could take a port before the server does. */
const PORTS = { from: 20_000, count: 12_000 }

/** Workers of one run of tests choose among ports of their own, or one might take what another has just chosen. */
const WORKERS = 8
const WORKER = Number(process.env.VITEST_POOL_ID ?? 0) % WORKERS

/** The ports that this process has chosen: whoever holds one may be down for a moment. */
const chosen = new Set<number>()

/** A server at a port of those that nobody listens on. */
async function holdPort(): Promise<Server> {
  for (;;) {
    const port = PORTS.from + randomInt(PORTS.count / WORKERS) * WORKERS + WORKER
    if (chosen.has(port)) continue
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    chosen.add(port)
    return server
  }
}

/**
 * Ports that nobody listens on now; held together, so that they differ.
 *
 * @example const [port, adminPort] = await freePorts(2)
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, holdPort))
  const ports = servers.map(server => (server.address() as { port: number }).port)
  await Promise.all(servers.map(server => once(server.close(), 'close')))
  return ports
}

/** A new, empty installation in a temporary folder. */
export async function newInstallation(settings: Record<string, string> = {}): Promise<Installation> {
  const ports = await freePorts(4)
  return {
    dataDir: await mkdtemp(join(tmpdir(), 'countersign-')),
    ports: { public: ports[0]!, console: ports[1]!, simulators: ports[2]!, demo: ports[3]! },
    client: { id: 'automation', secret: randomBytes(18).toString('base64url') },
    settings,
  }
}

/** Deletes what an installation has left on disk. */
export const removeInstallation = ({ dataDir }: Installation) => rm(dataDir, { recursive: true, force: true })

function environment({ dataDir, ports, client, settings }: Installation): NodeJS.ProcessEnv {
  // Settings of the shell that runs this must not reach the product under trial.
  const { PATH, HOME, SystemRoot, TEMP, NODE_COMPILE_CACHE } = process.env
  return {
    PATH,
    HOME,
    SystemRoot,
    TEMP,
    NODE_COMPILE_CACHE,
    PORT: String(ports.public),
    ADMIN_PORT: String(ports.console),
    SIMULATORS_PORT: String(ports.simulators),
    DEMO_PORT: String(ports.demo),
    DATA_DIR: dataDir,
    BOOTSTRAP_CLIENT_ID: client.id,
    BOOTSTRAP_CLIENT_SECRET: client.secret,
    LOG_LEVEL: 'silent',
    ...settings,
  }
}

async function isReady(endpoint: string): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/api/status`)).status === 204
  } catch {
    return false
  }
}

async function waitUntilReady(child: ChildProcess, endpoint: string, output: () => string): Promise<void> {
  const deadline = Date.now() + START_WITHIN
  // The addresses are printed last, when every port listens.
  while (!(output().includes('Sign-in and API') && (await isReady(endpoint)))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The server ended while it started:\n${output()}`)
    if (Date.now() > deadline) throw new Error(`The server does not become ready:\n${output()}`)
    await new Promise(resolve => setTimeout(resolve, POLL_EVERY))
  }
}

function address(output: string, label: string): string {
  const found = new RegExp(`^ *${label} +(http\\S+)`, 'm').exec(output)?.[1]
  if (!found) throw new Error(`The server printed no address for "${label}":\n${output}`)
  return found
}

/**
 * Starts Countersign and waits until it is ready. The process ends with this one at the latest.
 *
 * @param script what to run in place of the server's main file, with its arguments where it takes some
 */
export async function startProduct(
  installation: Installation,
  script: string | readonly string[] = SERVER,
): Promise<Product> {
  let printed = ''
  const child = spawn(process.execPath, [script].flat(), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(installation),
  })
  const take = (chunk: Buffer) => {
    printed += chunk.toString()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const output = () => printed
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  const exited = once(child, 'exit')
  const killWithUs = () => child.kill('SIGKILL')
  process.once('exit', killWithUs)
  void exited.then(() => process.removeListener('exit', killWithUs))

  async function end(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal)
    await exited
  }
  try {
    await waitUntilReady(child, `http://localhost:${installation.ports.public}`, output)
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
  const console = address(printed, 'Console')
  const isReal = installation.settings.CLOUDS === 'real'
  const [consoleUrl, token] = console.split('/welcome')
  return {
    installation,
    endpoint: address(printed, 'Sign-in and API'),
    consoleUrl: consoleUrl!,
    firstLink: token === undefined ? undefined : console,
    demoUrl: isReal ? '' : address(printed, 'Demo application'),
    inboxUrl: isReal ? '' : address(printed, 'Inbox'),
    pid: child.pid,
    output,
    exitCode: () => child.exitCode,
    hasEnded,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}
