import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Fault, startSimulators } from '../../packages/simulators/src/index.ts'

const EDGE = fileURLToPath(new URL('edge.ts', import.meta.url))

/** One message that reached a phone. */
export interface Arrival {
  /** Digits, with the country code. */
  phone: string
  code: string
  /** Which provider brought it. */
  over: string
}

/** A simulated provider behind a process that can be killed and stopped. What it has delivered outlives both. */
export interface Provider {
  /** Where connectors reach it. */
  endpoint: string
  dies(): Promise<void>
  hangs(): void
  /** Answers in some other way than it should. */
  fails(fault: Fault): void
  /** Works again, whatever it did. */
  heals(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts a provider.
 *
 * @param arrived told of each message that it delivers
 */
export async function startProvider(
  cloud: 'aliyun-sms' | 'tencent-sms',
  arrived: (arrival: Arrival) => void,
): Promise<Provider> {
  const simulators = await startSimulators({
    ports: { site: 0, [cloud]: 0 },
    quiet: true,
    frequencyControl: false,
  })
  const { control, inbox } = simulators.clouds
  inbox.subscribe(({ to, code = '' }) => arrived({ phone: to.replace('+', ''), code, over: cloud }))
  const target = new URL(simulators.addresses[cloud]!).port
  let port = '0'
  let edge: ChildProcess | undefined
  const kill = () => edge?.kill('SIGKILL')
  process.once('exit', kill)

  async function begin(): Promise<void> {
    edge = spawn(process.execPath, [EDGE, target, port], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [printed] = await once(edge.stdout!, 'data')
    port = String(printed).trim()
  }

  async function dies(): Promise<void> {
    if (!edge || edge.exitCode !== null || edge.signalCode !== null) return
    const exited = once(edge, 'exit')
    kill()
    await exited
  }

  await begin()
  return {
    endpoint: `http://127.0.0.1:${port}`,
    dies,
    hangs: () => void edge?.kill('SIGSTOP'),
    fails: fault => control.setFault({ ...fault, cloud }),
    async heals() {
      control.setFault(null)
      if (edge && (edge.exitCode !== null || edge.signalCode !== null)) await begin()
      else edge?.kill('SIGCONT')
    },
    async stop() {
      await dies()
      process.removeListener('exit', kill)
      await simulators.close()
    },
  }
}
