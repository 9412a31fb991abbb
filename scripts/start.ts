import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { holdYoungRoom } from '../packages/server/src/heap.ts'
import { THREADS } from '../packages/server/src/threads.ts'
import { prepareConsole, stopwatch } from './build-console.ts'
import { PRODUCT, stateOfBuild } from './built.ts'

// Whoever starts a server gets what was built (`npm run build`), or else the sources.

const SOURCES = new URL('../packages/server/src/main.ts', import.meta.url).href
const BUILT = pathToFileURL(join(PRODUCT, 'lib/server.js')).href

// The build needs threads already.
process.env.UV_THREADPOOL_SIZE ??= THREADS

const say = (line: string) => void process.stderr.write(`${line}\n`)
// `--help` must not wait for a build.
const onlyHelps = process.argv.includes('--help') || process.argv.includes('-h')

/** What is to be run; undefined where the console is missing and cannot be built, which has been said. */
async function serverToRun(): Promise<string | undefined> {
  const state = await stateOfBuild()
  if (state === 'fresh') return BUILT
  if (onlyHelps) return SOURCES
  if (state === 'stale')
    say('What was built is older than its sources, so the sources are run; npm run build renews it.')
  return (await prepareConsole(say)) ? SOURCES : undefined
}

async function start(server: string): Promise<void> {
  if (!onlyHelps) say('Starting the server …')
  const since = stopwatch()
  // What was compiled at an earlier start need not be compiled again.
  enableCompileCache()
  holdYoungRoom()
  try {
    await import(server)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    say(`${(error as Error).message}. Run npm ci; it brings what the sources need.`)
    process.exitCode = 1
    return
  }
  if (!onlyHelps) say(`  loaded (${since()})`)
}

const server = await serverToRun()
if (server === undefined) process.exitCode = 1
else await start(server)
