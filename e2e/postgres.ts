import { randomBytes } from 'node:crypto'
import pg from 'pg'

/** An empty database on the PostgreSQL of the tests. */
export interface Database {
  /** As `DATABASE_URL` takes it. */
  url: string
  /** Asks it for rows. */
  query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>
  /** Deletes it, whoever is still connected. */
  drop(): Promise<void>
}

async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Makes a database for one product. @param server the address in `TEST_DATABASE_URL` */
export async function newDatabase(server: string): Promise<Database> {
  const name = `e2e_${randomBytes(8).toString('hex')}`
  await ask(server, `create database ${name}`)
  const own = new URL(server)
  own.pathname = `/${name}`
  return {
    url: own.href,
    query: sql => ask(own.href, sql),
    drop: async () => void (await ask(server, `drop database ${name} with (force)`)),
  }
}
