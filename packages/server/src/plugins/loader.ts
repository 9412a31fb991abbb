import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Log } from '../world.ts'
import { type Created, type Creator, checkCreated, type Metadata } from './contract.ts'
import { KIT_VERSION, takesKit } from './kit-version.ts'
import { createPlugin, type Plugin } from './plugin.ts'

const KIT = '@logto/connector-kit'

/** A package that has not made its connector by then is stuck, and the server must start. */
const PATIENCE = 10_000

/**
 * Loads every connector package of Logto's contract from the direct sub-directories of a folder. A package that
 * cannot be used is skipped with a line in the log; nothing that one does keeps the server from starting, short of
 * ending the process.
 */
export async function loadPlugins(folder: string, log: Log): Promise<Plugin[]> {
  const names = await readdir(folder).catch(error => {
    log('error', 'connector folder unreadable', { error: `CONNECTORS_DIR: ${error.message}` })
    return []
  })
  const plugins: Plugin[] = []
  // One after the other and in order, so that of two with one id always the same is taken.
  for (const name of names.sort()) {
    const path = resolve(folder, name)
    if (name.startsWith('.')) continue
    const about = { name }
    try {
      if (!(await stat(path)).isDirectory()) continue
      const plugin = await loadPlugin(path, about, log)
      if (plugin) plugins.push(plugin)
    } catch (error) {
      log('warn', 'connector package skipped', { package: about.name, error: reasonOf(error) })
    }
  }
  return plugins
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/**
 * Loads one package; `about.name` becomes the package's own name as soon as it is known. Undefined for the kit, which
 * lies beside its connectors wherever a package manager put them.
 */
async function loadPlugin(path: string, about: { name: string }, log: Log): Promise<Plugin | undefined> {
  const manifest = await readManifest(path)
  if (manifest.name !== undefined) about.name = manifest.name
  if (about.name === KIT) return undefined
  const range = manifest.dependencies?.[KIT]
  if (!/^(?:@[^/]+\/)?connector-./.test(about.name))
    throw new Error('its name is not connector-… or @scope/connector-…, so it is no connector package')
  if (typeof range !== 'string') throw new Error(`${KIT} is not among its dependencies`)
  const made = await within(PATIENCE, () => importPackage(path, about, log))
  const metadata = await readFiles(path, made.created.metadata)
  if (!takesKit(range))
    log('warn', 'connector package for another kit', {
      package: about.name,
      error: `asks for ${KIT} ${range}, this server keeps the contract of ${KIT_VERSION}; loaded all the same`,
    })
  log('info', 'connector package loaded', { package: about.name, connector: metadata.id })
  return createPlugin(about.name, made.creator, made.created, metadata, log)
}

async function readManifest(
  path: string,
): Promise<{ name?: string; dependencies?: Record<string, unknown> }> {
  const text = await readFile(join(path, 'package.json'), 'utf8').catch(error => {
    throw new Error(
      error.code === 'ENOENT' ? 'it has no package.json' : `its package.json is unreadable: ${error.message}`,
    )
  })
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw new Error('its package.json is no object')
  return value
}

async function importPackage(path: string, about: { name: string }, log: Log) {
  const module = (await import(pathToFileURL(join(path, 'lib/index.js')).href)) as { default?: unknown }
  let creator = module.default
  const inner = (creator as { default?: unknown } | undefined)?.default
  if (typeof creator !== 'function' && typeof inner === 'function') {
    log('warn', 'connector package in CommonJS style', {
      package: about.name,
      error: 'its default export is one level too deep; loaded all the same',
    })
    creator = inner
  }
  if (typeof creator !== 'function') throw new Error('the default export of lib/index.js is no function')
  const create = creator as Creator
  const created = checkCreated(
    await create({ getConfig: async () => Promise.reject(new Error('There is no configuration yet')) }),
  )
  return { creator: create, created }
}

/** Time limit for code of strangers. */
async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`it did not load within ${milliseconds / 1000} seconds`)),
      milliseconds,
    )
  })
  return await Promise.race([work(), overdue]).finally(() => clearTimeout(timer))
}

/** Puts the texts and images of files in the place of their paths. */
async function readFiles(path: string, metadata: Created['metadata']): Promise<Metadata> {
  const { logo, logoDark, readme, configTemplate } = metadata
  return {
    ...metadata,
    logo: await imageOf(path, logo),
    logoDark: logoDark ? await imageOf(path, logoDark) : null,
    readme: await textOf(path, readme),
    ...(configTemplate !== undefined && { configTemplate: await textOf(path, configTemplate) }),
  }
}

/** What reading a text that is no path of a file ends with. */
const NO_FILE = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']

/** A file inside the package, or undefined: what leads out of it is no path of its own files. */
async function fileIn(path: string, name: string): Promise<Buffer | undefined> {
  const file = resolve(path, name)
  if (!file.startsWith(path + sep)) return undefined
  return readFile(file).catch(error => {
    if (NO_FILE.includes(error.code)) return undefined
    throw error
  })
}

const IMAGES: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml', '.png': 'image/png' }

async function imageOf(path: string, logo: string): Promise<string> {
  if (/^https?:/.test(logo)) return logo
  const file = await fileIn(path, logo)
  if (!file) return logo
  const type = IMAGES[extname(logo)]
  return type ? `data:${type};base64,${file.toString('base64')}` : ''
}

async function textOf(path: string, text: string): Promise<string> {
  return (await fileIn(path, text))?.toString('utf8') ?? text
}
