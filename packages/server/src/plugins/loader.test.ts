import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { testWorld } from '../testing/world.ts'
import { loadPlugins } from './loader.ts'
import { type ConnectorsFolder, connectorsFolder, creatorSource, manifest } from './testing.ts'

const creator = `${creatorSource()}\nexport default createConnector\n`

async function load(folder: Pick<ConnectorsFolder, 'path'>) {
  const world = testWorld()
  const plugins = await loadPlugins(folder.path, world.log)
  const lines = world.lines.map(line => JSON.parse(line) as Record<string, string>)
  return { plugins, lines, told: lines.filter(({ level }) => level !== 'info') }
}

test('published packages are loaded, whatever their folders are called', async () => {
  const folder = connectorsFolder()
  folder.link('mail', '@logto/connector-smtp')
  folder.link('text', '@logto/connector-http-sms')
  folder.link('@logto-connector-http-email', '@logto/connector-http-email')
  folder.link('zz', '@logto/connector-twilio-sms')
  const { plugins, told } = await load(folder)
  expect(plugins.map(({ id, channel, package: name }) => [id, channel, name])).toEqual([
    ['http-email', 'email', '@logto/connector-http-email'],
    ['simple-mail-transfer-protocol', 'email', '@logto/connector-smtp'],
    ['http-sms', 'sms', '@logto/connector-http-sms'],
    ['twilio-short-message-service', 'sms', '@logto/connector-twilio-sms'],
  ])
  expect(told).toEqual([])
  for (const { metadata, name } of plugins) {
    expect(metadata.logo).toMatch(/^data:image\/svg\+xml;base64,/)
    expect(metadata.readme.length).toBeGreaterThan(200)
    expect(name['zh-CN']).toBeTruthy()
  }
})

test("a package's form becomes fields, with what is confidential masked", async () => {
  const folder = connectorsFolder()
  folder.link('smtp', '@logto/connector-smtp')
  folder.link('twilio', '@logto/connector-twilio-sms')
  const { plugins } = await load(folder)
  const [smtp, twilio] = plugins.map(({ settings }) => settings)
  expect(smtp).toMatchObject({
    host: { kind: 'text', required: true },
    port: { kind: 'number', required: true },
    auth: { kind: 'json', required: true, default: { type: 'login' } },
    templates: { kind: 'json' },
    secure: { kind: 'switch', required: false, default: false },
  })
  expect(twilio).toMatchObject({ accountSID: { kind: 'text' }, authToken: { kind: 'secret' } })
})

test('a package without a form shows the members of its sample', async () => {
  const folder = connectorsFolder()
  folder.write('old', {
    'package.json': manifest(),
    'lib/index.js': `${creatorSource({ metadata: "configTemplate: './docs/sample.json'" })}\nexport default createConnector\n`,
    'docs/sample.json': '{"key":"<key>","port":25,"secure":true,"templates":[{"usageType":"Generic"}]}',
  })
  const { plugins } = await load(folder)
  expect(plugins[0]!.settings).toMatchObject({
    key: { kind: 'text', placeholder: '<key>' },
    port: { kind: 'number', default: 25 },
    secure: { kind: 'switch', default: true },
    templates: { kind: 'json', default: [{ usageType: 'Generic' }] },
  })
})

test.each([
  ['an older range', '^4.0.0'],
  ['an exotic range', '4.0.0 - 4.9.9'],
])('a package that asks for another kit (%s) is loaded with a warning', async (_, range) => {
  const folder = connectorsFolder()
  folder.write('a', {
    'package.json': manifest({ dependencies: { '@logto/connector-kit': range } }),
    'lib/index.js': creator,
  })
  const { plugins, told } = await load(folder)
  expect(plugins).toHaveLength(1)
  expect(told).toMatchObject([
    { event: 'connector package for another kit', package: 'connector-made-for-tests' },
  ])
  expect(told[0]!.error).toContain(range)
})

test('a default export one level too deep is taken with a warning', async () => {
  const folder = connectorsFolder()
  folder.write('a', {
    'package.json': manifest(),
    'lib/index.js': `${creatorSource()}\nexport default { default: createConnector }\n`,
  })
  const { plugins, told } = await load(folder)
  expect(plugins).toHaveLength(1)
  expect(told).toMatchObject([{ event: 'connector package in CommonJS style' }])
})

test('a CommonJS module is taken', async () => {
  const folder = connectorsFolder()
  folder.write('a', {
    'package.json': manifest({ type: 'commonjs' }),
    'lib/index.js': `${creatorSource()}\nexports.default = createConnector\n`,
  })
  expect((await load(folder)).plugins).toHaveLength(1)
})

const broken: [string, Record<string, string>, RegExp][] = [
  ['no package.json', { 'lib/index.js': creator }, /no package\.json/],
  ['a package.json that is no JSON', { 'package.json': '{' }, /JSON/],
  [
    'another name',
    { 'package.json': manifest({ name: 'left-pad' }), 'lib/index.js': creator },
    /connector-…/,
  ],
  ['no kit', { 'package.json': manifest({ dependencies: {} }), 'lib/index.js': creator }, /dependencies/],
  [
    'no lib/index.js',
    { 'package.json': manifest({ main: './index.js' }), 'index.js': creator },
    /lib.index\.js/,
  ],
  ['a syntax error', { 'package.json': manifest(), 'lib/index.js': 'export default (' }, /./],
  [
    'an error while it is imported',
    { 'package.json': manifest(), 'lib/index.js': "throw new Error('no luck')" },
    /no luck/,
  ],
  ['no default export', { 'package.json': manifest(), 'lib/index.js': 'export const a = 1' }, /no function/],
  [
    'a creator that throws',
    { 'package.json': manifest(), 'lib/index.js': "export default () => { throw new Error('not today') }" },
    /not today/,
  ],
  [
    'a creator that needs its configuration at once',
    { 'package.json': manifest(), 'lib/index.js': 'export default async ({ getConfig }) => getConfig()' },
    /no configuration yet/,
  ],
  [
    'a social connector',
    {
      'package.json': manifest(),
      'lib/index.js': `${creatorSource({ type: "'Social'" })}\nexport default createConnector\n`,
    },
    /"Social"/,
  ],
  [
    'metadata without a name',
    {
      'package.json': manifest(),
      'lib/index.js': `${creatorSource({ metadata: 'name: undefined' })}\nexport default createConnector\n`,
    },
    /metadata.*name/,
  ],
  ['nothing made', { 'package.json': manifest(), 'lib/index.js': 'export default () => null' }, /type/],
]

test.each(broken)(
  'a package with %s is skipped, and the log says which and why',
  async (_, files, reason) => {
    const folder = connectorsFolder()
    folder.write('bad', files)
    folder.link('good', '@logto/connector-http-sms')
    const { plugins, told } = await load(folder)
    expect(plugins.map(({ id }) => id)).toEqual(['http-sms'])
    expect(told).toMatchObject([{ level: 'warn', event: 'connector package skipped' }])
    expect(told[0]!.package).toMatch(/^(?:bad|connector-made-for-tests|left-pad)$/)
    expect(told[0]!.error).toMatch(reason)
  },
)

test('a package whose dependencies are missing is skipped', async () => {
  const folder = connectorsFolder()
  folder.copy('smtp', '@logto/connector-smtp')
  const { plugins, told } = await load(folder)
  expect(plugins).toEqual([])
  expect(told).toMatchObject([{ package: '@logto/connector-smtp', event: 'connector package skipped' }])
})

test('a folder that is not there makes no connectors and one line in the log', async () => {
  const { plugins, told } = await load({ path: '/nowhere/to/be/found' })
  expect(plugins).toEqual([])
  expect(told).toMatchObject([{ level: 'error', event: 'connector folder unreadable' }])
  expect(told[0]!.error).toContain('CONNECTORS_DIR')
})

test('files, hidden folders and the kit itself are passed over in silence', async () => {
  const folder = connectorsFolder()
  folder.link('connector-kit', '@logto/connector-kit')
  folder.write('.cache', { 'package.json': '{' })
  folder.write('.', { 'notes.txt': 'x' })
  const { plugins, lines } = await load(folder)
  expect([plugins, lines]).toEqual([[], []])
})

test('a path that leads out of the package is not read', async () => {
  const folder = connectorsFolder()
  folder.write('secret', { 'key.svg': 'private' })
  folder.write('a', {
    'package.json': manifest(),
    'lib/index.js': `${creatorSource({ metadata: "logo: '../secret/key.svg', readme: '../secret/key.svg'" })}\nexport default createConnector\n`,
  })
  const [plugin] = (await load(folder)).plugins
  expect(plugin!.metadata).toMatchObject({ logo: '../secret/key.svg', readme: '../secret/key.svg' })
})

test('what cannot be read is skipped with the reason, and not taken for something that is not there', async () => {
  const folder = connectorsFolder()
  symlinkSync(join(folder.path, 'gone'), join(folder.path, 'astray'))
  mkdirSync(join(folder.path, 'circle'))
  symlinkSync('package.json', join(folder.path, 'circle', 'package.json'))
  mkdirSync(join(folder.path, 'empty'))
  folder.write('pictured', { 'package.json': manifest(), 'lib/index.js': creator })
  symlinkSync('logo.svg', join(folder.path, 'pictured', 'logo.svg'))
  const { plugins, told } = await load(folder)
  expect(plugins).toEqual([])
  expect(told.map(({ package: name, error }) => [name, error])).toEqual([
    ['astray', expect.stringContaining('ENOENT')],
    ['circle', expect.stringMatching(/unreadable.*ELOOP/)],
    ['empty', 'it has no package.json'],
    ['connector-made-for-tests', expect.stringContaining('ELOOP')],
  ])
})

test('a send that fails when nobody waits for it any more is told in the log, without what it carried', async () => {
  const folder = connectorsFolder()
  const send = "await new Promise(resolve => setTimeout(resolve, 50)); throw new Error('refused 123456')"
  const late = `${creatorSource({ send })}\nexport default createConnector\n`
  folder.write('late', { 'package.json': manifest(), 'lib/index.js': late })
  const world = testWorld()
  const [plugin] = await loadPlugins(folder.path, world.log)
  const message = { to: '8613800138000', usageType: 'SignIn', payload: { code: '123456' } }
  const sending = plugin!.send(message as never, {}, { deadline: 1 } as never)
  await expect(sending).rejects.toMatchObject({ failure: 'unreachable', maybeSent: true })
  await vi.waitFor(() => expect(world.lines.join()).toContain('connector package failed late'))
  expect(world.lines.join()).toContain('provider_fault')
  expect(world.lines.join()).not.toContain('123456')
})
