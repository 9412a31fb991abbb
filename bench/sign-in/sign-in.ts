import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { Pool } from 'undici'
import { startOwnPostgres } from '../../scripts/postgres.ts'
import { Child } from '../child.ts'
import { interleaved, medians } from '../rounds.ts'
import { databaseCpu } from './database-cpu.ts'
import { type Door, signIn } from './visitor.ts'

const IN_FLIGHT = 8

/** Sign-ins before the first that counts, for each that a round has: a server in service has had many. */
const BEFORE = 6

/** Rounds for which a process lives, at least. */
const ROUNDS_OF_LIFE = 2

/** A server in service waits for its disk; the one for tests does not. */
const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }

export interface SignInFigures extends Record<string, number> {
  /** Sign-ins for each second of CPU, of server and database together: up to the submission, and up to the tokens. */
  perCpuSecond6: number
  perCpuSecond10: number
  /** The same for each second that passes. */
  perSecond6: number
  perSecond10: number
}

/** By database, then by checkout: `this` one and the one `beside` it. */
export type SignInResults = Record<string, Record<string, SignInFigures>>

class Target {
  readonly #child: Child
  readonly #door: Door
  readonly #pool: Pool
  readonly #databaseCpu: () => number
  readonly #awaited = new Map<string, (code: string) => void>()
  #next = 8_613_000_000_000

  constructor(child: Child, door: Door, databaseCpu: () => number) {
    this.#child = child
    this.#door = door
    this.#databaseCpu = databaseCpu
    this.#pool = new Pool(door.origin, { connections: IN_FLIGHT })
    child.onMessage(message => {
      const { to, code } = message as { to?: string; code?: string }
      if (to === undefined || code === undefined) return
      const number = `86${to}`
      this.#awaited.get(number)?.(code)
      this.#awaited.delete(number)
    })
  }

  /** So many users sign in, each for the first time, some of them at once. */
  async measure(count: number, withTokens: boolean): Promise<{ wall: number; cpu: number }> {
    const first = this.#next
    this.#next += count
    await this.#child.ask({ users: [first, count] })
    const codeFor = (phone: string) => new Promise<string>(resolve => this.#awaited.set(phone, resolve))
    const before = await this.#cpuSeconds()
    const start = performance.now()
    let done = 0
    const loop = async () => {
      while (done < count) await signIn(this.#pool, this.#door, String(first + done++), withTokens, codeFor)
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, loop))
    const seconds = (performance.now() - start) / 1000
    return { wall: count / seconds, cpu: count / ((await this.#cpuSeconds()) - before) }
  }

  async #cpuSeconds(): Promise<number> {
    const own = await this.#child.ask<{ cpuSeconds: number }>({})
    return own.cpuSeconds + this.#databaseCpu()
  }

  async stop(): Promise<void> {
    await this.#pool.destroy()
    await this.#child.stop()
  }
}

/** Opens a database of this name for a server. */
type Open = (name: string) => Promise<{ folder: string; url: string; cpu: () => number }>

/** Measures the checkouts in turn on one kind of database, each with a database of its own, in one process of each. */
async function inOneLife(
  trees: Record<string, string>,
  rounds: number,
  count: number,
  open: Open,
): Promise<Record<string, SignInFigures>> {
  const targets = new Map<string, Target>()
  try {
    for (const [name, tree] of Object.entries(trees)) {
      const { folder, url, cpu } = await open(name)
      const child = new Child('sign-in/server.ts', { args: [tree, folder, url] })
      targets.set(name, new Target(child, await child.next<Door>(), cpu))
    }
    for (const target of targets.values()) await target.measure(BEFORE * count, true)
    const measure = (withTokens: boolean) =>
      interleaved(Object.keys(trees), rounds, name => targets.get(name)!.measure(count, withTokens))
    const [six, ten] = [await measure(false), await measure(true)]
    return Object.fromEntries(
      Object.keys(trees).map(name => [
        name,
        {
          perCpuSecond6: six[name]!.cpu,
          perCpuSecond10: ten[name]!.cpu,
          perSecond6: six[name]!.wall,
          perSecond10: ten[name]!.wall,
        },
      ]),
    )
  } finally {
    for (const target of targets.values()) await target.stop()
  }
}

/**
 * Measures the checkouts in several processes of each, one after the other, and takes the middle one: two processes of one
 * checkout differ by up to a sixth for as long as they live.
 */
async function onDatabase(
  trees: Record<string, string>,
  rounds: number,
  count: number,
  open: Open,
): Promise<Record<string, SignInFigures>> {
  const processes = Math.max(1, Math.floor(rounds / ROUNDS_OF_LIFE))
  const lives: Record<string, SignInFigures>[] = []
  for (let life = 1; life <= processes; life += 1)
    lives.push(await inOneLife(trees, Math.ceil(rounds / processes), count, name => open(`${name}_${life}`)))
  return Object.fromEntries(
    Object.keys(trees).map(name => [name, medians(lives.map(figures => figures[name]!))]),
  )
}

/**
 * Signing users in by code through whole servers, on SQLite and on PostgreSQL.
 *
 * @param count sign-ins of a round
 * @param beside the folder of another checkout, with what it needs installed, to be measured in turn with this one
 */
export async function benchSignIn(rounds: number, count: number, beside?: string): Promise<SignInResults> {
  const own = fileURLToPath(new URL('../..', import.meta.url))
  const trees = { this: own, ...(beside !== undefined && { beside: resolve(beside) }) }
  const home = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  const results: SignInResults = {}
  try {
    results.SQLite = await onDatabase(trees, rounds, count, async name => ({
      folder: join(home, name),
      url: '',
      // It runs in the server's own process.
      cpu: () => 0,
    }))
    const postgres = await startOwnPostgres(DURABLE)
    if (postgres.url === null) {
      process.stderr.write(`sign-in: not measured on PostgreSQL: ${postgres.reason}\n`)
      return results
    }
    try {
      const { url } = postgres
      const cpu = await databaseCpu(url)
      results.PostgreSQL = await onDatabase(trees, rounds, count, async name => ({
        folder: join(home, `${name}-keys`),
        url: await createDatabase(url, `bench_${name}`),
        cpu,
      }))
    } finally {
      await postgres.stop()
    }
    return results
  } finally {
    rmSync(home, { recursive: true })
  }
}

async function createDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  const own = new URL(url)
  own.pathname = `/${name}`
  return own.href
}
