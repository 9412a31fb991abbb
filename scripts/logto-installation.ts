import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { root } from './sources.ts'

interface Manifest {
  name: string
  version: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** Where a package is found from another one's folder; undefined for an optional one that is not installed. */
function find(name: string, from: string): string | undefined {
  const { resolve } = createRequire(join(from, 'x.js'))
  for (const home of resolve.paths(name) ?? []) {
    try {
      return realpathSync(join(home, name))
    } catch {
      // It lies further up.
    }
  }
  return undefined
}

function link(target: string, at: string): void {
  mkdirSync(dirname(at), { recursive: true })
  symlinkSync(relative(dirname(at), target), at)
}

/** Puts a package and all it needs into pnpm's store: each in a folder of its own, beside links to what it names. */
function store(folder: string, to: string, done = new Map<string, string>()): string {
  const { name, version, dependencies, optionalDependencies, peerDependencies } = manifestOf(folder)
  const id = `${name.replace('/', '+')}@${version}`
  const known = done.get(id)
  if (known) return known
  const home = join(to, id, 'node_modules')
  const place = join(home, name)
  done.set(id, place)
  cpSync(folder, place, {
    recursive: true,
    filter: source => !relative(folder, source).split(sep).includes('node_modules'),
  })
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    const found = find(needed, folder)
    if (found) link(store(found, to, done), join(home, needed))
  }
  return place
}

/**
 * Lays out as much of a Logto installation as a connector meets: pnpm's store, a `packages/core` that finds the published
 * kit and nothing that it does not name, and a `packages/connectors` that finds none. It lies outside of this
 * repository, so nothing of ours is found from there.
 *
 * @param host the module that stands in for Logto's server
 */
export function layLogto(host: string) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'logto-')))
  const core = join(home, 'packages/core')
  const kit = store(
    realpathSync(join(root, 'node_modules/@logto/connector-kit')),
    join(home, 'node_modules/.pnpm'),
  )
  link(kit, join(core, 'node_modules/@logto/connector-kit'))
  mkdirSync(join(core, 'build'))
  writeFileSync(join(core, 'package.json'), '{"name":"@logto/core","type":"module"}')
  writeFileSync(join(core, 'build/index.js'), host)
  const connectors = join(core, 'connectors')
  const sources = join(home, 'packages/connectors')
  for (const folder of [connectors, sources]) mkdirSync(folder)
  return { home, server: join(core, 'build/index.js'), connectors, sources }
}
