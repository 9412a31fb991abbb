import { setTimeout as sleep } from 'node:timers/promises'
import { createBrowser } from '../../packages/cli/src/browser.ts'
import { CLOUDS, enable } from '../../packages/cli/src/cloud.ts'
import { createManagement } from '../../packages/cli/src/management.ts'
import {
  type Installation,
  newInstallation,
  type Product,
  removeInstallation,
  startProduct,
} from '../../packages/cli/src/product.ts'
import { sampleSettings } from '../../packages/simulators/src/index.ts'

const OPERATOR = { name: 'Wen', password: 'anemone-quartz' }

/** An answer of a node, whatever its status. */
export interface NodeAnswer {
  status: number
  body: unknown
  /** How many there are of what the body lists a page of. */
  total: number
}

/** The servers of one installation, each of which may be killed and started again. */
export interface Nodes {
  count: number
  /** Calls the Management API of one node. @throws when the node is not there */
  call(node: number, path: string, body: unknown): Promise<NodeAnswer>
  /** Asks the console of a node that runs, as an operator. */
  ask(path: string): Promise<NodeAnswer>
  /** Ends a node as a power cut would, and starts it again. */
  killAndStart(node: number): Promise<void>
  stop(): Promise<void>
}

/** What the servers of one database share. */
const sharedBy = (first: Installation, own: Installation): Installation => ({
  ...own,
  dataDir: first.dataDir,
  client: first.client,
})

/** The first operator, by the link that a node printed. Any node knows the session. */
export async function signIn({ consoleUrl, firstLink }: Pick<Product, 'consoleUrl' | 'firstLink'>) {
  const browser = createBrowser()
  const created = await browser.request(`${consoleUrl}/api/console/first-operator`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: new URL(firstLink!).hash.replace('#token=', ''), ...OPERATOR }),
  })
  if (!created.ok) throw new Error(`No first operator: ${created.status} ${await created.text()}`)
  return browser
}

/** From now on text messages go over Aliyun SMS. */
async function setUp(first: Product): Promise<void> {
  const management = await createManagement(first)
  const { id, factoryId, kind } = CLOUDS.find(cloud => cloud.id === 'aliyun-sms')!
  const saved = await management('POST', '/api/connectors', {
    connectorId: factoryId,
    config: sampleSettings[id],
  })
  if (saved.status !== 200) throw new Error(`${factoryId} is refused: ${JSON.stringify(saved.body)}`)
  await enable(management, kind)
}

/**
 * Starts so many servers on one database.
 *
 * @param settings by their names in the environment
 */
export async function startNodes(count: number, settings: Record<string, string>): Promise<Nodes> {
  const own = await Promise.all(Array.from({ length: count }, () => newInstallation(settings)))
  const installations = own.map(each => sharedBy(own[0]!, each))
  // The first makes the tables and the key.
  const products = [await startProduct(installations[0]!)]
  for (const installation of installations.slice(1)) products.push(await startProduct(installation))
  // Each start prints another link, in place of the one before.
  const browser = await signIn(products.at(-1)!)
  await setUp(products[0]!)
  const tokens = await Promise.all(products.map(createManagement))
  return {
    count,
    async call(node, path, body) {
      const answer = await tokens[node]!('POST', path, body)
      return { ...answer, total: 0 }
    },
    async ask(path) {
      const answer = await browser.request(`${products[0]!.consoleUrl}${path}`)
      const total = Number(answer.headers.get('total-number'))
      return { status: answer.status, body: await answer.json(), total }
    },
    async killAndStart(node) {
      await products[node]!.kill()
      // Whoever looks after servers starts them again, but not at once.
      await sleep(200)
      products[node] = await startProduct(installations[node]!)
    },
    async stop() {
      for (const product of products) await product.stop()
      for (const installation of own) await removeInstallation(installation)
    },
  }
}
