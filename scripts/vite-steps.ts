import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { licencesOf } from './licences.ts'

// Runs as a process of its own, so that nothing of the build stays in the server's memory, and tells its parent when a
// step is done. Arguments: the console's folder, and the folder to build into.

/** A step of the build that is done; of the first one also how many files were read. */
export interface Step {
  done: 'read' | 'bundled' | 'written'
  modules?: number
}

/** What of Vite's interface is used here. */
interface Vite {
  build(options: object): Promise<unknown>
}

const tell = (step: Step) => process.send?.(step)

/** What a plugin is handed by Vite, as far as it is used here. */
interface Context {
  getModuleIds(): Iterable<string>
  emitFile(file: { type: 'asset'; fileName: string; source: string }): string
}

/** Files of packages among what was read: without what the bundler makes up (`\0…`), and what is asked of a file (`?…`). */
const filesAmong = (ids: Iterable<string>) =>
  [...ids].filter(id => !id.includes('\0')).map(id => id.replace(/\?.*$/, ''))

const steps = {
  name: 'countersign-steps',
  buildEnd(this: Context, error?: Error) {
    if (!error) tell({ done: 'read', modules: [...this.getModuleIds()].length })
  },
  async generateBundle(this: Context) {
    const source = await licencesOf(filesAmong(this.getModuleIds()), 'the console')
    this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY.md', source })
    tell({ done: 'bundled' })
  },
  writeBundle: () => void tell({ done: 'written' }),
}

const [home, outDir] = process.argv.slice(2) as [string, string]
const entry = createRequire(join(home, 'package.json')).resolve('vite')
const { build } = (await import(pathToFileURL(entry).href)) as Vite
try {
  await build({ root: home, build: { outDir, emptyOutDir: true }, plugins: [steps] })
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
process.disconnect?.()
