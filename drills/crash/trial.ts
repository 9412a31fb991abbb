import { useCloud } from '../../e2e/ready.ts'
import { createManagement } from '../../packages/cli/src/management.ts'
import { startSimulators } from '../../packages/simulators/src/index.ts'
import { type Nodes, newNodes, startNodes } from '../nodes.ts'
import type { Figure } from '../table.ts'
import { askWhileServersDie, type Callable } from './callers.ts'
import { reckon } from './reckoning.ts'

/** One database with its servers, and how hard they are struck. */
export interface Crash {
  title: string
  nodes: number
  /** Further settings of the servers, by their names in the environment. */
  settings: Record<string, string>
  messages: number
  kills: number
}

/** Milliseconds that a send may take: what a killed server leaves is settled after three times that. */
const SEND_TIMEOUT = 1_000

/** Milliseconds between a message that arrives and the cloud's answer: in them a kill leaves what nobody knows. */
const CLOUD_ANSWERS_AFTER = 60

/**
 * Has servers send codes through simulated clouds of another process, kills them meanwhile, and compares what arrived
 * with what the ledger says.
 */
export async function crash({ nodes: count, settings, messages, kills }: Crash): Promise<{
  figures: Figure[]
  complaints: string[]
}> {
  const simulators = await startSimulators({ port: 0, quiet: true, frequencyControl: false })
  const { control, inbox } = simulators.clouds
  try {
    const nodes = await startCallable(count, {
      SIMULATORS_URL: simulators.addresses.site!,
      SEND_TIMEOUT: String(SEND_TIMEOUT),
      ...settings,
    })
    try {
      control.setFault({ kind: 'late-answer', delay: CLOUD_ANSWERS_AFTER })
      const asked = await askWhileServersDie(nodes, messages, kills)
      control.setFault(null)
      return await reckon(nodes, asked, messages, inbox.messages())
    } finally {
      await nodes.stop()
    }
  } finally {
    await simulators.close()
  }
}

/** Starts so many servers on one database, whose text messages go over Aliyun SMS. */
async function startCallable(count: number, settings: Record<string, string>): Promise<Nodes & Callable> {
  const own = await newNodes(count, settings)
  const nodes = await startNodes(own)
  const managements = await Promise.all(
    nodes.endpoints.map(endpoint => createManagement({ endpoint, installation: own[0] })),
  )
  await useCloud(managements[0]!, 'aliyun-sms')
  return { ...nodes, call: (node, path, body) => managements[node]!('POST', path, body) }
}
