import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { newest } from './build-console.ts'

/** Where `npm run build` puts the packages of connectors, each in a folder of its name. */
export const LIBRARIES = join(resolve(import.meta.dirname, '..'), 'dist')

/** Where it puts the package `countersign`. */
export const PRODUCT = join(LIBRARIES, 'countersign')

/** What the package is made from. The console's sources are the console's own concern, and it is built first. */
const SOURCES = [
  'packages/api/src',
  'packages/cli/src',
  'packages/cli/bin',
  'packages/connectors/src',
  'packages/console/src',
  'packages/kit/src',
  'packages/server/src',
  'packages/sign-in/src',
  'packages/simulators/src',
  'examples/demo-app/src',
  'package-lock.json',
]

/** `stale`: sources have changed since. `none`: it was never built here. */
export type State = 'fresh' | 'stale' | 'none'

/** Whether the package `countersign` stands in `dist`, and is as new as its sources; told by the times of the files. */
export async function stateOfBuild(root = resolve(PRODUCT, '../..')): Promise<State> {
  // The manifest is written last.
  const built = await stat(join(root, 'dist/countersign/package.json')).catch(() => undefined)
  if (!built) return 'none'
  const changed = await Promise.all(SOURCES.map(source => newest(join(root, source))))
  return Math.max(...changed) <= built.mtimeMs ? 'fresh' : 'stale'
}
