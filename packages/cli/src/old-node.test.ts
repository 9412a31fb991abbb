import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { sampleSettings } from '@countersign/simulators'
import { describe, expect, it, onTestFinished } from 'vitest'

const BIN = resolve(import.meta.dirname, '../bin')
const ROOT = resolve(import.meta.dirname, '../../..')

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-old-node-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** An older Node that this machine has outside of the repository; none on most machines. */
const older = (process.env.PATH ?? '')
  .split(delimiter)
  .map(folder => join(folder, 'node'))
  .find(node => {
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
    return stdout ? Number(/^v(\d+)/.exec(stdout)?.[1]) < 24 : false
  })

/** Starts a script by an older Node; where there is none, by this one, which says that it is one. */
function asOlder(script: string): [command: string, args: string[]] {
  if (older !== undefined) return [older, [script]]
  const pretence = join(temporary(), 'pretence.cjs')
  // Only for the first process: the version that it hands over to does not ask.
  writeFileSync(pretence, "Object.defineProperty(process.versions, 'node', { value: '20.20.2' })")
  return [process.execPath, ['--require', pretence, script]]
}

function run(script: string, args: string[], options: { cwd?: string; input?: string } = {}) {
  const [command, before] = asOlder(script)
  const { status, signal, stdout, stderr } = spawnSync(command, [...before, ...args], {
    encoding: 'utf8',
    ...options,
  })
  return { status, signal, stdout, stderr }
}

/** A copy of the command in a folder of its own, with a Node beside it that is the given shell script, or with none. */
function copy(node?: string, version = '24.21.0'): string {
  const folder = temporary()
  cpSync(BIN, join(folder, 'packages/cli/bin'), { recursive: true })
  if (node !== undefined) {
    mkdirSync(join(folder, 'node_modules/node/bin'), { recursive: true })
    writeFileSync(join(folder, 'node_modules/node/package.json'), JSON.stringify({ name: 'node', version }))
    writeFileSync(join(folder, 'node_modules/node/bin/node'), `#!/bin/sh\n${node}\n`)
    chmodSync(join(folder, 'node_modules/node/bin/node'), 0o755)
  }
  return join(folder, 'packages/cli/bin/countersign.cjs')
}

describe('the command started by an older Node', () => {
  const command = join(ROOT, 'node_modules/.bin/countersign')

  it('runs with the one beside it, from another folder and through a link of a link', () => {
    const folder = temporary()
    symlinkSync(command, join(folder, 'countersign'))
    for (const path of [command, join(BIN, 'countersign.cjs'), join(folder, 'countersign')])
      expect(run(path, ['--version'], { cwd: folder })).toEqual({
        status: 0,
        signal: null,
        stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
        stderr: '',
      })
  })

  it('reads standard input, and hands on what was written and the exit code', () => {
    const args = ['lint', '--connector', 'tencent-sms', '--config', '-', '--json']
    const good = run(command, args, { input: JSON.stringify(sampleSettings['tencent-sms']) })
    expect(good).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(good.stdout)).toEqual(expect.any(Array))
    const bad = run(command, args, { input: '{"signName":"【x】"}' })
    expect(bad.status).toBe(1)
    expect(JSON.parse(bad.stdout)).toContainEqual(expect.objectContaining({ code: 'signature_brackets' }))
    const unknown = run(command, ['snd'])
    expect(unknown).toMatchObject({ status: 2, stdout: '' })
    expect(unknown.stderr).toContain('Did you mean send?')
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('hands %s on, and waits for the command to end', async signal => {
    const [node, before] = asOlder(command)
    const child = spawn(node, [...before, 'simulate', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] })
    await once(child.stdout, 'data')
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('ends by the signal that has ended the other', () => {
    expect(run(copy('kill -9 $$'), [])).toMatchObject({ status: null, signal: 'SIGKILL' })
  })

  it('hands arguments on as they are', () => {
    const { stdout } = run(copy('for each in "$@"; do echo "[$each]"; done'), ['a b', '', '--x=*', '$HOME'])
    expect(stdout).toMatch(/load\.cjs\]\n\[a b\]\n\[\]\n\[--x=\*\]\n\[\$HOME\]\n$/)
  })
})

describe('where no Node is beside it that is new enough', () => {
  it.each([
    ['none at all', undefined, undefined, 'there is none in node_modules/node beside this command'],
    ['an older one', 'echo ran', '22.1.0', 'there is none in node_modules/node beside this command'],
    ['one whose start is refused', null, '24.21.0', 'does not run (EACCES)'],
  ])('%s: it says what is missing and how to get it', (_, node, version, words) => {
    const script = copy(node ?? (node === null ? '' : undefined), version)
    if (node === null) chmodSync(join(script, '../../../../node_modules/node/bin/node'), 0o644)
    const { status, stdout, stderr } = run(script, ['--version'])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(words)
    expect(stderr).toMatch(/This is Node \d+\.\d+\.\d+; Countersign needs 24/)
    expect(stderr).toContain('npm ci')
  })
})
