import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { newDatabase } from './postgres.ts'

const script = resolve(import.meta.dirname, '../packages/cli/src/tour.ts')
const postgres = process.env.TEST_DATABASE_URL

it('the tour passes over all clouds, and prints plain lines where there is no terminal', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script])
  expect(stdout).toMatch(/^\d+ passed in [\d.]+ s$/m)
  for (const title of ['Aliyun SMS', 'Aliyun PNVS', 'Aliyun Direct Mail', 'Tencent Cloud SMS'])
    expect(stdout).toContain(`\n${title}\n`)
  expect(stdout).not.toContain('\u001B')
})

it.skipIf(!postgres)('the tour passes on PostgreSQL as well', async () => {
  const database = await newDatabase(postgres!)
  try {
    const env = { ...process.env, TOUR_DATABASE_URL: database.url }
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env })
    expect(stdout).toMatch(/^\d+ passed in [\d.]+ s$/m)
    const [row] = await database.query<{ users: number }>('select count(*)::int as users from users')
    expect(row!.users).toBeGreaterThan(2)
  } finally {
    await database.drop()
  }
})
