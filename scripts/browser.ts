import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { chromiumPath } from '../e2e/chromium.ts'

export type Command = [program: string, ...args: string[]]

/** What decides how a browser can be installed. */
export interface Machine {
  root: boolean
  /** The text of /etc/os-release, where there is one. */
  osRelease: string
}

/**
 * The ways to get a browser on this machine, best first; each is a list of commands. Ubuntu has Debian's
 * package manager, but its `chromium` is only a pointer to a snap, which containers cannot install.
 */
export function waysToInstall({ root, osRelease }: Machine): Command[][] {
  const playwright = join(
    dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')),
    'cli.js',
  )
  const ways: Command[][] = []
  if (root && /^ID=["']?debian\b/m.test(osRelease))
    ways.push([
      ['apt-get', 'update', '-q'],
      ['apt-get', 'install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'],
    ])
  ways.push([[process.execPath, playwright, 'install', ...(root ? ['--with-deps'] : []), 'chromium']])
  return ways
}

/** The browser for tests; installs one where there is none, and says so. Throws when that fails too. */
export function ensureBrowser(say: (line: string) => void): string {
  try {
    return chromiumPath()
  } catch (error) {
    // A wrong CHROMIUM_PATH is the caller's to mend: another browser would hide it.
    if (process.env.CHROMIUM_PATH) throw error
  }
  const osRelease = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  for (const way of waysToInstall({ root: process.getuid?.() === 0, osRelease })) {
    say(
      `There is no browser on this machine. Installing one: ${way.map(command => command.join(' ')).join(' && ')}`,
    )
    if (way.every(([program, ...args]) => spawnSync(program, args, { stdio: 'inherit' }).status === 0)) break
  }
  return chromiumPath()
}
