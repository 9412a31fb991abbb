import { copyFile, glob, mkdir } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = resolve(import.meta.dirname, '..')

/** What modules read beside themselves at run time, by patterns from the root. */
const READ_AT_RUN_TIME = [
  'packages/sign-in/src/assets/*',
  'packages/connectors/src/*/guide/*.md',
  'packages/connectors/src/*/logo.svg',
  'packages/console/dist/**/*.*',
  'examples/demo-app/src/*.css',
]

/** Copies what modules read beside themselves into the folder of a built product. */
export async function copyFiles(folder: string): Promise<void> {
  for await (const file of glob(READ_AT_RUN_TIME, { cwd: root })) {
    const to = join(folder, 'lib', placeOf(file.split(sep).join('/'))!)
    await mkdir(dirname(to), { recursive: true })
    await copyFile(join(root, file), to)
  }
}

/** A package that is loaded where nobody can wait, so not by `import()`: `createRequire(import.meta.url)('tldts')`. */
const REQUIRED = /\bcreateRequire\(import\.meta\.url\)(\.resolve)?\(\s*'([^'.][^']*)'\s*\)/g
/** The file of a built entry: `new URL('../../server/src/main.ts', import.meta.url)`. */
const OF_CODE = /\bnew URL\(\s*'([^']+\.ts)'\s*,\s*import\.meta\.url\s*\)/g

/** Where a required package stands, seen from the built modules. */
export const vendorFile = (name: string) =>
  `vendor/${name.replaceAll(/[@/]/g, ' ').trim().replaceAll(' ', '-')}.cjs`

/** Where a module would stand in the built product, seen from `lib`: what stands beside it is where it looks. */
function placeOf(path: string): string | undefined {
  // The command finds its manifest above itself, as in the repository.
  if (path === 'packages/cli/src/main.ts') return undefined
  const [, name, rest] = /^(?:packages|examples)\/([^/]+)\/(.+)$/.exec(path) ?? []
  return `../files/${name}/${rest}`
}

/**
 * A plugin of the bundler: modules that look beside themselves (`import.meta.url`) find the same files in the built
 * product, though they no longer stand where they stood.
 *
 * @param entries the built file of each source that is started as a process, by its path from the root
 * @param required gets the names of packages that are loaded at once, which are to be bundled each by itself
 * @throws Error, as the bundler tells it, naming a module that looks around in a way this does not know
 */
export function places(entries: Readonly<Record<string, string>>, required: Set<string>) {
  function change(code: string, path: string): string {
    const changed = code
      .replaceAll(OF_CODE, (whole, target: string) => {
        const file = fileURLToPath(new URL(target, pathToFileURL(join(root, path))))
        const entry = entries[relative(root, file).split(sep).join('/')]
        return entry === undefined ? whole : `new URL('./${entry}', import.meta.url)`
      })
      .replaceAll(REQUIRED, (_, resolving: string | undefined, name: string) => {
        required.add(name)
        return `createRequire(import.meta.url)${resolving ?? ''}('./${vendorFile(name)}')`
      })
    const place = placeOf(path)
    if (place === undefined) return changed
    return changed.replaceAll(/\bnew URL\(([^()]+?),\s*import\.meta\.url\s*\)/g, (whole, what: string) =>
      Object.values(entries).some(entry => what.includes(`./${entry}`))
        ? whole
        : `new URL(${what}, new URL('${place}', import.meta.url))`,
    )
  }
  return {
    name: 'places',
    transform(code: string, id: string): { code: string } | null {
      const path = relative(root, id).split(sep).join('/')
      if (!/^(?:packages|examples)\//.test(path) || path.includes('node_modules/')) return null
      if (/\bimport\.meta\.(?:dirname|filename|resolve)\b/.test(code))
        throw new Error(`${path}: a bundle has other places; use new URL('…', import.meta.url)`)
      return code.includes('import.meta.url') ? { code: change(code, path) } : null
    },
  }
}
