import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = resolve(import.meta.dirname, '..')

/** A file that a build makes, as much of it as is used. */
export interface BuiltFile {
  fileName: string
  code?: string
  /** The files it holds pieces of. */
  moduleIds?: string[]
  /** What it imports: other built files, and what was left outside. */
  imports?: string[]
}

/** Only as much of Rolldown as is used; it comes with Vite. */
export interface Rolldown {
  /** Bundles, and writes the output unless `write` is false. */
  build(options: object): Promise<{ output: BuiltFile[] }>
}

/** The bundler that Vite brings. Vite belongs to the console, Rolldown to Vite: neither is at home here. */
export async function rolldown(): Promise<Rolldown> {
  const vite = createRequire(join(root, 'packages/console/package.json')).resolve('vite/package.json')
  return import(pathToFileURL(createRequire(vite).resolve('rolldown')).href)
}
