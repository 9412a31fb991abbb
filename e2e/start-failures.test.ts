import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { selfSigned } from '../bench/connectors/certificate.ts'
import { openDatabase } from '../packages/server/src/db/database.ts'
import { type OwnPostgres, startOwnPostgres } from '../scripts/postgres.ts'

const SERVER = fileURLToPath(new URL('../packages/server/src/main.ts', import.meta.url))
const COMMAND = fileURLToPath(new URL('../packages/cli/bin/countersign.cjs', import.meta.url))
const PASSWORD = 'anemone#quartz'

/** Runs a program that is to fail, in an environment of its own; gives what it printed on standard error. */
async function failing(
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number; stderr: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-start-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const ports = { PORT: '0', ADMIN_PORT: '0', SIMULATORS_PORT: '0', DEMO_PORT: '0' }
  const child = spawn(process.execPath, args, {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      DATA_DIR: folder,
      ...ports,
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const code = await new Promise<number>(resolve => child.on('close', resolve))
  return { code, stderr }
}

describe.skipIf(!process.env.TEST_DATABASE_URL)('a PostgreSQL with a certificate of its own', () => {
  let postgres: OwnPostgres
  let address: URL
  let files: string
  const { key, cert } = selfSigned(['localhost', 'database.example'])

  beforeAll(async () => {
    const access = [
      'host all postgres 127.0.0.1/32 trust',
      'hostssl all all 127.0.0.1/32 scram-sha-256',
      'hostssl all all ::1/128 scram-sha-256',
    ]
    const started = await startOwnPostgres(
      { ssl: 'on', listen_addresses: 'localhost' },
      { 'server.crt': cert, 'server.key': key, 'pg_hba.conf': `${access.join('\n')}\n` },
    )
    if (started.url === null) throw new Error(`No PostgreSQL: ${started.reason}`)
    postgres = started as OwnPostgres
    const client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    await client.query(`create role cs login password '${PASSWORD}'`)
    await client.query('create database cs owner cs')
    await client.end()
    address = new URL(postgres.url)
    Object.assign(address, { hostname: 'localhost', username: 'cs', password: PASSWORD, pathname: '/cs' })
    files = mkdtempSync(join(tmpdir(), 'countersign-ca-'))
    writeFileSync(join(files, 'ca.pem'), cert)
  }, 60_000)

  afterAll(async () => {
    await postgres?.stop()
    if (files) rmSync(files, { recursive: true })
  })

  const opened = async (change: (url: URL) => void) => {
    const url = new URL(address)
    change(url)
    try {
      await (await openDatabase(url.href, '')).destroy()
      return 'opened'
    } catch (error) {
      return (error as Error).message
    }
  }

  it.each(['?sslmode=require', '?ssl=true', '?sslmode=verify-full'])(
    'is not trusted with %s, and the line says which parameter helps',
    async search => {
      expect(await opened(url => (url.search = search))).toMatch(
        /localhost:\d+\/cs cannot be opened: self-signed certificate\b.*sslrootcert=\/path\/to\/ca\.pem.*sslmode=no-verify/,
      )
    },
  )

  it('is opened with either parameter', async () => {
    expect(await opened(url => (url.search = '?sslmode=no-verify'))).toBe('opened')
    expect(await opened(url => (url.search = `?sslmode=require&sslrootcert=${files}/ca.pem`))).toBe('opened')
  })

  it('is not opened where the certificate is for another host, and the line says so', async () => {
    const line = await opened(url => {
      url.hostname = '127.0.0.1'
      url.search = `?sslrootcert=${files}/ca.pem`
    })
    expect(line).toMatch(/altnames.*The certificate is for another host\./)
  })

  it('is not opened without encryption, and the line says which parameter helps', async () => {
    expect(await opened(url => (url.search = ''))).toMatch(/no pg_hba\.conf entry.*add sslmode=require\.$/)
  })

  it('is not opened without a password, or with a wrong one', async () => {
    expect(
      await opened(url => {
        url.search = '?sslmode=no-verify'
        url.password = ''
      }),
    ).toMatch(/DATABASE_URL has none: postgres:\/\/user:password@host\/database/)
    expect(
      await opened(url => {
        url.search = '?sslmode=no-verify'
        url.password = 'guessed-wrong'
      }),
    ).toMatch(/password authentication failed for user "cs"\. .*percent-encoded/)
  })

  it('is told of in one line by the server and by commands, without the password', async () => {
    const url = new URL(address)
    url.password = 'guessed-wrong'
    url.search = '?sslmode=no-verify'
    const env = { DATABASE_URL: url.href, SECRET_KEY: '11'.repeat(32) }
    const logto = createServer((_, response) => response.end('{"access_token":"x","scope":"all"}')).listen(
      0,
      '127.0.0.1',
    )
    onTestFinished(() => void logto.close())
    await new Promise(resolve => logto.once('listening', resolve))
    const from = `http://127.0.0.1:${(logto.address() as { port: number }).port}`
    for (const [args, expected] of [
      [[SERVER], 1],
      [[COMMAND, 'keys'], 4],
      [[COMMAND, 'operators'], 4],
      [[COMMAND, 'doctor'], 4],
      [[COMMAND, 'import', '--from', from, '--client-id', 'x', '--client-secret', 'y'], 4],
    ] as const) {
      const { code, stderr } = await failing([...args], env)
      expect({ args, code, stderr }).toEqual({
        args,
        code: expected,
        stderr: expect.stringMatching(
          /^PostgreSQL localhost:\d+\/cs cannot be opened: password authentication failed for user "cs"\. [^\n]+\n$/,
        ),
      })
      expect(stderr).not.toContain('guessed-wrong')
    }
  }, 60_000)
})

describe('a server that does not start', () => {
  it('says which port is taken, and which setting to change', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await new Promise(resolve => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    for (const setting of ['PORT', 'ADMIN_PORT']) {
      const { code, stderr } = await failing([SERVER], { [setting]: String(port), LOG_LEVEL: 'silent' })
      expect(code).toBe(1)
      expect(stderr).toMatch(
        new RegExp(
          `^Cannot listen: port ${port} is taken\\. End what listens there, or choose another in ${setting}\\. [^\\n]+\\n$`,
        ),
      )
    }
  }, 60_000)

  it('says which address this machine does not have', async () => {
    const { stderr } = await failing([SERVER], { HOST: '192.0.2.1' })
    expect(stderr).toMatch(
      /^Cannot listen: this machine has no address 192\.0\.2\.1\. Correct HOST\. [^\n]+\n$/,
    )
  }, 30_000)

  it('warns of settings that it does not read, first of all, and shows places in the program when asked', async () => {
    const { stderr } = await failing([SERVER], {
      DB_URL: 'postgres://u:secret@h/db',
      TRUST_PROXY_HEADER: '1',
      DATABASE_URL: 'postgres://u:secret-pass@127.0.0.1:1/x',
      ENDPOINT: 'https://example.com/auth',
    })
    expect(stderr).toMatch(
      /^Warning: TRUST_PROXY_HEADER is not read here; use TRUST_PROXY=true\nThe settings are not right:\n {2}ENDPOINT: must have no path.+host name of its own.+\n$/,
    )
    const traced = await failing([SERVER], {
      DATABASE_URL: 'postgres://u:secret-pass@127.0.0.1:1/x',
      START_TRACE: 'true',
    })
    expect(traced.stderr).toMatch(/ECONNREFUSED[\s\S]+ at /)
    expect(traced.stderr).not.toContain('secret-pass')
  }, 60_000)

  it('warns of the address of a database under its name elsewhere, before it begins a file', async () => {
    const { stderr } = await failing([SERVER], { DB_URL: 'postgres://u:secret@h/db', HOST: '192.0.2.1' })
    expect(stderr).toMatch(/^Warning: DB_URL is not read here; use DATABASE_URL\n/)
  }, 30_000)
})
