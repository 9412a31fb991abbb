import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { memoryOf } from '../../drills/memory.ts'
import { freePorts } from '../../packages/cli/src/product.ts'
import { buildConsole } from '../../scripts/build-console.ts'
import { buildProduct } from '../../scripts/build-product.ts'
import { interleaved } from '../rounds.ts'

const SOURCES = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url))
const PATIENCE = 120_000

/** What is started, and in which world. */
const CONTESTANTS: Record<string, { clouds: string; built: boolean }> = {
  real: { clouds: 'real', built: true },
  simulated: { clouds: 'simulated', built: true },
  'real, sources': { clouds: 'real', built: false },
  'simulated, sources': { clouds: 'simulated', built: false },
}

export interface StartFigures extends Record<string, number> {
  /** Milliseconds from the spawn to the first 204 of the status. */
  readyMs: number
  /** Milliseconds of processor time until then, of all threads, which a busy machine changes less. */
  cpuMs: number
  /** Megabytes of resident memory a moment later. */
  rssMb: number
}

async function untilReady(server: ChildProcess, origin: string): Promise<void> {
  const start = performance.now()
  while (performance.now() - start < PATIENCE) {
    if (server.exitCode !== null) break
    const status = await fetch(`${origin}/api/status`).then(
      answer => answer.status,
      () => 0,
    )
    if (status === 204) return
    await sleep(2)
  }
  throw new Error('The server did not become ready')
}

/** Processor time so far, in milliseconds: the 14th and 15th value, in hundredths of a second; NaN where none is told. */
async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [user, system] = stat
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) * 10
}

async function startOnce(args: readonly string[], clouds: string, folder: string): Promise<StartFigures> {
  const [port, admin, simulators, demo] = (await freePorts(4)).map(String)
  const env = {
    ...process.env,
    CLOUDS: clouds,
    HOST: '127.0.0.1',
    PORT: port,
    ADMIN_PORT: admin,
    SIMULATORS_PORT: simulators,
    DEMO_PORT: demo,
    DATA_DIR: folder,
  }
  const start = performance.now()
  const server = spawn(process.execPath, args, { env, stdio: 'ignore' })
  const ended = once(server, 'exit')
  try {
    await untilReady(server, `http://127.0.0.1:${port}`)
    const readyMs = performance.now() - start
    const cpu = await cpuMs(server.pid!)
    await sleep(500)
    return { readyMs, cpuMs: cpu, rssMb: await memoryOf(server.pid) }
  } finally {
    server.kill('SIGKILL')
    await ended
  }
}

/**
 * Starting what is built, as `countersign start`, and in turn the server from its sources, on data folders that a first,
 * uncounted start has filled.
 */
export async function benchStart(rounds: number): Promise<Record<string, StartFigures>> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  try {
    await buildConsole()
    await buildProduct(join(folder, 'built'))
    const command = [join(folder, 'built/bin/countersign.cjs'), 'start']
    return await interleaved(Object.keys(CONTESTANTS), rounds, name => {
      const { clouds, built } = CONTESTANTS[name]!
      return startOnce(built ? command : [SOURCES], clouds, join(folder, clouds))
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
