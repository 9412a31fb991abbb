import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Blow, chosen, type Findings, tryDatabase } from './trial.ts'

const run = promisify(execFile)

/** Holds the lock of a file until it is ended. */
const HOLDER = `
  import { DatabaseSync } from 'node:sqlite'
  const db = new DatabaseSync(process.argv[1])
  db.exec('pragma busy_timeout = 10000; begin immediate')
  console.log('held')
  setInterval(() => {}, 1000)`

/**
 * What may happen to a SQLite file: another process holds its lock, and its disk is full.
 *
 * @param wanted see `chosen`
 * @returns nothing when no blow is wanted
 */
export async function drillSqlite(wanted: readonly string[] = []): Promise<Findings | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-drill-'))
  const mounted = await mountSmall(folder)
  // Also when the drill is broken off.
  const unmount = () => mounted && spawnSync('umount', ['-l', folder])
  process.once('exit', unmount)
  let holder: ChildProcess | undefined
  const lock: Blow = {
    title: 'lock held by another process',
    lasts: 8_000,
    async strike() {
      holder = spawn(
        process.execPath,
        ['--input-type=module', '-e', HOLDER, join(folder, 'countersign.db')],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      )
      await once(holder.stdout!, 'data')
    },
    async heal() {
      const ended = once(holder!, 'exit')
      holder!.kill('SIGKILL')
      await ended
    },
  }
  const brief: Blow = { ...lock, title: 'lock held for a moment', lasts: 500 }
  try {
    let pid = 0
    const full = mounted ? fullDisk(folder) : fullByLimit(() => pid)
    const some = chosen('SQLite', [brief, lock, full], wanted)
    if (some.length === 0) return undefined
    return await tryDatabase('SQLite', { DATA_DIR: folder }, async ({ product }) => {
      pid = product.pid!
      return some
    })
  } finally {
    holder?.kill('SIGKILL')
    unmount()
    process.removeListener('exit', unmount)
    await rm(folder, { recursive: true, force: true })
  }
}

/** A small disk of its own for a folder, where this user may have one. */
async function mountSmall(folder: string): Promise<boolean> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=700', 'tmpfs', folder])
    return true
  } catch {
    return false
  }
}

/** Fills the disk up to its last block. */
function fullDisk(folder: string): Blow {
  const filler = join(folder, 'filler')
  return {
    title: 'disk full',
    lasts: 3_000,
    async strike() {
      const file = await open(filler, 'w')
      try {
        for (let size = 1 << 20; size >= 512; size >>= 1)
          try {
            for (;;) await file.write(Buffer.alloc(size))
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
          }
      } finally {
        await file.close()
      }
    },
    heal: () => rm(filler),
  }
}

/** Where no disk can be filled: the server's process may not let any file grow beyond a page. */
function fullByLimit(pid: () => number): Blow {
  const limit = (soft: string) => run('prlimit', ['--pid', String(pid()), `--fsize=${soft}:`])
  return {
    title: 'no room (simulated: a limit on file sizes)',
    lasts: 3_000,
    strike: async () => void (await limit('4096')),
    heal: async () => void (await limit('unlimited')),
  }
}
