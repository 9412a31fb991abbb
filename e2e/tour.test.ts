import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('the tour passes over all three clouds, and prints plain lines where there is no terminal', async () => {
  const script = resolve(import.meta.dirname, '../packages/cli/src/tour.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script])
  expect(stdout).toMatch(/^\d+ passed in [\d.]+ s$/m)
  for (const title of ['Aliyun SMS', 'Aliyun Direct Mail', 'Tencent Cloud SMS'])
    expect(stdout).toContain(`\n${title}\n`)
  expect(stdout).not.toContain('\u001B')
})
