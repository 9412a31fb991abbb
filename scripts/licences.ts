import { readdir, readFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/** A package of others that a build holds pieces of. */
export interface Bundled {
  name: string
  version: string
  /** As its manifest has it, an SPDX expression, e.g. `MIT`. */
  licence: string
  /** The words of its licence; empty where it brings none. */
  text: string
}

/**
 * The packages of others that these files belong to, each once and by name. Our own are not among them.
 *
 * @param modules paths of files, as a bundler tells them
 */
export async function bundledPackages(modules: readonly string[]): Promise<Bundled[]> {
  const homes = new Set(modules.flatMap(homeOf))
  const found = await Promise.all([...homes].map(aboutPackage))
  const each = new Map(found.map(about => [`${about.name}@${about.version}`, about]))
  return [...each.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** The folder of the package that a file belongs to, the innermost of those that hold each other. */
function homeOf(file: string): string[] {
  const inside = relative(root, file).split(sep).join('/')
  const [, home] = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(inside) ?? []
  return home === undefined || home.startsWith('node_modules/@countersign/') ? [] : [join(root, home)]
}

async function aboutPackage(home: string): Promise<Bundled> {
  const manifest = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as Record<string, unknown>
  const { name, version, license, author } = manifest
  const file = (await readdir(home)).find(each => /^licen[cs]e(\.(md|txt))?$/i.test(each))
  const text = file ? (await readFile(join(home, file), 'utf8')).trim() : ''
  const by = typeof author === 'object' && author !== null ? (author as { name?: unknown }).name : author
  return {
    name: String(name),
    version: String(version),
    licence: String(license),
    text: text || `${license}${by ? `, by ${by}` : ''}. The package brings no text of its licence.`,
  }
}

/**
 * `THIRD-PARTY.md` of a build: name, version and words of the licence of everything that it holds pieces of.
 *
 * @param where what they are bundled in, e.g. `lib/index.js`
 */
export const licencesOf = async (modules: readonly string[], where: string): Promise<string> =>
  `# Licences of what is bundled in ${where}\n\n${(await bundledPackages(modules))
    .map(({ name, version, text }) => `## ${name} ${version}\n\n${text}\n`)
    .join('\n')}`
