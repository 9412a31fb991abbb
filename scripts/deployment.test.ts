import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { statusRoutes } from '../packages/api/src/status.ts'
import { COMMANDS } from '../packages/cli/src/commands/table.ts'
import { describeConfig, readConfig } from '../packages/server/src/config.ts'
import { BODY_LIMIT } from '../packages/server/src/http/body.ts'
import { DOCUMENTS, isDocument } from './build-product.ts'
import { none } from './complaints.ts'
import { isSent, readDockerfile } from './dockerfile.ts'
import { files, textOf } from './sources.ts'

// The files in deploy/ against what the server does. That the tools themselves take these files is seen by hand, as
// docs/operate.md says: they are not on every machine.

/** Of a manifest what is looked at here; which of it is there depends on its kind. */
interface Manifest {
  kind: string
  metadata: { name: string; namespace: string }
  data: Record<string, string>
  stringData: Record<string, string>
  spec: {
    selector: Record<string, unknown>
    template: { metadata: { labels: object }; spec: Pod }
    rules: { http: { paths: { backend: { service: { name: string } } }[] } }[]
  }
}

interface Pod {
  terminationGracePeriodSeconds: number
  securityContext: object
  containers: [Container]
}

type Probe = { httpGet: { path: string; port: string } }

interface Container {
  image: string
  ports: object[]
  securityContext: object
  startupProbe: Probe
  readinessProbe: Probe
  livenessProbe: Probe
}

const read = (name: string) => textOf(`deploy/${name}`)!
const compose = parse(read('compose.yaml')) as {
  services: Record<string, { image: string; environment: Record<string, string>; stop_grace_period: string }>
}
const kubernetes = parseAllDocuments(read('kubernetes.yaml')).map(document => document.toJS() as Manifest)
const known = new Map(describeConfig().map(({ name, default: value }) => [name, value]))
const { version } = JSON.parse(textOf('package.json')!) as { version: string }
/** For what is under way when the time to drain is over, in seconds. */
const GRACE = 10

const ofKind = (kind: string) => kubernetes.filter(thing => thing.kind === kind)
const pod = ofKind('Deployment')[0]!.spec.template.spec
const container = pod.containers[0]

/** The settings of a file of lines `NAME=value`, those that are commented out among them. */
const settingsOf = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/^#?([A-Z][A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [
      name!,
      value!.replaceAll("'", ''),
    ]),
  )

/** As Compose fills in what deploy/.env says. */
const filledIn = (value: string, env: Record<string, string>) =>
  value.replaceAll(/\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}/g, (_, name: string, other = '') => env[name] ?? other)

const environments: Record<string, Record<string, string>> = {
  'countersign.env': settingsOf(read('countersign.env')),
  'kubernetes.yaml': {
    ...ofKind('ConfigMap')[0]!.data,
    ...ofKind('Secret')[0]!.stringData,
  },
  'compose.yaml': Object.fromEntries(
    Object.entries(compose.services.countersign!.environment).map(([name, value]) => [
      name,
      filledIn(value, {
        ...settingsOf(read('compose.env.example')),
        POSTGRES_PASSWORD: 'abc',
        SECRET_KEY: 'ab'.repeat(32),
      }),
    ]),
  ),
  Dockerfile: Object.fromEntries(
    [...read('Dockerfile').matchAll(/ ([A-Z_]+)=([^\s=]+)(?=.*$)/gm)]
      .filter(([line]) => !line.includes('NODE_ENV'))
      .map(([, name, value]) => [name!, value!]),
  ),
}

describe('the files to deploy with', () => {
  it('set what the server knows, and values that it takes', () => {
    const complaints = Object.entries(environments).flatMap(([file, env]) =>
      Object.keys(env)
        .filter(name => !known.has(name))
        .map(name => `deploy/${file}: ${name}`),
    )
    none(complaints, 'These are no settings of docs/settings.md:')
    for (const env of Object.values(environments)) expect(readConfig(env)).toMatchObject({ clouds: 'real' })
  })

  it('trust the proxy that stands before the server', () => {
    for (const file of ['countersign.env', 'kubernetes.yaml', 'compose.yaml'])
      expect(readConfig(environments[file]!).trustProxy).not.toBe(0)
  })

  it('name the ports on which the server listens', () => {
    const [pages, console] = [known.get('PORT')!, known.get('ADMIN_PORT')!]
    expect(container.ports).toEqual([
      { name: 'public', containerPort: Number(pages) },
      { name: 'console', containerPort: Number(console) },
    ])
    expect(/^EXPOSE (.*)$/m.exec(read('Dockerfile'))?.[1]).toBe(`${pages} ${console}`)
    for (const name of ['nginx.conf', 'Caddyfile'])
      expect([...read(name).matchAll(/^[^#]*127\.0\.0\.1:(\d+)/gm)].map(([, port]) => port)).toEqual([
        pages,
        console,
      ])
    expect(compose.services.caddy!.environment).toMatchObject({
      COUNTERSIGN_PUBLIC: `countersign:${pages}`,
      COUNTERSIGN_CONSOLE: `countersign:${console}`,
    })
  })

  it('ask for health where the server answers', () => {
    const { path: live } = statusRoutes.getLive
    const { path: ready } = statusRoutes.getReady
    expect(container.livenessProbe.httpGet).toEqual({ path: live, port: 'public' })
    expect(container.startupProbe.httpGet.path).toBe(live)
    expect(container.readinessProbe.httpGet.path).toBe(ready)
    expect(read('Caddyfile')).toContain(`health_uri ${ready}\n`)
    expect(read('Dockerfile')).toContain(live)
  })

  it('leave a server the time that it needs to stop', () => {
    const drain = (env: Record<string, string>) => readConfig(env).drainTime / 1000
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(drain(environments['kubernetes.yaml']!) + GRACE)
    expect(Number.parseInt(String(compose.services.countersign!.stop_grace_period), 10)).toBeGreaterThan(
      drain(environments['compose.yaml']!) + GRACE,
    )
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(read('countersign.service'))?.[1])).toBeGreaterThan(
      drain(environments['countersign.env']!) + GRACE,
    )
  })

  it('close an idle connection before the server does', () => {
    const server = Number(known.get('KEEP_ALIVE_TIMEOUT')) / 1000
    const times = [/keepalive_timeout (\d+)s/g, /keepalive (\d+)s/g].flatMap(pattern =>
      ['nginx.conf', 'Caddyfile'].flatMap(name =>
        [...read(name).matchAll(pattern)].map(([, s]) => Number(s)),
      ),
    )
    expect(times).toHaveLength(4)
    expect(Math.max(...times)).toBeLessThan(server)
  })

  it('let bodies through that the server takes', () => {
    expect(BODY_LIMIT).toBe(1024 * 1024)
    for (const [name, size] of [
      ['nginx.conf', 'client_max_body_size 1m;'],
      ['Caddyfile', 'max_size 1MiB\n'],
      ['kubernetes.yaml', 'proxy-body-size: 1m\n'],
    ] as const)
      expect(read(name).split(size)).toHaveLength(3)
  })

  it('name versions of images: of ours the one of the repository, of Node the one it was tried with', () => {
    const images = [...Object.values(compose.services).map(({ image }) => image), container.image]
    expect(images.filter(image => !/:\d+\.\d+/.test(image))).toEqual([])
    for (const image of images.filter(each => each.includes('countersign')))
      expect(image.split(':').at(-1)).toBe(version)
    const locked = JSON.parse(textOf('package-lock.json')!).packages['node_modules/node'].version
    const bases = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)
    expect(new Set(bases)).toEqual(new Set([`node:${locked}-bookworm-slim`]))
  })

  it('run as a user without rights on a file system that is not to be written', () => {
    const user = /^USER (\d+):\d+$/m.exec(read('Dockerfile'))?.[1]
    expect(Number(user)).toBeGreaterThan(0)
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: Number(user) })
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(compose.services.countersign).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
    // Nobody reaches the server but through the proxy.
    expect(compose.services.countersign).not.toHaveProperty('ports')
  })

  it('send into the image what its build asks for, and no tests and no builds of this machine', () => {
    const sent = files.filter(isSent(read('Dockerfile.dockerignore')))
    expect(sent).toEqual(
      expect.arrayContaining(['package.json', 'package-lock.json', 'scripts/build.ts', 'LICENSE']),
    )
    const asked = files.filter(file => DOCUMENTS.some(path => `${file}/`.startsWith(`${path}/`)))
    expect(asked.filter(file => !sent.includes(file))).toEqual([])
    expect(sent.filter(path => /\.test\.|^(?:e2e|bench|drills)\//.test(path))).toEqual([])
    expect(isSent(read('Dockerfile.dockerignore'))('packages/console/dist/index.html')).toBe(false)
    // What an operator fills in holds secrets.
    expect(isSent(read('Dockerfile.dockerignore'))('deploy/.env')).toBe(false)
    expect(['deploy/.env', '/clone/deploy/.env', 'deploy/compose.env.example'].map(isDocument)).toEqual([
      false,
      false,
      true,
    ])
    const [build, image] = readDockerfile(read('Dockerfile'))
    expect(build).toMatchObject({ name: 'build', instructions: { length: 4 } })
    expect(image!.instructions.map(({ name }) => name)).toEqual([
      'COPY',
      'RUN',
      'ENV',
      'USER',
      'WORKDIR',
      'EXPOSE',
      'HEALTHCHECK',
      'CMD',
    ])
  })

  it('join the parts of the Kubernetes manifest by names that are there', () => {
    const services = ofKind('Service').map(({ metadata }) => metadata.name)
    const asked = ofKind('Ingress').map(({ spec }) => spec.rules[0]!.http.paths[0]!.backend.service.name)
    expect(asked).toEqual(services)
    const labels = ofKind('Deployment')[0]!.spec.template.metadata.labels
    for (const { spec } of [...ofKind('Service'), ...ofKind('PodDisruptionBudget')])
      expect(spec.selector.matchLabels ?? spec.selector).toEqual(labels)
    expect(new Set(kubernetes.slice(1).map(({ metadata }) => metadata.namespace))).toEqual(
      new Set(['countersign']),
    )
  })
})

describe('the guides for operators', () => {
  const [english, chinese] = ['docs/operate.md', 'docs/operate.zh-CN.md'].map(path => textOf(path)!) as [
    string,
    string,
  ]

  it('have the same steps in both languages', () => {
    // What is said of a step is in the language of its page.
    const steps = (text: string) =>
      [...text.matchAll(/^```(?:sh|sql|json)?\n([\s\S]*?)^```/gm)].map(([, block]) =>
        block!.replaceAll(/ +# .*/g, ''),
      )
    expect(steps(english).length).toBeGreaterThan(8)
    expect(steps(chinese)).toEqual(steps(english))
    const chapters = (text: string) => [...text.matchAll(/^## /gm)].length
    expect(chapters(chinese)).toBe(chapters(english))
  })

  it.each([
    ['English', english],
    ['Chinese', chinese],
  ])('name commands, files and settings that there are, in %s', (_, text) => {
    const commands = [...text.matchAll(/(?<=`|^)(?:cs|countersign) ([a-z]+)/gm)].map(([, name]) => name)
    const known = COMMANDS.map(({ name }) => name)
    expect(commands.filter(name => !known.includes(name!))).toEqual([])
    const paths = [...text.matchAll(/\b((?:deploy|scripts|e2e)\/[\w./-]+\w)/g)].map(([, path]) => path!)
    expect(paths.filter(path => textOf(path) === undefined && path !== 'deploy/.env')).toEqual([])
    const scripts = [...text.matchAll(/`npm run ([\w:]+)/g)].map(([, name]) => name!)
    const { scripts: there } = JSON.parse(textOf('package.json')!) as { scripts: Record<string, string> }
    expect(scripts.filter(name => !(name in there))).toEqual([])
  })
})
