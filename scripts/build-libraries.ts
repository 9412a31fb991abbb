import { execFile } from 'node:child_process'
import { copyFile, glob, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const root = resolve(import.meta.dirname, '..')

/** Packages for programs of other people, in the order in which they need each other, and the files that each reads. */
const LIBRARIES = [
  {
    name: 'kit',
    about: 'What a connector of Countersign is made with: settings, failures, tests.',
    files: [],
  },
  {
    name: 'connectors',
    about: 'Sends verification codes over Aliyun SMS, Aliyun PNVS, Aliyun Direct Mail and Tencent Cloud SMS.',
    files: ['*/guide/*.md', '*/logo.svg'],
  },
] as const

type Library = (typeof LIBRARIES)[number]

interface Manifest {
  version: string
  exports: Record<string, string>
  dependencies: Record<string, string>
}

/** The compiler, which only contributors have; undefined where it was left out (`npm ci --omit=dev`). */
function compiler(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  } catch {
    return undefined
  }
}

/**
 * Builds `@countersign/kit` and `@countersign/connectors` with JavaScript and types, each into a folder of its name.
 *
 * @param folder where those folders go; what stood there is replaced once the new one is whole
 * @returns false where there is no compiler: servers need none of it
 * @throws Error in the compiler's words where it does not build
 */
export async function buildLibraries(folder: string): Promise<boolean> {
  const tsc = compiler()
  if (tsc === undefined) return false
  const aside = join(folder, `libraries.${process.pid}`)
  try {
    await mkdir(aside, { recursive: true })
    await compile(tsc, aside)
    for (const library of LIBRARIES) {
      await complete(library, join(aside, library.name))
      await rm(join(folder, library.name), { recursive: true, force: true })
      await rename(join(aside, library.name), join(folder, library.name))
    }
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return true
}

const homeOf = (name: string) => join(root, 'packages', name)

const manifestOf = async (name: string) =>
  JSON.parse(await readFile(join(homeOf(name), 'package.json'), 'utf8')) as Manifest

/** Makes JavaScript and types of what the exported modules need, all packages at once: `out/kit/src/index.js`, … */
async function compile(tsc: string, out: string): Promise<void> {
  const entries = LIBRARIES.map(async ({ name }) =>
    Object.values((await manifestOf(name)).exports).map(file => join(homeOf(name), file)),
  )
  const compilerOptions = {
    rootDir: join(root, 'packages'),
    outDir: out,
    noEmit: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    typeRoots: [join(root, 'node_modules/@types')],
  }
  const files = (await Promise.all(entries)).flat()
  const config = join(out, 'tsconfig.json')
  await writeFile(
    config,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files, include: [] }),
  )
  await promisify(execFile)(process.execPath, [tsc, '-p', config]).catch(({ stdout }: { stdout: string }) => {
    throw new Error(`The packages of connectors do not build:\n${stdout.trim()}`)
  })
}

/** Makes a package of compiled modules: with its manifest, and what they read beside themselves. */
async function complete({ name, about, files }: Library, folder: string): Promise<void> {
  const home = homeOf(name)
  await rename(join(folder, 'src'), join(folder, 'lib'))
  for await (const file of glob([...files], { cwd: join(home, 'src') })) {
    await mkdir(dirname(join(folder, 'lib', file)), { recursive: true })
    await copyFile(join(home, 'src', file), join(folder, 'lib', file))
  }
  await copyFile(join(home, 'README.md'), join(folder, 'README.md'))
  await copyFile(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  const manifest = published(name, about, await manifestOf(name))
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** The manifest of a built package: what stood in `src` is in `lib`, compiled. */
function published(name: string, description: string, { version, exports, dependencies }: Manifest) {
  const entries = Object.entries(exports).map(([key, source]) => {
    const file = source.replace('./src/', './lib/').replace(/\.ts$/, '')
    return [key, { types: `${file}.d.ts`, default: `${file}.js` }]
  })
  return {
    name: `@countersign/${name}`,
    version,
    description,
    license: 'MIT',
    type: 'module',
    exports: { ...Object.fromEntries(entries), './package.json': './package.json' },
    files: ['lib'],
    sideEffects: false,
    engines: { node: '>=22' },
    dependencies,
  }
}
