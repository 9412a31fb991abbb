import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { expect, it } from 'vitest'

const script = resolve(import.meta.dirname, '../packages/cli/src/tour.ts')
const postgres = process.env.TEST_DATABASE_URL

it('the tour passes over all three clouds, and prints plain lines where there is no terminal', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script])
  expect(stdout).toMatch(/^\d+ passed in [\d.]+ s$/m)
  for (const title of ['Aliyun SMS', 'Aliyun Direct Mail', 'Tencent Cloud SMS'])
    expect(stdout).toContain(`\n${title}\n`)
  expect(stdout).not.toContain('\u001B')
})

it.skipIf(!postgres)('the tour passes on PostgreSQL as well', async () => {
  const admin = new pg.Client({ connectionString: postgres })
  await admin.connect()
  const name = `tour_${Date.now()}`
  await admin.query(`create database ${name}`)
  try {
    const url = new URL(postgres!)
    url.pathname = `/${name}`
    const env = { ...process.env, TOUR_DATABASE_URL: url.href }
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env })
    expect(stdout).toMatch(/^\d+ passed in [\d.]+ s$/m)
    const tables = new pg.Client({ connectionString: url.href })
    await tables.connect()
    const { rows } = await tables.query('select count(*)::int as users from users')
    await tables.end()
    expect(rows[0].users).toBeGreaterThan(2)
  } finally {
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  }
})
