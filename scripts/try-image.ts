import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { freePorts } from '../packages/cli/src/product.ts'
import { isSent, readDockerfile, type Stage } from './dockerfile.ts'
import { files, root, textOf } from './sources.ts'

// Runs the steps of deploy/Dockerfile one by one without Docker, on Linux and as root: in a folder that becomes the root,
// with the programs of this machine in place of the image's. Then starts what came out as the image would, on a file
// system that is read-only but for the data. What it cannot try is the base image itself.

/** Enters a folder as the root: `$1` the folder, `$2` how it is mounted (rw or ro), `$3` the working folder in it. */
const ENTER = `set -e
root=$1 how=$2 cwd=$3; shift 3
mount --make-rprivate /
for each in usr etc dev proc node cache tmp; do mkdir -p "$root/$each"; done
for each in bin lib lib64 sbin; do [ -L "$root/$each" ] || ln -s usr/$each "$root/$each"; done
mount --bind "$root" "$root"
for each in usr etc; do mount --bind /$each "$root/$each"; mount -o remount,ro,bind "$root/$each"; done
mount --rbind /dev "$root/dev"; mount -t proc proc "$root/proc"; mount -t tmpfs tmpfs "$root/tmp"
mount --bind "$NODE_HOME" "$root/node"; mount --bind "$NPM_CACHE" "$root/cache"
[ "$how" = rw ] || { mkdir -p "$root$cwd"; mount --bind "$root$cwd" "$root$cwd"; mount -o remount,ro,bind "$root"; }
cd "$root$cwd"; exec chroot "$root" sh -c 'cd "$0"; exec "$@"' "$cwd" "$@"`

interface Image {
  folder: string
  workdir: string
  user: string
  env: Record<string, string>
  command: string[]
  health: string[]
}

const npm = (...words: string[]) => execFileSync('npm', words, { encoding: 'utf8' }).trim()

const outside = {
  NODE_HOME: dirname(process.execPath),
  NPM_CACHE: npm('config', 'get', 'cache'),
}
const inside = {
  PATH: '/node:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/tmp',
  npm_config_cache: '/cache',
  npm_config_registry: npm('config', 'get', 'registry'),
}

const enter = (image: Image, how: 'rw' | 'ro', words: string[]) =>
  ['--mount', 'sh', '-c', ENTER, 'enter', image.folder, how, image.workdir, ...words] as const

function build(stage: Stage, earlier: Map<string, Image>, folder: string): Image {
  const image: Image = { folder, workdir: '/', user: '0:0', env: {}, command: [], health: [] }
  const steps: Record<string, (rest: string) => void> = {
    WORKDIR(rest) {
      image.workdir = rest
      mkdirSync(join(folder, rest), { recursive: true })
    },
    COPY(rest) {
      const [, from, what, to] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(rest)!
      if (from) cpSync(join(earlier.get(from)!.folder, what!), join(folder, to!), { recursive: true })
      else
        for (const file of files.filter(isSent(textOf('deploy/Dockerfile.dockerignore')!)))
          cpSync(join(root, file), join(folder, image.workdir, file))
    },
    RUN(rest) {
      execFileSync('unshare', enter(image, 'rw', ['sh', '-c', rest]), {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...outside, ...inside, ...image.env },
      })
    },
    ENV(rest) {
      for (const pair of rest.split(' ')) image.env[pair.split('=')[0]!] = pair.slice(pair.indexOf('=') + 1)
    },
    USER(rest) {
      image.user = rest
    },
    EXPOSE() {},
    HEALTHCHECK(rest) {
      image.health = JSON.parse(rest.slice(rest.indexOf('CMD ') + 4)) as string[]
    },
    CMD(rest) {
      image.command = JSON.parse(rest) as string[]
    },
  }
  for (const { name, rest } of stage.instructions) {
    console.log(`${stage.name || 'image'}  ${name} ${rest}`)
    if (!steps[name]) throw new Error(`This script does not know ${name}`)
    steps[name](rest)
  }
  return image
}

const asUser = ({ user }: Image, words: string[]) => {
  const [uid, gid] = user.split(':')
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs', ...words]
}

async function untilReady(server: ChildProcess, port: string): Promise<void> {
  for (let tries = 0; tries < 300 && server.exitCode === null; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/health/ready`).catch(() => undefined)
    if (answer?.ok) return
    await setTimeout(100)
  }
  throw new Error('The server did not become ready')
}

async function start(image: Image): Promise<void> {
  const [port = '', adminPort = ''] = (await freePorts(2)).map(String)
  const env = { ...outside, ...inside, ...image.env, PORT: port, ADMIN_PORT: adminPort }
  const inIt = (words: string[]) => enter(image, 'ro', asUser(image, words))
  const server = spawn('unshare', inIt(image.command), { env, stdio: ['ignore', 'inherit', 'inherit'] })
  const ended = once(server, 'exit')
  try {
    await untilReady(server, port)
    execFileSync('unshare', inIt(image.health), { env })
    console.log('It is ready, and its health check says so.')
    const writes = `touch /opt/countersign/x 2>/dev/null && exit 1; touch /x 2>/dev/null && exit 1; id -u`
    const uid = execFileSync('unshare', inIt(['sh', '-c', writes]), { env, encoding: 'utf8' }).trim()
    console.log(`It runs as ${uid} and can write nowhere but to ${image.workdir} and /tmp.`)
  } finally {
    server.kill('SIGTERM')
    await ended
  }
  if (server.exitCode !== 0) throw new Error(`It ended with ${server.exitCode ?? server.signalCode}`)
  console.log('After SIGTERM it ended with 0.')
}

const folder = mkdtempSync(join(tmpdir(), 'countersign-image-'))
// Another user looks into it.
chmodSync(folder, 0o755)
try {
  const images = new Map<string, Image>()
  for (const [index, stage] of readDockerfile(textOf('deploy/Dockerfile')!).entries()) {
    if (!stage.base.startsWith(`node:${process.versions.node}-`))
      console.log(`${stage.base} is stood for by Node ${process.versions.node} of this machine`)
    const place = join(folder, String(index))
    if (!existsSync(place)) mkdirSync(place)
    images.set(stage.name, build(stage, images, place))
  }
  await start(images.get('')!)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
