import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { registerApplication } from '../../e2e/ready.ts'
import { CLOUDS, enable } from '../../packages/cli/src/cloud.ts'
import { createManagement, type Management } from '../../packages/cli/src/management.ts'
import {
  type Installation,
  newInstallation,
  type Product,
  removeInstallation,
  startProduct,
} from '../../packages/cli/src/product.ts'
import type { RegisteredApplication } from '../../packages/cli/src/visitor.ts'
import { sampleSettings } from '../../packages/simulators/src/index.ts'
import { type NodeAnswer, signIn } from '../crash/nodes.ts'
import { type Balancer, startBalancer } from './balancer.ts'

const CLOCK = fileURLToPath(new URL('clock.ts', import.meta.url))

/** Milliseconds that a node's clock jumps: beyond what a code and most limits last. */
export const JUMP = 11 * 60_000

/** Whoever looks after servers starts them again, but not at once, in milliseconds. */
const AGAIN_AFTER = 300

/** Servers of one database behind a balancer, each of which may be struck. */
export interface Cluster {
  balancer: Balancer
  management: Management
  application: RegisteredApplication
  count: number
  /** Asks the console of a node that runs, as an operator. */
  ask(path: string): Promise<NodeAnswer>
  /** Ends a node as a power cut does, and starts it again. */
  killAndStart(node: number): Promise<void>
  /** Asks a node to end, as whoever brings servers up to date does, and waits until it has. */
  drain(node: number): Promise<void>
  /** The same, and starts it again. */
  drainAndStart(node: number): Promise<void>
  /** Sends a signal to a node. */
  signal(node: number, signal: NodeJS.Signals): void
  /** What the nodes that ended without being told to have printed. */
  died(): string[]
  stop(): Promise<void>
}

/** Text messages go over Aliyun SMS, and nobody waits between two codes. */
async function setUp(management: Management): Promise<void> {
  const { id, factoryId, kind } = CLOUDS.find(cloud => cloud.id === 'aliyun-sms')!
  const config = sampleSettings[id]
  const answers = [await management('POST', '/api/connectors', { connectorId: factoryId, config })]
  await enable(management, kind)
  answers.push(
    await management('PATCH', '/api/sign-in-exp', { verificationCodePolicy: { resendInterval: 0 } }),
  )
  for (const { status, body } of answers)
    if (status !== 200) throw new Error(`Not set up: ${status} ${JSON.stringify(body)}`)
}

/**
 * Starts so many servers on one database, and a balancer before them.
 *
 * @param settings by their names in the environment
 * @param logged told of requests that were cut off
 */
export async function startCluster(
  count: number,
  settings: Record<string, string>,
  logged?: (line: string) => void,
): Promise<Cluster> {
  const own = await Promise.all(Array.from({ length: count }, () => newInstallation()))
  const [first] = own as [Installation]
  const balancer = await startBalancer(
    own.map(({ ports }) => ports.public),
    logged,
  )
  const secret = randomBytes(32).toString('hex')
  const installations = own.map(each => ({
    ...each,
    client: first.client,
    settings: {
      SECRET_KEY: secret,
      ENDPOINT: balancer.url,
      TRUST_PROXY: 'true',
      // Longer than the balancer takes to notice, also on a busy machine.
      DRAIN_TIME: '2000',
      LOG_LEVEL: 'error',
      NODE_OPTIONS: `--import=${CLOCK}`,
      CHAOS_JUMP: String(JUMP),
      ...settings,
    },
  }))
  // All at once: one makes the tables and what else there is one of.
  const products: Product[] = await Promise.all(installations.map(each => startProduct(each)))
  const links = products.filter(({ firstLink }) => firstLink !== undefined)
  const browser = await newOperator(links)
  const management = await createManagement({ endpoint: balancer.url, installation: first })
  await setUp(management)
  /** The processes that have ended because they were told to. */
  const told = new Set<Product>()
  async function drain(node: number): Promise<void> {
    const product = products[node]!
    await product.stop()
    if (product.exitCode() !== 0) throw new Error(`It did not end well:\n${product.output()}`)
    told.add(product)
  }
  return {
    balancer,
    management,
    count,
    application: await registerApplication(management),
    async ask(path) {
      const { consoleUrl } = products.find(each => each.exitCode() === null)!
      const answer = await browser.request(`${consoleUrl}${path}`)
      const total = Number(answer.headers.get('total-number'))
      return { status: answer.status, body: await answer.json(), total }
    },
    async killAndStart(node) {
      await products[node]!.kill()
      await sleep(AGAIN_AFTER)
      products[node] = await startProduct(installations[node]!)
    },
    drain,
    async drainAndStart(node) {
      await drain(node)
      await sleep(AGAIN_AFTER)
      products[node] = await startProduct(installations[node]!)
    },
    signal: (node, signal) => void process.kill(products[node]!.pid!, signal),
    died: () =>
      products
        .filter(each => each.exitCode() !== null && !told.has(each))
        .map(each => each.output().slice(-2_000)),
    async stop() {
      await Promise.all(products.map(product => product.stop()))
      await balancer.close()
      for (const installation of own) await removeInstallation(installation)
    },
  }
}

/** The first operator, by the link that was printed last: each start prints another, in place of the one before. */
async function newOperator(products: readonly Product[]) {
  let failure: unknown
  for (const product of products.toReversed())
    try {
      return await signIn(product)
    } catch (error) {
      failure = error
    }
  throw failure
}
