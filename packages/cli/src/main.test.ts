import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectors, GUIDE_LANGUAGES } from '@countersign/connectors'
import { sampleSettings } from '@countersign/simulators'
import { describe, expect, it } from 'vitest'
import { optionsOf } from './arguments.ts'
import { COMMANDS } from './commands/table.ts'
import { EXIT_MEANINGS } from './exit-codes.ts'
import { countersign, countersignJson } from './testing.ts'

describe('help', () => {
  it('names every cloud, every command and every exit code', async () => {
    const { code, stdout } = await countersign(['--help'])
    expect(code).toBe(0)
    const line = stdout.replace(/\s+/g, ' ')
    for (const { name } of connectors) expect(line).toContain(name.en)
    for (const { name, summary } of COMMANDS) expect(stdout).toMatch(new RegExp(`  ${name} +${summary}`))
    for (const meaning of Object.values(EXIT_MEANINGS)) expect(stdout).toContain(meaning)
  })

  it('of a command is the same by both ways, and names its options', async () => {
    const [one, other] = await Promise.all([
      countersign(['help', 'send']),
      countersign(['send', '--help', '--json']),
    ])
    expect(one.code).toBe(0)
    expect(one.stdout).toContain('--connector <id>')
    expect(other.stdout).toBe(one.stdout)
  })

  it('and docs/cli.md name the same commands, options and exit codes', async () => {
    const text = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8')
    for (const { name, load } of COMMANDS) {
      expect(text).toContain(`| \`${name}\` |`)
      for (const option of Object.keys(optionsOf((await load()).command)))
        expect(text).toContain(`--${option}`)
    }
    for (const [code, meaning] of Object.entries(EXIT_MEANINGS))
      expect(text).toContain(`| ${code} | ${meaning} |`)
  })

  it('of start names the settings', async () => {
    expect((await countersign(['help', 'start'])).stdout).toContain('DATABASE_URL')
  })

  it('tells the version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    expect((await countersign(['--version'])).stdout).toBe(`${version}\n`)
  })
})

describe('a wrong command line ends with 2', () => {
  it.each([
    [[], 'Name a command.'],
    [['snd'], 'Did you mean send?'],
    [['--json=1'], 'Name the command first'],
    [['send'], 'send needs --connector <id>, --config <file>, --to <recipient>.'],
    [['send', '--conector', 'very-secret-value'], 'no option --conector. Did you mean --connector?'],
    [['send', '--accessKeySecret=very-secret-value'], 'no option --accessKeySecret.'],
    [['lint', 'very-secret-value', '--connector', 'x', '--config', 'y'], 'options only'],
    [['lint', '--connector'], '--connector needs a value'],
    [['lint', '--strict=very-secret-value'], '--strict takes no value'],
    [['lint', '--connector', 'aliyn-sms', '--config', '-'], 'Did you mean aliyun-sms?'],
    [['lint', '--connector', 'aliyun-sms', '--config', '-', '--lang', 'no language'], '--lang must be'],
    [['lint', '--connector', 'aliyun-sms', '--config', '-', '--code-length', '1e9'], 'from 1 to 32'],
    [['connectors', 'aliyun-sms', 'en'], 'only behind --guide'],
    [['connectors', '--guide'], 'Say whose guide'],
    [['simulate', '--port', '65536'], '--port must be'],
    [['simulate', '--sample', 'aliyun'], 'There are aliyun-sms'],
    [['start', '--json'], 'start has no option --json'],
  ])('%j', async (args, words) => {
    const { code, stdout, stderr } = await countersign(args, { input: '{}' })
    expect(args.includes('--json') ? stdout : stderr).toContain(words)
    expect(code).toBe(2)
  })

  it.each([
    ['aliyun-sms', ['--to', 'lin@example.com'], 'phone number'],
    ['aliyun-dm', ['--to', '+8613800138000'], 'mail address'],
    ['aliyun-sms', ['--to', '+8613800138000', '--usage', 'SingIn'], 'Did you mean SignIn?'],
    ['aliyun-sms', ['--to', '+8613800138000', '--timeout', '0'], '--timeout must be'],
    ['aliyun-sms', ['--to', '+8613800138000', '--code', ''], '--code must have'],
  ] as const)('send over %s with %j', async (id, more, words) => {
    const args = ['send', '--connector', id, '--config', '-', ...more]
    const { code, value } = await countersignJson(args, { input: JSON.stringify(sampleSettings[id]) })
    expect(value.error.message).toContain(words)
    expect(code).toBe(2)
  })
})

describe('connectors', () => {
  it('lists them all', async () => {
    const { code, stdout } = await countersign(['connectors'])
    expect(code).toBe(0)
    for (const { id, name } of connectors) expect(stdout).toMatch(new RegExp(`^${id} +${name.en}$`, 'm'))
    const { value } = await countersignJson(['connectors', '--lang', 'zh-CN'])
    expect(value.map(({ name }: { name: string }) => name)).toEqual(
      connectors.map(({ name }) => name['zh-CN']),
    )
  })

  it('shows every field of one, with kind, default and help', async () => {
    const connector = connectors[0]!
    const { stdout } = await countersign(['connectors', connector.id])
    for (const [key, { kind }] of Object.entries(connector.settings))
      expect(stdout).toMatch(new RegExp(`^  ${key} .*${kind}`, 'm'))
    expect(stdout).toContain('default "cn-hangzhou"')
    const { value } = await countersignJson(['connectors', connector.id])
    expect(value.fields.map(({ key }: { key: string }) => key)).toEqual(Object.keys(connector.settings))
    expect(value.requiredUsageTypes).toContain('SignIn')
  })

  it('shows what is offered for a text of which any other value can be typed as well', async () => {
    const { stdout } = await countersign(['connectors', 'aliyun-pnvs'])
    expect(stdout).toMatch(/^ +100003 +Reset the password$/m)
    const { value } = await countersignJson(['connectors', 'aliyun-pnvs', '--lang', 'zh-CN'])
    const templates = value.fields.find(({ key }: { key: string }) => key === 'templates')
    expect(templates.row.templateCode.suggestions[2]).toEqual({
      value: '100003',
      label: '重置密码',
      usageTypes: ['ForgotPassword'],
    })
  })

  it('prints a guide in the language that is named, else in that of the user', async () => {
    const [japanese, chinese, english] = await Promise.all([
      countersign(['connectors', 'tencent-sms', '--guide', 'ja']),
      countersign(['connectors', 'tencent-sms', '--guide'], { env: { LANG: 'zh_TW.UTF-8' } }),
      countersign(['connectors', 'tencent-sms', '--guide']),
    ])
    expect(japanese.stdout).toMatch(/\p{Script=Hiragana}/u)
    expect(chinese.stdout).toMatch(/\p{Script=Han}/u)
    expect(new Set([japanese.stdout, chinese.stdout, english.stdout]).size).toBe(3)
    expect(GUIDE_LANGUAGES).toContain('ja')
  })
})

describe('simulate', () => {
  it('prints samples that lint and send take', async () => {
    const sample = await countersign(['simulate', '--sample', 'aliyun-dm', '--port', '4000'], { open: true })
    expect(sample.code).toBe(0)
    expect(JSON.parse(sample.stdout)).toEqual({
      ...sampleSettings['aliyun-dm'],
      endpoint: 'http://127.0.0.1:4000',
    })
    const args = ['--connector', 'aliyun-dm', '--config', '-']
    const input = sample.stdout
    expect((await countersign(['lint', ...args], { input })).code).toBe(0)
    const sent = await countersign(['send', ...args, '--to', 'lin@example.com', '--simulated'], { input })
    expect(sent.code).toBe(0)
  })

  it('answers on ports of its own until it is asked to stop', async () => {
    const { code, stdout, stderr } = await countersign(
      ['simulate', '--port', '0', '--cloud-ports', '0', '--no-frequency', '--json'],
      {
        async watch(stdout) {
          const { addresses } = JSON.parse(stdout)
          const settings = { ...sampleSettings['tencent-sms'], endpoint: addresses['tencent-sms'] }
          // Twice to a number that limits hold for.
          for (let count = 0; count < 2; count += 1) {
            const sent = await countersign(
              [
                'send',
                '--connector',
                'tencent-sms',
                '--config',
                '-',
                '--to',
                '+8613712345678',
                '--code',
                '1234',
              ],
              { input: JSON.stringify(settings) },
            )
            expect(sent.code).toBe(0)
          }
          const messages = await (await fetch(`${addresses.control}/messages`)).json()
          expect(messages).toHaveLength(2)
          return 'SIGINT'
        },
      },
    )
    expect(code).toBe(0)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout).frequencyControl).toBe(false)
  })

  it('prints its addresses for people', async () => {
    const { code, stdout } = await countersign(['simulate', '--port', '0'], { watch: async () => 'SIGTERM' })
    expect(code).toBe(0)
    expect(stdout).toMatch(/All clouds +http:\/\/127\.0\.0\.1:\d+/)
    expect(stdout).toMatch(/Inbox +http:\/\/127\.0\.0\.1:\d+\/inbox/)
  })

  it('says which port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const { code, stderr } = await countersign(['simulate', '--port', String(port)])
    server.close()
    expect(code).toBe(2)
    expect(stderr).toContain(`Port ${port} is taken`)
  })
})

describe('colours', () => {
  const args = ['connectors']
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is how colours begin
  const COLOUR = /\u001b\[\d+m/

  it('are left out where the reader is no terminal', async () => {
    expect((await countersign(args)).stdout).not.toMatch(COLOUR)
  })

  it('come when FORCE_COLOR asks for them, unless --no-color forbids it', async () => {
    const env = { FORCE_COLOR: '1' }
    expect((await countersign(args, { env })).stdout).toMatch(COLOUR)
    expect((await countersign([...args, '--no-color'], { env })).stdout).not.toMatch(COLOUR)
    expect((await countersign([...args, '--json'], { env })).stdout).not.toMatch(COLOUR)
  })

  it('are left out when NO_COLOR says so', async () => {
    expect((await countersign(args, { env: { NO_COLOR: '1' } })).stdout).not.toMatch(COLOUR)
  })
})

describe('start', () => {
  it('starts the server, with the settings of the environment', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'))
    const ports = { PORT: '0', ADMIN_PORT: '0', SIMULATORS_PORT: '0', DEMO_PORT: '0' }
    const { code, stdout } = await countersign(['start'], {
      env: { ...ports, DATA_DIR: folder },
      watch: async printed => (printed.includes('Sign-in and API') ? 'SIGTERM' : undefined),
    })
    await rm(folder, { recursive: true, force: true })
    expect(stdout).toContain('Development world')
    expect(code).toBe(0)
    // Long only where the console must be built first.
  }, 120_000)
})
