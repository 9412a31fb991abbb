import { fork } from 'node:child_process'
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import type { Step } from './vite-steps.ts'

const ROOT = resolve(import.meta.dirname, '..')

/** What the built console is made from. */
const SOURCES = [
  'packages/console/src',
  'packages/console/public',
  'packages/console/index.html',
  'packages/console/vite.config.ts',
  'packages/console/package.json',
  'packages/api/src',
  'packages/kit/src',
  'package-lock.json',
  'scripts/vite-steps.ts',
  'scripts/licences.ts',
]

/** `kept`: its sources are newer, but this user may not write here, so it is used as it was built. */
export type Outcome = 'built' | 'up to date' | 'kept'

/** How often a build that takes long says that it still goes on, in milliseconds. */
const SIGN_OF_LIFE = 5000

/**
 * Builds the console into `packages/console/dist`, unless what stands there is newer than its sources. Throws an error
 * in words for operators: what is missing and who can build it, or Vite's own words when it does not build.
 *
 * @param say gets a line when a build begins, and for each of its steps with the seconds that it took
 */
export async function buildConsole(root = ROOT, say: (line: string) => void = () => {}): Promise<Outcome> {
  const home = join(root, 'packages/console')
  const dist = join(home, 'dist')
  const built = await newest(join(dist, 'index.html'))
  const changed = await Promise.all(SOURCES.map(source => newest(join(root, source))))
  if (built > Math.max(...changed)) return 'up to date'

  // Vite writes beside its configuration too.
  const places = [join(root, 'node_modules'), home, join(home, 'node_modules')]
  if (!(await Promise.all(places.map(isOurs))).every(Boolean)) {
    if (built > 0) return 'kept'
    throw new Error(
      `The console has not been built, and this user may not write to ${root}. Let the user to whom the folder belongs run this once, in an image after npm ci: npm run build`,
    )
  }
  await build(home, dist, join(root, 'node_modules', `.console-${process.pid}`), say)
  return 'built'
}

async function build(home: string, dist: string, aside: string, say: (line: string) => void): Promise<void> {
  complainWithoutVite(home)
  const since = stopwatch()
  say('Building the console, as at every first start and after a change …')
  const alive = setInterval(() => say(`  still building (${since()})`), SIGN_OF_LIFE)
  try {
    // Built aside and then moved, so that a server or a second build never meets half a console.
    await runVite(home, aside, say)
    await rm(dist, { recursive: true, force: true })
    await rename(aside, dist)
    say(`The console was built (${since()}).`)
  } finally {
    clearInterval(alive)
    await rm(aside, { recursive: true, force: true })
  }
}

/** Runs Vite, and says which of its steps are done. Throws its own words when it does not build. */
async function runVite(home: string, outDir: string, say: (line: string) => void): Promise<void> {
  const child = fork(join(import.meta.dirname, 'vite-steps.ts'), [home, outDir], {
    cwd: home,
    env: { ...process.env, NODE_ENV: 'production' },
    silent: true,
  })
  const words: Buffer[] = []
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => words.push(chunk))
  let since = stopwatch()
  child.on('message', ({ done, modules }: Step) => {
    say(`  ${modules === undefined ? '' : `${modules} files `}${done} (${since()})`)
    since = stopwatch()
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`The console does not build:\n${Buffer.concat(words).toString().trim()}`)
}

/** How long it is since it was made, as `1.2 s`. */
export function stopwatch(): () => string {
  const start = performance.now()
  return () => `${((performance.now() - start) / 1000).toFixed(1)} s`
}

function complainWithoutVite(home: string): void {
  try {
    createRequire(join(home, 'package.json')).resolve('vite/package.json')
  } catch {
    throw new Error(
      'Vite is not installed. Run npm ci; it brings Vite with NODE_ENV=production and --omit=dev too.',
    )
  }
}

/** Whether this user may make files in a folder, found out by making one; where there is none, in the one above. */
async function isOurs(folder: string): Promise<boolean> {
  try {
    await rm(await mkdtemp(join(folder, '.trial-')), { recursive: true })
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && isOurs(dirname(folder))
  }
}

/** The newest change below a file or folder, in milliseconds; 0 for what does not exist. Tests do not count. */
export async function newest(path: string): Promise<number> {
  const about = await stat(path).catch(() => undefined)
  if (!about) return 0
  if (!about.isDirectory()) return about.mtimeMs
  const names = (await readdir(path)).filter(name => !/\.test\.tsx?$/.test(name))
  return Math.max(0, ...(await Promise.all(names.map(name => newest(join(path, name))))))
}

/** Builds the console before something else is done, and says so when that is not possible. False: it cannot go on. */
export async function prepareConsole(say: (line: string) => void): Promise<boolean> {
  try {
    if ((await buildConsole(ROOT, say)) === 'kept')
      say('The console is used as it was built, for this user may not write here; npm run build renews it.')
    return true
  } catch (error) {
    say((error as Error).message)
    return false
  }
}

if (import.meta.main) {
  const done = await prepareConsole(line => console.error(line))
  process.exitCode = done ? 0 : 1
}
