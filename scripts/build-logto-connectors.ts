import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { connectors, guideOf } from '@countersign/connectors'
import { factoryIdOf, logtoMember } from '@countersign/connectors/logto'
import type { Connector } from '@countersign/kit'
import { licencesOf } from './licences.ts'
import { rolldown } from './rolldown.ts'
import { type SameConnector, sameConnectors } from './same-connectors.ts'

const root = resolve(import.meta.dirname, '..')
const source = join(root, 'packages/connectors/src')

/** Where the packages are built when nothing else is said. */
const LOGTO_PACKAGES = join(root, 'packages/connectors/dist/logto')

const KIT = '@logto/connector-kit'

/** The module that a package begins with: our connector in the host's contract, failing with the host's own error. */
const entryOf = ({ id }: Connector) => {
  const name = id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return `import { ConnectorError } from '${KIT}'
import { ${name} } from ${JSON.stringify(join(source, id, `${id}.ts`))}
import { toLogtoConnector } from ${JSON.stringify(join(source, 'logto/to-logto.ts'))}
const tell = told => console.error(JSON.stringify({ level: 'error', event: 'message not sent', ...told }))
export default toLogtoConnector(${name}, (code, data) => new ConnectorError(code, data), tell)
`
}

const manifestOf = ({ id, description }: Connector, version: string) => ({
  name: `@countersign/connector-${id}`,
  version,
  description: `${description.en} For Logto.`,
  license: 'MIT',
  type: 'module',
  main: './lib/index.js',
  exports: './lib/index.js',
  files: ['lib', 'logo.svg', 'THIRD-PARTY.md'],
  engines: { node: '>=22.14' },
  dependencies: { [KIT]: '^5.0.0' },
})

/** The guide, in which members have the names that stand in Logto's form. */
const guideUnderLogtoNames = (connector: Connector) =>
  guideOf(connector.id, 'en').replaceAll(
    /([`"])(\w+)\1/g,
    (_, quote: string, name: string) => `${quote}${logtoMember(connector, name)}${quote}`,
  )

const readmeOf = (connector: Connector) => `# ${connector.name.en} for Logto

${connector.description.en} Made by Countersign. Its factory id is \`${factoryIdOf(connector)}\`, as that of Logto's own
connector, and so are the names in its configuration: what was saved there works on. Logto does not start with two
connectors of one id, so take its own away (\`@logto/connector-${connector.id}\`) before this one is added.

A message that did not go out is explained on the standard error of Logto's process, in a line of JSON, and to the
operator who tries the configuration out. Visitors are told that it could not be sent, and nothing else.

${guideUnderLogtoNames(connector).replace(/^# .*\n/, '')}`

const homeOf = ({ id }: Connector, folder: string) => join(folder, `connector-countersign-${id}`)

/** Builds one connector as a package of Logto's contract into a folder of its own. Returns the folder. */
async function buildPackage(connector: Connector, folder: string, version: string): Promise<string> {
  const home = homeOf(connector, folder)
  const entry = `\0entry-of-${connector.id}`
  await rm(home, { recursive: true, force: true })
  await mkdir(join(home, 'lib'), { recursive: true })
  const bundler = await rolldown()
  const { output } = await bundler.build({
    input: entry,
    cwd: root,
    platform: 'node',
    external: [KIT],
    logLevel: 'warn',
    plugins: [
      {
        name: 'entry',
        resolveId: (id: string) => (id === entry ? id : null),
        load: (id: string) => (id === entry ? entryOf(connector) : null),
      },
    ],
    transform: { target: 'node22' },
    output: { file: join(home, 'lib/index.js'), format: 'esm', codeSplitting: false, minify: true },
  })
  await copyFile(join(source, connector.id, 'logo.svg'), join(home, 'logo.svg'))
  await copyFile(join(root, 'LICENSE'), join(home, 'LICENSE'))
  const modules = output.flatMap(({ moduleIds = [] }) => moduleIds)
  await writeFile(join(home, 'THIRD-PARTY.md'), await licencesOf(modules, 'lib/index.js'))
  await writeFile(join(home, 'README.md'), readmeOf(connector))
  await writeFile(join(home, 'package.json'), `${JSON.stringify(manifestOf(connector, version), null, 2)}\n`)
  return home
}

/** Why nothing was built: the folder would hold two connectors of one id. */
export class SameIdError extends Error {
  constructor(folder: string, others: readonly SameConnector[]) {
    const lines = others.map(({ folder, name, id }) => `\n  ${folder} (${name}, ${id})`)
    super(
      `Nothing was built: ${folder} holds other packages of the same connectors, and Logto does not start with two of one id.${lines.join('')}\nTake them away first, or add --replace: then these folders are deleted once ours are built.`,
    )
    this.name = 'SameIdError'
  }
}

/**
 * Builds every connector as a package that a Logto installation can load. Returns their folders.
 *
 * @param replace deletes what the folder holds of the same connectors, such as Logto's own packages
 * @throws SameIdError before anything is written, unless those are to be replaced
 */
export async function buildLogtoConnectors(
  folder = LOGTO_PACKAGES,
  { replace = false } = {},
): Promise<string[]> {
  const homes = connectors.map(connector => homeOf(connector, folder))
  const others = await sameConnectors(folder, connectors.map(factoryIdOf), homes)
  if (others.length > 0 && !replace) throw new SameIdError(folder, others)
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  await Promise.all(connectors.map(connector => buildPackage(connector, folder, version)))
  // Of a link only the link goes.
  for (const other of others) await rm(other.folder, { recursive: true, force: true })
  return homes
}

/** What is left to do, which the documents say at more length. */
const NEXT = `
Logto does not start with two connectors of one id. So take its own packages of these clouds out of the folder
packages/core/connectors of its installation first. Then, for each folder above,

  npx @logto/cli connector add <folder> -p <Logto's folder>

or copy the folder into packages/core/connectors, and start Logto again. See docs/connector-packages.md.`

/** The command was written wrongly. */
class UsageError extends Error {
  constructor(why: string) {
    super(
      `${why}\nusage: node scripts/build-logto-connectors.ts [<folder that Logto loads from>] [--replace]`,
    )
  }
}

function readArguments(args: string[]) {
  try {
    const options = { replace: { type: 'boolean', default: false } } as const
    const { positionals, values } = parseArgs({ args, options, allowPositionals: true })
    if (positionals.length <= 1) return { folder: positionals[0], ...values }
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
  throw new UsageError('There is one folder to build into.')
}

async function main(args: string[]): Promise<string> {
  const { folder, replace } = readArguments(args)
  const homes = await buildLogtoConnectors(folder && resolve(folder), { replace })
  return [...homes, ...(folder === undefined ? [NEXT] : [])].join('\n')
}

if (import.meta.main)
  await main(process.argv.slice(2)).then(console.log, error => {
    if (!(error instanceof SameIdError || error instanceof UsageError)) throw error
    console.error(error.message)
    process.exitCode = error instanceof UsageError ? 2 : 1
  })
