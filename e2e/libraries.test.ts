import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { sampleSettings, startSimulators } from '@countersign/simulators'
import { expect, it, onTestFinished } from 'vitest'
import { buildLibraries } from '../scripts/build-libraries.ts'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '..')

/** A program of somebody else: an empty folder with both packages, from their tarballs, and what they depend on. */
async function program(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-libraries-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  await buildLibraries(join(folder, 'built'))
  const packages = ['kit', 'connectors'].map(name => `./${name}`)
  const packing = ['pack', ...packages, '--pack-destination', folder]
  const { stdout } = await run('npm', packing, { cwd: join(folder, 'built') })
  const tarballs = stdout.split('\n').filter(line => line.endsWith('.tgz'))
  const modules = join(folder, 'program/node_modules')
  for (const [index, name] of ['kit', 'connectors'].entries()) {
    const home = join(modules, '@countersign', name)
    mkdirSync(home, { recursive: true })
    await run('tar', ['-xzf', join(folder, tarballs[index]!), '-C', home, '--strip-components=1'])
    const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
    for (const each of Object.keys(dependencies).filter(each => !each.startsWith('@countersign/')))
      symlinkSync(join(root, 'node_modules', each), join(modules, each))
  }
  return join(folder, 'program')
}

it('the example of the connectors’ README sends over the second provider when the first cannot, and its types hold', async () => {
  const folder = await program()
  const readme = readFileSync(join(folder, 'node_modules/@countersign/connectors/README.md'), 'utf8')
  const [, example] = /^```ts\n(.*?)^```/ms.exec(readme) ?? []
  writeFileSync(join(folder, 'send.mts'), example!)
  const { addresses, close } = await startSimulators({ ports: { site: 0 }, quiet: true })
  onTestFinished(close)
  const endpoint = addresses.site
  const write = (id: 'aliyun-sms' | 'tencent-sms', change = {}) =>
    writeFileSync(join(folder, `${id}.json`), JSON.stringify({ ...sampleSettings[id], endpoint, ...change }))
  write('aliyun-sms', { accessKeySecret: 'not-the-secret' })
  write('tencent-sms')

  const { stdout } = await run(process.execPath, ['send.mts'], { cwd: folder })
  expect(stdout).toMatch(
    /^aliyun-sms: credentials_rejected \(SignatureDoesNotMatch\)\nsent over tencent-sms \{/,
  )

  const types = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node']
  const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024']
  await run(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), ...strict, ...types, 'send.mts'],
    {
      cwd: folder,
    },
  ).catch(error => expect.fail(error.stdout))
}, 120_000)
