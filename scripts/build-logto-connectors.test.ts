import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { connectors } from '@countersign/connectors'
import { createClouds, sampleSettings } from '@countersign/simulators'
import {
  ConnectorError,
  ConnectorErrorCodes,
  connectorConfigFormItemGuard,
  connectorMetadataGuard,
  validateConfig,
} from '@logto/connector-kit'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { simulatedFetch } from '../packages/server/src/outside.ts'
import { takesKit } from '../packages/server/src/plugins/kit-version.ts'
import { loadPlugins } from '../packages/server/src/plugins/loader.ts'
import { testWorld } from '../packages/server/src/testing/world.ts'
import { buildLogtoConnectors } from './build-logto-connectors.ts'
import { root } from './sources.ts'

type Cloud = keyof typeof sampleSettings

interface Made {
  type: string
  metadata: { id: string; target: string; logo: string; readme: string; formItems: { key: string }[] }
  configGuard: Parameters<typeof validateConfig>[1]
  sendMessage(data: object, config?: unknown): Promise<unknown>
}
type Creator = (options: { getConfig(id: string): Promise<unknown> }) => Promise<Made>

const IDS: Record<Cloud, string> = {
  'aliyun-sms': 'aliyun-short-message-service',
  'aliyun-pnvs': 'aliyun-short-message-auth-service',
  'aliyun-dm': 'aliyun-direct-mail',
  'tencent-sms': 'tencent-short-message-service',
}

/** The fields of Logto's own connector where it is not among the packages here: that of PNVS, version 1.1.2. */
const FIELDS_THERE: Partial<Record<Cloud, string[]>> = {
  'aliyun-pnvs': ['accessKeyId', 'accessKeySecret', 'signName', 'templates'],
}

const keysOf = ({ metadata }: Made) => metadata.formItems.map(({ key }) => key)

async function fieldsThere(cloud: Cloud): Promise<string[]> {
  if (FIELDS_THERE[cloud]) return FIELDS_THERE[cloud]
  const { default: create } = await import(`@logto/connector-${cloud}`)
  return keysOf(await create({ getConfig: async () => ({}) }))
}

/** Beside the installed packages, so that the kit is found as a host's connectors find it. */
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(root, 'node_modules/.logto-connectors-'))
  await buildLogtoConnectors(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const readManifest = (home: string) => JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))

/** Loads what lies in a folder as the host does: by the package's name, its range of the kit, `lib/index.js`. */
async function load(): Promise<{ home: string; create: Creator; made: Made }[]> {
  const homes = readdirSync(folder).map(name => join(folder, name))
  const wanted = homes.filter(home => /^(?:@[^/]+\/)?connector-./.test(readManifest(home).name))
  return Promise.all(
    wanted.map(async home => {
      const range = readManifest(home).dependencies['@logto/connector-kit']
      expect(takesKit(range)).toBe(true)
      const { default: create } = await import(pathToFileURL(join(home, 'lib/index.js')).href)
      const made = await create({ getConfig: () => Promise.reject(new Error('probing')) })
      return { home, create, made }
    }),
  )
}

async function loadOne(cloud: Cloud) {
  const one = (await load()).find(({ made }) => made.metadata.target === cloud)
  if (!one) throw new Error(`${cloud} was not built`)
  return one
}

/** Puts the simulators in the place of the network that a host's connectors reach. */
function withClouds() {
  const clouds = createClouds({ now: Date.now })
  vi.stubGlobal('fetch', simulatedFetch(clouds))
  onTestFinished(() => void vi.unstubAllGlobals())
  return clouds
}

const messageTo = (cloud: Cloud) => ({
  to: cloud === 'aliyun-dm' ? 'ada@example.com' : '8613800138000',
  type: 'SignIn',
  payload: { code: '739152', locale: 'en' },
})

test('a package of each connector is built that a host recognises by their names', async () => {
  const loaded = await load()
  expect(loaded.map(({ made }) => made.metadata.id).sort()).toEqual(Object.values(IDS).sort())
})

describe.each(Object.keys(IDS) as Cloud[])('%s for Logto', cloud => {
  test('says about itself what the kit demands, and every file it names is there', async () => {
    const { home, made } = await loadOne(cloud)
    const metadata = connectorMetadataGuard.parse(made.metadata)
    expect(metadata).toMatchObject({ id: IDS[cloud], target: cloud, platform: null })
    expect(made.type).toBe(cloud === 'aliyun-dm' ? 'Email' : 'Sms')
    for (const file of [made.metadata.logo, made.metadata.readme])
      expect(existsSync(join(home, file)), file).toBe(true)
    for (const item of metadata.formItems ?? []) connectorConfigFormItemGuard.parse(item)
  })

  test("has every field of Logto's own connector in its form, by the same name", async () => {
    const { made } = await loadOne(cloud)
    const theirs = await fieldsThere(cloud)
    expect(theirs.length).toBeGreaterThan(3)
    expect(keysOf(made)).toEqual(expect.arrayContaining(theirs))
  })

  test('needs nothing at run time but the kit', async () => {
    const { home } = await loadOne(cloud)
    expect(Object.keys(readManifest(home).dependencies)).toEqual(['@logto/connector-kit'])
    const bundle = readFileSync(join(home, 'lib/index.js'), 'utf8')
    const imported = [...bundle.matchAll(/\bfrom\s*["'`]([^"'`]+)["'`]/g)].map(([, name]) => name!)
    expect(imported.filter(name => !name.startsWith('node:'))).toEqual(['@logto/connector-kit'])
    expect(bundle).not.toMatch(/\bimport\(|\brequire\(/)
  })

  test('takes a good configuration, and refuses another as the kit expects it', async () => {
    const { made } = await loadOne(cloud)
    expect(() => validateConfig(sampleSettings[cloud], made.configGuard)).not.toThrow()
    const { accessKeyId: _, ...wrong } = sampleSettings[cloud]
    let error: unknown
    try {
      validateConfig(wrong, made.configGuard)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(ConnectorError)
    expect(error).toMatchObject({
      code: ConnectorErrorCodes.InvalidConfig,
      data: { name: 'ZodError', issues: [{ code: 'invalid_type', received: 'undefined' }] },
    })
  })

  test('sends with the configuration that the host keeps, and with one that is only tried', async () => {
    const clouds = withClouds()
    const { create, made } = await loadOne(cloud)
    const asked: string[] = []
    const connector = await create({
      getConfig: async id => {
        asked.push(id)
        return sampleSettings[cloud]
      },
    })
    await connector.sendMessage(messageTo(cloud))
    expect(asked).toEqual([IDS[cloud]])
    expect(clouds.inbox.messages()[0]).toMatchObject({ code: '739152' })
    await made.sendMessage({ ...messageTo(cloud), payload: { code: '846021' } }, sampleSettings[cloud])
    expect(clouds.inbox.messages().map(({ code }) => code)).toContain('846021')
  })

  test("fails with the host's own error, which names the provider's code and no secret", async () => {
    withClouds()
    const { made } = await loadOne(cloud)
    const config = { ...sampleSettings[cloud], accessKeySecret: 'not-the-right-key' }
    const error = await made.sendMessage(messageTo(cloud), config).then(
      () => undefined,
      (thrown: ConnectorError) => thrown,
    )
    expect(error).toBeInstanceOf(ConnectorError)
    expect(error).toMatchObject({
      code: ConnectorErrorCodes.General,
      data: { failure: 'credentials_rejected', errorDescription: expect.stringContaining('Signature') },
    })
    const told = JSON.stringify(error?.data) + error?.stack
    for (const part of ['not-the-right-key', '739152', messageTo(cloud).to]) expect(told).not.toContain(part)
  })

  test('refuses to send with a configuration that is none', async () => {
    const { made } = await loadOne(cloud)
    await expect(made.sendMessage(messageTo(cloud), {})).rejects.toMatchObject({
      code: ConnectorErrorCodes.InvalidConfig,
    })
  })
})

/** Every closed list of a connector: its fields with options, those of a template's row, and the usage types. */
const closedLists = (cloud: Cloud) => {
  const { settings } = connectors.find(({ id }) => id === cloud)!
  const withOptions = (fields: Readonly<Record<string, { options?: unknown }>>) =>
    Object.keys(fields).filter(key => fields[key]?.options)
  const inConfig = withOptions(settings).map((key): [string, ...(string | number)[]] => [key])
  const inRows = ['usageType', ...withOptions(settings.templates?.row ?? {})]
  const names = cloud === 'aliyun-dm' ? [...inConfig, ['regionId']] : inConfig
  return [...names, ...inRows.map(key => ['templates', 0, key])]
}

const LISTS = (Object.keys(IDS) as Cloud[]).flatMap(cloud =>
  closedLists(cloud).map(path => ({ cloud, path })),
)

test('each connector has a closed list of regions, but that of PNVS, which has one host for all', () => {
  for (const cloud of Object.keys(IDS).filter(id => id !== 'aliyun-pnvs'))
    expect(LISTS).toContainEqual({ cloud, path: ['region'] })
})

test.each(LISTS)('a wrong value of $path of $cloud is refused when it is saved', async ({ cloud, path }) => {
  const { made } = await loadOne(cloud)
  const config = structuredClone(sampleSettings[cloud])
  let place: Record<PropertyKey, unknown> = config
  for (const part of path.slice(0, -1)) place = place[part] as Record<PropertyKey, unknown>
  place[path.at(-1)!] = 'no-such-value'
  let error: unknown
  try {
    validateConfig(config, made.configGuard)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toMatchObject({
    code: ConnectorErrorCodes.InvalidConfig,
    data: { issues: expect.arrayContaining([expect.objectContaining({ path })]) },
  })
})

test("the guide of the mail package calls the region as Logto's form does", async () => {
  const { home } = await loadOne('aliyun-dm')
  const readme = readFileSync(join(home, 'README.md'), 'utf8')
  expect(readme).toContain('`regionId`')
  expect(readme).not.toMatch(/[`"]region[`"]/)
})

test("a mail leaves from the region that was saved for Logto's own connector", async () => {
  const clouds = withClouds()
  const { made } = await loadOne('aliyun-dm')
  const { region: _, ...config } = sampleSettings['aliyun-dm']
  const abroad = { ...config, regionId: 'ap-southeast-1', accountName: 'noreply@sg.mail.example.com' }
  expect(() => validateConfig(abroad, made.configGuard)).not.toThrow()
  await made.sendMessage(messageTo('aliyun-dm'), abroad)
  expect(clouds.inbox.messages()).toHaveLength(1)
})

test('our own server loads the packages as well', async () => {
  const world = testWorld()
  const plugins = await loadPlugins(folder, world.log)
  expect(plugins.map(({ id }) => id).sort()).toEqual(Object.values(IDS).sort())
  expect(world.lines.filter(line => /warn|error/.test(line))).toEqual([])
})

test('the installed kit is one that the packages ask for', () => {
  const { version } = createRequire(join(folder, 'x.js'))('@logto/connector-kit/package.json')
  expect(version).toMatch(/^5\./)
})
