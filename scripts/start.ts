import { enableCompileCache } from 'node:module'
import { THREADS } from '../packages/server/src/threads.ts'
import { prepareConsole, stopwatch } from './build-console.ts'

// The build needs threads already.
process.env.UV_THREADPOOL_SIZE ??= THREADS

const say = (line: string) => void process.stderr.write(`${line}\n`)
// `--help` must not wait for a build.
const onlyHelps = process.argv.includes('--help') || process.argv.includes('-h')
if (!onlyHelps) {
  if (!(await prepareConsole(say))) process.exit(1)
  say('Starting the server …')
}
const since = stopwatch()
// What was compiled at an earlier start need not be compiled again.
enableCompileCache()
await import('../packages/server/src/main.ts')
if (!onlyHelps) say(`  loaded (${since()})`)
