import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openDatabase } from './database.ts'

/** Where workers read which template there is on either database. */
const POSTGRES = 'TEST_TEMPLATE_POSTGRES'
const SQLITE = 'TEST_TEMPLATE_SQLITE'

/**
 * Makes a database with all tables and no rows on either database, once for a whole run of tests and before any worker
 * starts: copying it takes a tenth of the time in which the migrations make the tables.
 *
 * @param url of the PostgreSQL for tests, if there is one
 * @returns removes them
 */
export async function makeTemplates(url: string | undefined): Promise<() => Promise<void>> {
  const folder = newFolder()
  await (await openDatabase('', folder)).destroy()
  process.env[SQLITE] = folder
  const remove = async () => rmSync(folder, { recursive: true })
  if (!url) return remove
  const name = await createPostgres(url, {})
  await (await openDatabase(addressOf(url, name), '')).destroy()
  process.env[POSTGRES] = name
  return async () => {
    await remove()
    await dropPostgres(url, name)
  }
}

/** What is wished of a new database. `tables: false`: it is quite empty, and whoever opens it makes the tables. */
export interface Wishes {
  tables?: boolean
}

/** Makes a folder with a database for a server, as `DATA_DIR`. */
export function createSqlite({ tables = true }: Wishes): string {
  const folder = newFolder()
  if (tables) copySqlite(folder)
  return folder
}

/** Puts a database with all tables into an empty `DATA_DIR`; nothing where no run of tests has made one to copy. */
export function copySqlite(folder: string): void {
  const template = process.env[SQLITE]
  if (template) copyFileSync(join(template, FILE), join(folder, FILE))
}

const FILE = 'countersign.db'

const newFolder = () => mkdtempSync(join(tmpdir(), 'countersign-database-'))

/** Makes a database on a PostgreSQL. Returns its name. */
export async function createPostgres(url: string, { tables = true }: Wishes): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`
  const template = tables && process.env[POSTGRES]
  await administer(url, `create database ${name}${template ? ` template ${template}` : ''}`)
  return name
}

/** The address of a database on the PostgreSQL of another address. */
export function addressOf(url: string, name: string): string {
  const own = new URL(url)
  own.pathname = `/${name}`
  return own.href
}

/**
 * Drops a database. PostgreSQL waits some seconds until the last connection has gone, which is a little later than `destroy`
 * says. A server that a failed test has left behind loses its own then: it must not hide why the test failed.
 */
export async function dropPostgres(url: string, name: string): Promise<void> {
  try {
    await administer(url, `drop database ${name}`)
  } catch (error) {
    if ((error as { code?: string }).code !== '55006') throw error
    await administer(url, `drop database ${name} with (force)`)
  }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
