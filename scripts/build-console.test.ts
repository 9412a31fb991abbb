import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { buildConsole } from './build-console.ts'

/** A repository whose console was built before its sources changed, or never. */
function repository(built: boolean): string {
  const root = mkdtempSync(join(tmpdir(), 'countersign-build-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const home = join(root, 'packages/console')
  mkdirSync(join(home, 'src'), { recursive: true })
  writeFileSync(join(home, 'src/main.ts'), '')
  if (built) {
    mkdirSync(join(home, 'dist'))
    writeFileSync(join(home, 'dist/index.html'), '')
    utimesSync(join(home, 'dist/index.html'), 1, 1)
  }
  return root
}

/** Puts a Vite beside the console whose build does what is given. */
function withVite(root: string, work: string): void {
  const folder = join(root, 'packages/console/node_modules/vite')
  mkdirSync(folder, { recursive: true })
  mkdirSync(join(root, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module","main":"index.js"}')
  writeFileSync(
    join(folder, 'index.js'),
    `import { mkdirSync, writeFileSync } from 'node:fs'
    import { join } from 'node:path'
    export async function build({ root, plugins, build: { outDir } }) {
      mkdirSync(outDir)
      ${work}
    }`,
  )
}

/** Takes a folder from this process: root may write everywhere, so it is somebody else meanwhile. */
async function withoutRights<T>(root: string, work: () => Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0
  for (const folder of [root, join(root, 'packages/console')]) chmodSync(folder, 0o555)
  if (isRoot) process.seteuid!(65_534)
  try {
    return await work()
  } finally {
    if (isRoot) process.seteuid!(0)
    for (const folder of [root, join(root, 'packages/console')]) chmodSync(folder, 0o755)
  }
}

test('a console that this user may not build anew is used as it was built', async () => {
  const root = repository(true)
  expect(await withoutRights(root, () => buildConsole(root))).toBe('kept')
})

test('one that was never built is refused with the step that builds it', async () => {
  const root = repository(false)
  await expect(withoutRights(root, () => buildConsole(root))).rejects.toThrow(
    /^The console has not been built.*npm run build$/,
  )
})

test('a build says that it begins, and which of its steps are done, each with its seconds', async () => {
  const root = repository(false)
  withVite(
    root,
    `for (const { buildEnd, generateBundle, writeBundle } of plugins) {
      const context = {
        getModuleIds: () => ['a', 'b'],
        emitFile: ({ fileName, source }) => writeFileSync(join(outDir, fileName), source),
      }
      buildEnd.call(context)
      await generateBundle.call(context)
      writeFileSync(join(outDir, 'index.html'), 'built')
      writeBundle()
    }`,
  )
  const said: string[] = []
  expect(await buildConsole(root, line => said.push(line))).toBe('built')
  expect(readFileSync(join(root, 'packages/console/dist/THIRD-PARTY.md'), 'utf8')).toMatch(/^# Licences of /)
  expect(said.map(line => line.replace(/\d+\.\d s/, 'N s'))).toEqual([
    'Building the console, as at every first start and after a change …',
    '  2 files read (N s)',
    '  bundled (N s)',
    '  written (N s)',
    'The console was built (N s).',
  ])
  expect(readFileSync(join(root, 'packages/console/dist/index.html'), 'utf8')).toBe('built')

  said.length = 0
  expect(await buildConsole(root, line => said.push(line))).toBe('up to date')
  expect(said).toEqual([])
})

test('a build that fails is told of in words of Vite, and leaves what was built before', async () => {
  const root = repository(true)
  withVite(root, `console.log('2 modules'); throw new Error('main.ts: unexpected token')`)
  await expect(buildConsole(root)).rejects.toThrow(
    'The console does not build:\n2 modules\nmain.ts: unexpected token',
  )
  expect(readdirSync(join(root, 'packages/console/dist'))).toEqual(['index.html'])
  expect(readdirSync(join(root, 'node_modules'))).toEqual([])
})

test('a missing Vite is told of with the command that brings it', async () => {
  const root = repository(false)
  await expect(buildConsole(root)).rejects.toThrow(
    /Vite is not installed\. Run npm ci; .*NODE_ENV=production and --omit=dev/,
  )
})
