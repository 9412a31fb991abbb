import { accessSync, constants } from 'node:fs'
import { chromium } from 'playwright-core'

/** Where distributions put Chromium and Chrome. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Flags for a browser that runs tests, perhaps as root in a container, and has nothing to tell its maker. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-sync',
]

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * The browser for tests: `CHROMIUM_PATH` when set, else the system's, else the one that Playwright's
 * installer put on this machine. Throws where there is none: a test that did not run must not look green.
 */
export function chromiumPath(): string {
  const wished = process.env.CHROMIUM_PATH
  if (wished) {
    if (isExecutable(wished)) return wished
    throw new Error(`CHROMIUM_PATH is ${wished}, which is no program.`)
  }
  const found = [...PLACES, chromium.executablePath()].find(isExecutable)
  if (found) return found
  throw new Error(
    'No Chromium found for the browser tests. Run `npm test`, which installs one, or set CHROMIUM_PATH to one.',
  )
}
