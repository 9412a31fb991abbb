import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { interleaved } from '../rounds.ts'

const SERVER = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url))
const WORLDS = ['real', 'simulated']
const PATIENCE = 30_000

export interface StartFigures extends Record<string, number> {
  /** Milliseconds from the spawn to the first 204 of the status. */
  readyMs: number
  /** Megabytes of resident memory a moment later. */
  rssMb: number
}

async function freePorts(count: number): Promise<string[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(server => once(server, 'listening')))
  const ports = servers.map(server => String((server.address() as { port: number }).port))
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return ports
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

/** Resident memory, where the system tells it in `/proc`. */
function residentMb(pid: number): number {
  try {
    const [, kilobytes] = /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) / 1024
  } catch {
    return Number.NaN
  }
}

async function startOnce(clouds: string, folder: string): Promise<StartFigures> {
  const [port, admin, simulators, demo] = await freePorts(4)
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
  const server = spawn(process.execPath, [SERVER], { env, stdio: 'ignore' })
  const ended = once(server, 'exit')
  try {
    await untilReady(server, `http://127.0.0.1:${port}`)
    const readyMs = performance.now() - start
    await sleep(500)
    return { readyMs, rssMb: residentMb(server.pid!) }
  } finally {
    server.kill('SIGKILL')
    await ended
  }
}

/** Starting the server from its sources, on a data folder that a first, uncounted start has filled. */
export async function benchStart(rounds: number): Promise<Record<string, StartFigures>> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  try {
    return await interleaved(WORLDS, rounds, clouds => startOnce(clouds, join(folder, clouds)))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
