import pg from 'pg'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Postgres, startPostgres } from './postgres.ts'

const given = process.env.TEST_DATABASE_URL
let started: Postgres | undefined

afterEach(async () => {
  vi.unstubAllEnvs()
  await started?.stop()
  started = undefined
})

describe('PostgreSQL for tests', () => {
  it('is the one in TEST_DATABASE_URL when given', async () => {
    vi.stubEnv('TEST_DATABASE_URL', 'postgres://somebody@192.0.2.1/theirs')
    started = await startPostgres()
    expect(started.url).toBe('postgres://somebody@192.0.2.1/theirs')
  })

  it.skipIf(!given)('reaches the workers by TEST_DATABASE_URL and answers', async () => {
    const client = new pg.Client({ connectionString: given })
    await client.connect()
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await client.end()
  })

  it.skipIf(!given)('is started fresh when none is given, and gone after stop', async () => {
    vi.stubEnv('TEST_DATABASE_URL', '')
    started = await startPostgres()
    expect(started).toHaveProperty('url', expect.stringMatching(/^postgres:\/\/postgres@127\.0\.0\.1:\d+\//))
    const connectionString = started.url!
    const client = new pg.Client({ connectionString })
    await client.connect()
    await client.query('create table fresh (id text)')
    await client.end()
    await started.stop()
    await expect(new pg.Client({ connectionString }).connect()).rejects.toThrow(/ECONNREFUSED/)
  })
})
