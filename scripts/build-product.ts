import { chmod, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join, resolve } from 'node:path'
import { copyFiles, places, vendorFile } from './built-places.ts'
import { licencesOf } from './licences.ts'
import { type BuiltFile, type Rolldown, rolldown } from './rolldown.ts'

const root = resolve(import.meta.dirname, '..')

/** What is started as a process, and the built file of each. */
const ENTRIES: Readonly<Record<string, string>> = {
  'packages/cli/src/main.ts': 'cli.js',
  'packages/server/src/main.ts': 'server.js',
}

/** What a package asks for and does without: `pg` would take a driver in C where somebody has installed it. */
const OPTIONAL = ['pg-native']

/** Evaluates a text that it has made itself, so that it warns in vain. */
const isOfNoConcern = ({ code, id }: { code?: string; id?: string }) =>
  code === 'EVAL' && id?.includes('node_modules/') === true

const common = (bundled: string) => ({
  cwd: root,
  platform: 'node',
  external: OPTIONAL,
  transform: { target: 'node24' },
  onLog(
    level: string,
    log: { code?: string; id?: string; message: string },
    handle: (...log: unknown[]) => void,
  ) {
    if (!isOfNoConcern(log))
      handle(level === 'warn' ? 'error' : level, { ...log, message: `${bundled}: ${log.message}` })
  },
})

/**
 * Builds the package `countersign`: server and command with all they depend on, the console, and what they read at run
 * time. It needs Node and nothing else: no package beside it, no sources. The console must have been built.
 *
 * @param folder where it goes; what stood there is replaced once the new one is whole
 * @throws Error in the bundler's words where it does not build, and where something would be left outside
 */
export async function buildProduct(folder: string): Promise<void> {
  const aside = `${folder}.${process.pid}`
  const bundler = await rolldown()
  try {
    await mkdir(aside, { recursive: true })
    const required = new Set<string>()
    const main = await bundleEntries(bundler, join(aside, 'lib'), required)
    const vendors = await Promise.all(
      [...required].map(name => bundleVendor(bundler, join(aside, 'lib'), name)),
    )
    const built = [...main, ...vendors.flat()]
    refuseOutsiders(built)
    await copyFiles(aside)
    await writeRest(
      aside,
      built.flatMap(({ moduleIds = [] }) => moduleIds),
    )
    await rm(folder, { recursive: true, force: true })
    await rename(aside, folder)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

/** Server and command, in files that they share, and what seldom is needed in files of its own. */
async function bundleEntries(bundler: Rolldown, dir: string, required: Set<string>): Promise<BuiltFile[]> {
  const input = Object.entries(ENTRIES).map(([source, file]) => [file.replace('.js', ''), source])
  const { output } = await bundler.build({
    ...common('server and command'),
    input: Object.fromEntries(input),
    plugins: [places(ENTRIES, required)],
    output: {
      dir,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      // Names of classes and functions are in logs, and some errors are known by theirs.
      keepNames: true,
      comments: false,
      // Places in the program must stay readable. The engine holds a source in half the memory when all of it is ASCII.
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: false, asciiOnly: true } },
    },
  })
  return output
}

/** A package that is loaded at once, by `require`, as one file. */
async function bundleVendor(bundler: Rolldown, lib: string, name: string): Promise<BuiltFile[]> {
  const { output } = await bundler.build({
    ...common(name),
    input: name,
    output: { file: join(lib, vendorFile(name)), format: 'cjs', exports: 'named', codeSplitting: false },
  })
  return output
}

/** @throws Error naming what a built file would ask for that is neither built nor a part of Node */
function refuseOutsiders(built: readonly BuiltFile[]): void {
  const known = new Set([...built.map(({ fileName }) => fileName), ...OPTIONAL])
  const outside = built.flatMap(({ fileName, imports = [] }) =>
    imports.filter(name => !(known.has(name) || isBuiltin(name))).map(name => `${fileName} imports ${name}`),
  )
  if (outside.length > 0) throw new Error(`The built product would lack something: ${outside.join(', ')}`)
}

/** What operators read and begin with, as it stands in the repository. */
export const DOCUMENTS = ['deploy', 'docs', 'packages/simulators/README.md']

/**
 * Whether a file of these goes into the package: no pictures, and never what an operator has written there for himself,
 * which holds secrets. For example: `isDocument('deploy/.env')` is false.
 */
export const isDocument = (path: string) => !/\.(?:png|jpe?g|svg)$|(?:^|[\\/])\.env$/.test(path)

/** Runs the command where Node is new enough; `countersign.cjs` has looked. */
const LOAD = `// What was compiled once need not be compiled again: a command is mostly start.
require('node:module').enableCompileCache()
void import('../lib/cli.js')
`

async function writeRest(folder: string, modules: readonly string[]): Promise<void> {
  const cli = join(root, 'packages/cli')
  const { version, description } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >
  const manifest = {
    name: 'countersign',
    version,
    description,
    license: 'MIT',
    type: 'module',
    bin: { countersign: 'bin/countersign.cjs' },
    exports: { './package.json': './package.json' },
    files: ['bin', 'lib', 'files', ...DOCUMENTS, 'THIRD-PARTY.md'],
    engines: { node: '>=24' },
  }
  await mkdir(join(folder, 'bin'))
  for (const file of ['countersign.cjs', 'hand-over.cjs'])
    await cp(join(cli, 'bin', file), join(folder, 'bin', file))
  await chmod(join(folder, 'bin/countersign.cjs'), 0o755)
  await writeFile(join(folder, 'bin/load.cjs'), LOAD)
  // Help and errors name documents.
  for (const each of DOCUMENTS)
    await cp(join(root, each), join(folder, each), { recursive: true, filter: isDocument })
  await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  await cp(join(cli, 'README.md'), join(folder, 'README.md'))
  // The console was bundled before, and has told what of.
  const console = await readFile(join(root, 'packages/console/dist/THIRD-PARTY.md'), 'utf8')
  await writeFile(join(folder, 'THIRD-PARTY.md'), `${await licencesOf(modules, 'lib')}\n${console}`)
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
