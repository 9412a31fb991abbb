import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { readArguments } from './arguments.ts'
import { COMMANDS } from './commands/table.ts'
import { Stop } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

/** The command; of the built package where `npm test` has made one, which is what people run. */
const COMMAND = process.env.COUNTERSIGN_BUILT
  ? join(process.env.COUNTERSIGN_BUILT, 'bin/countersign.cjs')
  : fileURLToPath(new URL('../bin/countersign.cjs', import.meta.url))

/** What no output may ever hold: the secrets of every configuration in these tests. */
const SECRETS = [
  'simulated-secret-ok',
  'simulated-secret-send-only',
  'very-secret-value',
  'proxy-pass-word',
  'proxy-pass%2Dword',
]

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

interface Surroundings {
  env?: Record<string, string>
  /** Standard input. */
  input?: string
  /** Called after the first words, and after further ones; a signal that it returns is sent to the command, whose process `pid` is. */
  watch?(stdout: string, pid: number): Promise<NodeJS.Signals | undefined>
  /** True where a public sample is printed, whose secret is none. */
  open?: boolean
}

/** Runs `countersign` as a process of its own. Whatever it prints is searched for secrets. */
export async function countersign(args: string[], surroundings: Surroundings = {}): Promise<Ended> {
  const { env = {}, input, watch, open = false } = surroundings
  const child = spawn(process.execPath, [COMMAND, ...args], {
    // Of the environment of the tests nothing may reach the command: no colours, no language.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: 'pipe',
  })
  const ended = { code: null as number | null, stdout: '', stderr: '' }
  let watching = false
  let failure: unknown
  async function look(): Promise<void> {
    if (!watch || watching) return
    watching = true
    const signal = await watch(ended.stdout, child.pid!).catch(error => {
      failure = error
      return 'SIGKILL' as const
    })
    if (signal) child.kill(signal)
    else watching = false
  }
  child.stdout.on('data', (chunk: Buffer) => {
    ended.stdout += chunk.toString()
    void look()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    ended.stderr += chunk.toString()
  })
  // A command that refuses its arguments ends before it has read anything.
  child.stdin.on('error', () => {})
  child.stdin.end(input ?? '')
  ended.code = await new Promise<number | null>(resolve => child.on('close', resolve))
  if (failure) throw failure
  for (const secret of open ? [] : SECRETS) expect(ended.stdout + ended.stderr).not.toContain(secret)
  return ended
}

/** Runs it with `--json`: standard output is one JSON value, and nothing else is written. */
export async function countersignJson(args: string[], surroundings?: Surroundings) {
  const { code, stdout, stderr } = await countersign([...args, '--json'], surroundings)
  expect(stderr).toBe('')
  return { code, value: JSON.parse(stdout) }
}

/**
 * Runs a command with `--json` in this process, which takes a tenth of the time: for what a command does, where how it is
 * started, and all that it prints, is tried by another test.
 *
 * @example const { code, value } = await runHere('migrate', ['--dry-run'], { DATA_DIR: folder })
 */
export async function runHere(name: string, args: string[], env: Record<string, string>) {
  const values: unknown[] = []
  const terminal: Terminal = {
    json: true,
    language: 'en',
    conceal() {},
    paint: (_, text) => text,
    line() {},
    rows() {},
    value: value => void values.push(value),
    complain() {},
    tell: ({ en }) => en,
  }
  const { command } = await COMMANDS.find(each => each.name === name)!.load()
  const before = { ...process.env }
  Object.assign(process.env, env)
  try {
    const code = await command.run({ ...readArguments(name, command, args), terminal, commands: COMMANDS })
    return { code, value: JSON.parse(JSON.stringify(values[0])) }
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    return { code: error.exit, value: { error: { message: error.message, ...error.details } } }
  } finally {
    for (const key of Object.keys(env)) {
      if (before[key] === undefined) delete process.env[key]
      else process.env[key] = before[key]
    }
  }
}
