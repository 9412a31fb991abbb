import { fileURLToPath } from 'node:url'
import { endPause, registerApplication, useCloud } from '../../e2e/ready.ts'
import { createManagement, type Management } from '../../packages/cli/src/management.ts'
import type { RegisteredApplication } from '../../packages/cli/src/visitor.ts'
import { type Nodes, newNodes, startNodes } from '../nodes.ts'
import { type Balancer, startBalancer } from './balancer.ts'

const CLOCK = fileURLToPath(new URL('clock.ts', import.meta.url))

/** Milliseconds that a node's clock jumps: beyond what a code and most limits last. */
const JUMP = 11 * 60_000

/** Servers of one database behind a balancer, by whose address they are managed and signed in at. */
export interface Cluster extends Nodes {
  balancer: Balancer
  management: Management
  application: RegisteredApplication
}

/**
 * Starts so many servers on one database, and a balancer before them. Text messages go over Aliyun SMS, and nobody waits
 * between two codes.
 *
 * @param settings by their names in the environment
 * @param logged told of requests that were cut off
 */
export async function startCluster(
  count: number,
  settings: Record<string, string>,
  logged?: (line: string) => void,
): Promise<Cluster> {
  const own = await newNodes(count, {
    TRUST_PROXY: 'true',
    // Longer than the balancer takes to notice, also on a busy machine.
    DRAIN_TIME: '2000',
    LOG_LEVEL: 'error',
    NODE_OPTIONS: `--import=${CLOCK}`,
    CHAOS_JUMP: String(JUMP),
    ...settings,
  })
  const ports = own.map(each => each.ports.public)
  const balancer = await startBalancer(ports, logged)
  const behind = own.map(each => ({ ...each, settings: { ...each.settings, ENDPOINT: balancer.url } }))
  const nodes = await startNodes(behind)
  const management = await createManagement({ endpoint: balancer.url, installation: own[0] })
  await useCloud(management, 'aliyun-sms')
  await endPause(management)
  return {
    ...nodes,
    balancer,
    management,
    application: await registerApplication(management),
    async stop() {
      await nodes.stop()
      await balancer.close()
    },
  }
}
