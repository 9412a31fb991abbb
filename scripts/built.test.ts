import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { stateOfBuild } from './built.ts'

test('a build is as fresh as the newest of its sources, and tests are none of them', async () => {
  const root = mkdtempSync(join(tmpdir(), 'countersign-built-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const at = (file: string, second: number) => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), '')
    utimesSync(join(root, file), second, second)
  }
  at('packages/server/src/http/a.ts', 10)
  expect(await stateOfBuild(root)).toBe('none')
  at('dist/countersign/package.json', 20)
  at('packages/server/src/http/a.test.ts', 30)
  expect(await stateOfBuild(root)).toBe('fresh')
  at('packages/kit/src/b.ts', 30)
  expect(await stateOfBuild(root)).toBe('stale')
})
