import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { ensureBrowser } from './browser.ts'
import { buildConsole } from './build-console.ts'
import { buildProduct } from './build-product.ts'
import { missingPostgres, startPostgres } from './postgres.ts'
import { closingLine, type Tally, tally, type VitestReport } from './results.ts'

// What `npm test` does: the checks, and beside them what the tests need and the tests. Arguments go to Vitest as they
// are, so `npm test -- packages/kit` tests one package. Every step runs even where another one failed, so that one
// run shows all there is to mend; the last line counts, and only a run without any failure ends with 0.

const root = resolve(import.meta.dirname, '..')
const require = createRequire(import.meta.url)
const temporary = mkdtempSync(join(tmpdir(), 'countersign-test-'))
process.once('exit', () => rmSync(temporary, { recursive: true, force: true }))
// A terminal's Ctrl-C reaches the children as well; leaving by `exit` lets each step clean up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const failures: string[] = []

/** Where the package `countersign` is built. Tests that start servers and commands take these, which start sooner. */
const BUILT = join(temporary, 'countersign')

function program(packageName: string, path: string): string {
  return join(dirname(require.resolve(`${packageName}/package.json`)), path)
}

/** Runs a script until it ends. Where nothing takes its words, they are shown at once. */
function run(
  script: string,
  args: string[],
  env: Record<string, string> = {},
  words?: Buffer[],
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: words ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, ...env },
    })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => void words?.push(chunk))
    const kill = () => child.kill()
    process.once('exit', kill)
    child.once('error', reject)
    child.once('close', code => {
      process.removeListener('exit', kill)
      resolve(code ?? 1)
    })
  })
}

async function step(name: string, work: () => unknown): Promise<void> {
  console.log(`\n── ${name}`)
  try {
    await work()
  } catch (error) {
    failures.push(name)
    console.error((error as Error).message)
  }
}

/** Runs a check beside the tests. What it says is shown in one piece when it is over, so that no line of a test is torn. */
async function check(name: string, script: string, args: string[]): Promise<void> {
  const words: Buffer[] = []
  const code = await run(script, args, {}, words)
  await step(name, () => {
    process.stdout.write(Buffer.concat(words))
    if (code !== 0) throw new Error(`FAILED: ${name}`)
  })
}

/**
 * All checks one after another, since the tests keep the processors busy. Types are checked by one thread: several are
 * sooner done, but each reads the libraries for itself.
 */
async function checkAll(): Promise<void> {
  const tsc = program('typescript', 'bin/tsc')
  await check('Style (biome check; `npm run fix` mends most)', program('@biomejs/biome', 'bin/biome'), [
    'check',
  ])
  await check('Types', tsc, ['--noEmit', '--checkers', '1'])
  await check('Types of the console', tsc, ['--noEmit', '--checkers', '1', '-p', 'packages/console'])
}

async function test(): Promise<Tally> {
  const outputFile = join(temporary, 'results.json')
  const postgres = await startPostgres()
  try {
    if (postgres.url === null) console.error(missingPostgres(postgres.reason))
    const exitCode = await run(
      program('vitest', 'vitest.mjs'),
      [
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${outputFile}`,
        ...process.argv.slice(2),
      ],
      { COUNTERSIGN_BUILT: BUILT, ...(postgres.url !== null && { TEST_DATABASE_URL: postgres.url }) },
    )
    let report: VitestReport | undefined
    try {
      report = JSON.parse(readFileSync(outputFile, 'utf8')) as VitestReport
    } catch {
      console.error('Vitest left no report.')
    }
    // Said again, because it stood far above by now.
    if (postgres.url === null) console.error(missingPostgres(postgres.reason))
    return tally(report, exitCode)
  } finally {
    await postgres.stop()
  }
}

const checks = checkAll()
await step('A browser', () => console.log(ensureBrowser(console.log)))
await step('The console', async () => console.log(await buildConsole()))
await step('The package', () => buildProduct(BUILT))
console.log('\n── Tests')
const result = await test()
await checks

for (const name of failures) console.error(`FAILED: ${name}`)
const total = { ...result, failed: result.failed + failures.length }
console.log(closingLine(total))
process.exitCode = total.failed > 0 ? 1 : 0
