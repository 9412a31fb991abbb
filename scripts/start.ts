import { enableCompileCache } from 'node:module'
import { THREADS } from '../packages/server/src/threads.ts'
import { prepareConsole } from './build-console.ts'

// The build needs threads already.
process.env.UV_THREADPOOL_SIZE ??= THREADS

// `--help` must not wait for a build.
if (!process.argv.includes('--help') && !process.argv.includes('-h')) {
  process.stdout.write('Building the console, if it has changed …\n')
  if (!(await prepareConsole(line => process.stderr.write(`${line}\n`)))) process.exit(1)
}
// What was compiled at an earlier start need not be compiled again.
enableCompileCache()
await import('../packages/server/src/main.ts')
