import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
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

test('a missing Vite is told of with the command that brings it', async () => {
  const root = repository(false)
  await expect(buildConsole(root)).rejects.toThrow(
    /Vite is not installed\. Run npm ci; .*NODE_ENV=production and --omit=dev/,
  )
})
