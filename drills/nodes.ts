import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { firstOperator } from '../e2e/ready.ts'
import {
  type Installation,
  newInstallation,
  removeInstallation,
  startProduct,
} from '../packages/cli/src/product.ts'

/** An answer of a node, whatever its status. */
export interface NodeAnswer {
  status: number
  body: unknown
}

/** The servers of one database, each of which may be struck. */
export interface Nodes {
  count: number
  /** The public address of each. */
  endpoints: readonly string[]
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
  /** Ends all of them and deletes what they have stored. */
  stop(): Promise<void>
}

/** Whoever looks after servers starts them again, but not at once, in milliseconds. */
const AGAIN_AFTER = 300

/**
 * So many servers to be started, which share a secret key and an application for automation.
 *
 * @param settings by their names in the environment; several servers need a `DATABASE_URL`
 */
export async function newNodes(
  count: number,
  settings: Record<string, string>,
): Promise<[Installation, ...Installation[]]> {
  const shared = { SECRET_KEY: randomBytes(32).toString('hex'), ...settings }
  const own = await Promise.all(Array.from({ length: count }, () => newInstallation(shared)))
  return own.map(each => ({ ...each, client: own[0]!.client })) as [Installation, ...Installation[]]
}

/**
 * Starts servers of one database all at once, so that one of them makes the tables and what else there is one of.
 *
 * @example const nodes = await startNodes(await newNodes(2, { DATABASE_URL }))
 */
export async function startNodes(installations: readonly Installation[]): Promise<Nodes> {
  const products = await Promise.all(installations.map(each => startProduct(each)))
  const operator = await firstOperator(products)
  /** The processes that have ended because they were told to. */
  const told = new Set<(typeof products)[number]>()
  const startAgain = async (node: number) => {
    await sleep(AGAIN_AFTER)
    products[node] = await startProduct(installations[node]!)
  }
  async function drain(node: number): Promise<void> {
    const product = products[node]!
    await product.stop()
    if (product.exitCode() !== 0) throw new Error(`It did not end well:\n${product.output()}`)
    told.add(product)
  }
  return {
    count: products.length,
    endpoints: products.map(({ endpoint }) => endpoint),
    async ask(path) {
      const { consoleUrl } = products.find(each => !each.hasEnded())!
      const answer = await operator.request(`${consoleUrl}${path}`)
      return { status: answer.status, body: await answer.json() }
    },
    async killAndStart(node) {
      told.add(products[node]!)
      await products[node]!.kill()
      await startAgain(node)
    },
    drain,
    async drainAndStart(node) {
      await drain(node)
      await startAgain(node)
    },
    signal: (node, signal) => void process.kill(products[node]!.pid!, signal),
    died: () =>
      products.filter(each => each.hasEnded() && !told.has(each)).map(each => each.output().slice(-2_000)),
    async stop() {
      await Promise.all(products.map(product => product.stop()))
      await Promise.all(installations.map(removeInstallation))
    },
  }
}
