import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { Child } from '../child.ts'
import { interleaved } from '../rounds.ts'

const CONTESTANTS = ['countersign', 'better-auth']
const MOST_IN_FLIGHT = 16

/** How a server wants to be asked; the first message of its process. */
interface Door {
  origin: string
  headers: Record<string, string>
  ask: { path: string; phone: string; prefix?: string }
  check: { path: string; phone: string; code: string; prefix?: string }
  /** Further members of a check. */
  also?: Record<string, unknown>
  /** Each loop takes its numbers in turn, so many, all used once before anything is measured. Else every number is new. */
  knownNumbers?: number
}

export interface CodeFigures extends Record<string, number> {
  /** Codes asked for and checked, a second, with one in flight and with 16. */
  pairsPerSecond1: number
  pairsPerSecond16: number
  /** Likewise for each second of the server's CPU. */
  pairsPerCpuSecond1: number
  pairsPerCpuSecond16: number
}

class Target {
  readonly child: Child
  readonly #door: Door
  readonly #pool: Pool
  /** Whoever waits for the code that goes to a number. */
  readonly #awaited = new Map<string, (code: string) => void>()
  /** For each loop: how many pairs it has done. */
  readonly #pairs: number[] = Array(MOST_IN_FLIGHT).fill(0)

  constructor(child: Child, door: Door) {
    this.child = child
    this.#door = door
    this.#pool = new Pool(door.origin, { connections: MOST_IN_FLIGHT })
    child.onMessage(message => {
      const { to, code } = message as { to?: string; code?: string }
      if (to === undefined || code === undefined) return
      this.#awaited.get(to)?.(code)
      this.#awaited.delete(to)
    })
  }

  async prepare(): Promise<void> {
    for (let loop = 0; loop < MOST_IN_FLIGHT; loop++)
      for (let i = 0; i < (this.#door.knownNumbers ?? 0); i++) await this.pair(loop)
  }

  async pair(loop: number): Promise<void> {
    const { ask, check, also, knownNumbers = Number.POSITIVE_INFINITY } = this.#door
    // New for each pair, so that no limit of a recipient is met.
    const nth = this.#pairs[loop]!++ % knownNumbers
    const number = String(13_000_000_000 + loop * 10_000_000 + nth)
    const sent = new Promise<string>(resolve => this.#awaited.set(number, resolve))
    await this.#post(ask.path, { [ask.phone]: `${ask.prefix ?? ''}86${number}` })
    const code = await sent
    const phone = `${check.prefix ?? ''}86${number}`
    await this.#post(check.path, { [check.phone]: phone, [check.code]: code, ...also })
  }

  async #post(path: string, body: object): Promise<void> {
    const headers = { ...this.#door.headers, 'content-type': 'application/json' }
    const answer = await this.#pool.request({ path, method: 'POST', headers, body: JSON.stringify(body) })
    const text = await answer.body.text()
    if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text}`)
  }

  async measure(inFlight: number, milliseconds: number): Promise<{ wall: number; cpu: number }> {
    const before = await this.#cpuSeconds()
    const start = performance.now()
    let pairs = 0
    const loop = async (_: unknown, index: number) => {
      while (performance.now() - start < milliseconds) {
        await this.pair(index)
        pairs++
      }
    }
    await Promise.all(Array.from({ length: inFlight }, loop))
    const seconds = (performance.now() - start) / 1000
    return { wall: pairs / seconds, cpu: pairs / ((await this.#cpuSeconds()) - before) }
  }

  async #cpuSeconds(): Promise<number> {
    return (await this.child.ask<{ cpuSeconds: number }>({})).cpuSeconds
  }

  async stop(): Promise<void> {
    await this.#pool.destroy()
    await this.child.stop()
  }
}

/** Starts a contestant's server and makes it ready to be measured. */
export async function openTarget(name: string, folder: string, execArgv: string[] = []): Promise<Target> {
  const child = new Child(`codes/${name}.ts`, { args: [folder], execArgv })
  const target = new Target(child, await child.next<Door>())
  await target.prepare()
  return target
}

/** Asking for and checking a code through each server, both on a SQLite file of their own. */
export async function benchCodes(rounds: number, milliseconds: number): Promise<Record<string, CodeFigures>> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  const targets = new Map<string, Target>()
  try {
    for (const name of CONTESTANTS) targets.set(name, await openTarget(name, folder))
    const measure = (inFlight: number) =>
      interleaved(CONTESTANTS, rounds, name => targets.get(name)!.measure(inFlight, milliseconds))
    const alone = await measure(1)
    const crowd = await measure(MOST_IN_FLIGHT)
    return Object.fromEntries(
      CONTESTANTS.map(name => [
        name,
        {
          pairsPerSecond1: alone[name]!.wall,
          pairsPerSecond16: crowd[name]!.wall,
          pairsPerCpuSecond1: alone[name]!.cpu,
          pairsPerCpuSecond16: crowd[name]!.cpu,
        },
      ]),
    )
  } finally {
    for (const target of targets.values()) await target.stop()
    rmSync(folder, { recursive: true })
  }
}
