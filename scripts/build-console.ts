import { execFile } from 'node:child_process'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const root = resolve(import.meta.dirname, '..')
const console_ = join(root, 'packages/console')
const dist = join(console_, 'dist')

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
]

/**
 * Builds the console into `packages/console/dist`, unless what stands there is newer than its sources. Returns
 * whether it built. Throws with Vite's own words when it does not build.
 */
export async function buildConsole(): Promise<boolean> {
  const built = await newest(join(dist, 'index.html'))
  const changed = await Promise.all(SOURCES.map(source => newest(join(root, source))))
  if (built > Math.max(...changed)) return false

  // Built aside and then moved, so that a server or a second build never meets half a console.
  const aside = join(root, 'node_modules', `.console-${process.pid}`)
  const manifest = createRequire(join(console_, 'package.json')).resolve('vite/package.json')
  const vite = join(dirname(manifest), 'bin/vite.js')
  try {
    await promisify(execFile)(process.execPath, [vite, 'build', '--outDir', aside, '--emptyOutDir'], {
      cwd: console_,
      env: { ...process.env, NODE_ENV: 'production' },
      maxBuffer: 2 ** 24,
    })
    await rm(dist, { recursive: true, force: true })
    await rename(aside, dist)
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string }
    throw new Error(`The console does not build:\n${`${stdout}${stderr}`.trim() || message}`)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return true
}

/** The newest change below a file or folder, in milliseconds; 0 for what does not exist. Tests do not count. */
export async function newest(path: string): Promise<number> {
  const about = await stat(path).catch(() => undefined)
  if (!about) return 0
  if (!about.isDirectory()) return about.mtimeMs
  const names = (await readdir(path)).filter(name => !/\.test\.tsx?$/.test(name))
  return Math.max(0, ...(await Promise.all(names.map(name => newest(join(path, name))))))
}

if (import.meta.main)
  console.log((await buildConsole()) ? 'The console was built.' : 'The console is up to date.')
