import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterEach, describe } from 'vitest'
import { type Database, openDatabase } from './database.ts'

/** Opens a fresh database with all tables; it goes away after the test. */
export type OpenFresh = () => Promise<Database>

/**
 * Runs the same tests on SQLite and on PostgreSQL (`TEST_DATABASE_URL`). Where there is no PostgreSQL it says
 * so loudly, and the tests show as skipped.
 */
export function eachDatabase(name: string, suite: (openFresh: OpenFresh) => void): void {
  const cleanups: (() => Promise<void>)[] = []
  const cleanUp = async () => {
    for (const each of cleanups.splice(0).reverse()) await each()
  }

  describe(`${name} (SQLite)`, () => {
    afterEach(cleanUp)
    suite(async () => {
      const db = await openDatabase('sqlite::memory:', '')
      cleanups.push(() => db.destroy())
      return db
    })
  })

  const url = process.env.TEST_DATABASE_URL
  if (!url) console.error(`${'!'.repeat(20)} NO POSTGRESQL: "${name}" runs on SQLite alone ${'!'.repeat(20)}`)
  describe.skipIf(!url)(`${name} (PostgreSQL)`, () => {
    afterEach(cleanUp)
    suite(async () => {
      const database = `test_${randomBytes(8).toString('hex')}`
      await administer(url!, `create database ${database}`)
      cleanups.push(() => administer(url!, `drop database ${database} with (force)`))
      const own = new URL(url!)
      own.pathname = `/${database}`
      const db = await openDatabase(own.href, '')
      cleanups.push(() => db.destroy())
      return db
    })
  })
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
