import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A package in a folder that makes a connector of an id that another one is to have. */
export interface SameConnector {
  folder: string
  /** The package's name. */
  name: string
  /** The id that both would have. */
  id: string
}

async function nameOf(folder: string): Promise<string | undefined> {
  try {
    const { name } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { name?: unknown }
    return typeof name === 'string' ? name : undefined
  } catch {
    // No package lies there.
    return undefined
  }
}

/** The text of what a package runs. It is read and not run: nobody has said that it may be trusted. */
async function codeOf(folder: string): Promise<string> {
  const lib = join(folder, 'lib')
  const files = await readdir(lib, { recursive: true }).catch(() => [])
  const scripts = files.filter(file => /\.[cm]?js$/.test(file))
  return (await Promise.all(scripts.map(file => readFile(join(lib, file), 'utf8').catch(() => '')))).join(
    '\n',
  )
}

/**
 * Looks among the packages of a folder for those that make a connector of one of these ids.
 *
 * @param own folders that are about to be written anew
 */
export async function sameConnectors(
  home: string,
  ids: readonly string[],
  own: readonly string[],
): Promise<SameConnector[]> {
  const names = await readdir(home).catch(() => [])
  const found = names.map(async (entry): Promise<SameConnector[]> => {
    const folder = join(home, entry)
    // A link counts as what it points to, as it does for the host.
    const isFolder = await stat(folder).then(
      each => each.isDirectory(),
      () => false,
    )
    const name = isFolder && !own.includes(folder) ? await nameOf(folder) : undefined
    if (name === undefined) return []
    const code = await codeOf(folder)
    return ids
      .filter(id => ["'", '"', '`'].some(quote => code.includes(`${quote}${id}${quote}`)))
      .map(id => ({ folder, name, id }))
  })
  return (await Promise.all(found)).flat()
}
