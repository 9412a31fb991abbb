import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { whyNot } from './release-rules.ts'
import { sbomOf, wholeSbom } from './sbom.ts'
import { root, textOf } from './sources.ts'

// Publishes a version, from continuous integration that npm takes provenance from, on the tag of the version. With
// `--dry-run` it does everything but test and publish, anywhere. What it leaves in `dist` belongs to the release: tarballs,
// the SBOM, and the hashes of both.

const dist = join(root, 'dist')
/** In the order in which they need each other. */
const PACKAGES = ['kit', 'connectors', 'countersign']

const run = (command: string, ...words: string[]) =>
  execFileSync(command, words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
const loudly = (command: string, ...words: string[]) =>
  void execFileSync(command, words, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
const say = (line: string) => console.error(`release: ${line}`)

/** What provenance is compared with: the repository that the build runs for. */
function nameRepository(folder: string, env: NodeJS.ProcessEnv): void {
  if (!env.GITHUB_REPOSITORY) return
  const file = join(folder, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as object
  const url = `git+${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${env.GITHUB_REPOSITORY}.git`
  writeFileSync(file, `${JSON.stringify({ ...manifest, repository: { type: 'git', url } }, null, 2)}\n`)
}

function pack(name: string): string {
  const folder = join(dist, name)
  nameRepository(folder, process.env)
  const [made] = JSON.parse(run('npm', 'pack', folder, '--json', '--pack-destination', dist)) as {
    filename: string
  }[]
  return made!.filename
}

function release(trial: boolean): void {
  const { version } = JSON.parse(textOf('package.json')!) as { version: string }
  const reasons = whyNot({
    version,
    tags: run('git', 'tag', '--points-at', 'HEAD').split('\n'),
    changes: run('git', 'status', '--porcelain'),
    changelog: textOf('CHANGELOG.md')!,
    versions: PACKAGES.map(name => (name === 'countersign' ? 'cli' : name)).map(
      name => JSON.parse(textOf(`packages/${name}/package.json`)!).version as string,
    ),
    env: process.env,
  })
  for (const reason of reasons) say(reason)
  if (reasons.length > 0 && !trial) throw new Error('Nothing was published.')
  if (!trial) {
    loudly('npm', 'ci')
    loudly('npm', 'test')
  }
  rmSync(dist, { recursive: true, force: true })
  loudly('npm', 'run', 'build')
  const tarballs = PACKAGES.map(pack)
  const sbom = `countersign-${version}.cdx.json`
  const licences = readFileSync(join(dist, 'countersign/THIRD-PARTY.md'), 'utf8')
  const bill = sbomOf(wholeSbom(), licences, { name: 'countersign', version })
  writeFileSync(join(dist, sbom), `${JSON.stringify(bill, null, 2)}\n`)
  const sums = [...tarballs, sbom].map(file => {
    const sum = createHash('sha256').update(readFileSync(join(dist, file)))
    return `${sum.digest('hex')}  ${file}\n`
  })
  writeFileSync(join(dist, 'SHA256SUMS'), sums.join(''))
  say(`in dist: ${[...tarballs, sbom].join(', ')}, SHA256SUMS`)
  if (trial) {
    say('this was a trial: nothing was published')
    return
  }
  for (const tarball of tarballs)
    loudly('npm', 'publish', join(dist, tarball), '--access', 'public', '--provenance')
}

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } })
try {
  release(values['dry-run'])
} catch (error) {
  say((error as Error).message)
  process.exitCode = 1
}
