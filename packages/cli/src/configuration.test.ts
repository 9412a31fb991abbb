import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleSettings } from '@countersign/simulators'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countersign, countersignJson } from './testing.ts'

const sms = sampleSettings['aliyun-sms']
const config = (settings: unknown) => ({ input: JSON.stringify(settings) })
const given = (command: string, id = 'aliyun-sms') => [command, '--connector', id, '--config', '-']

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a configuration', () => {
  it('is read from a file, with or without a byte order mark', async () => {
    const file = join(folder, 'sms.json')
    await writeFile(file, `\uFEFF${JSON.stringify(sms)}`)
    const { code } = await countersign(['lint', '--connector', 'aliyun-sms', '--config', file])
    expect(code).toBe(0)
  })

  it('may be in UTF-16 with its mark, but is refused by name in another encoding than these and UTF-8', async () => {
    const text = JSON.stringify({ ...sms, signName: '示例应用' })
    const [wide, gbk] = [join(folder, 'wide.json'), join(folder, 'gbk.json')]
    await writeFile(wide, Buffer.from(`\uFEFF${text}`, 'utf16le'))
    const [before, after] = text.split('示例应用')
    await writeFile(
      gbk,
      Buffer.concat([Buffer.from(before!), Buffer.from('cabec0fdd3a6d3c3', 'hex'), Buffer.from(after!)]),
    )
    expect((await countersign([...given('lint').slice(0, 3), '--config', wide])).code).toBe(0)
    const bare = join(folder, 'bare.json')
    await writeFile(bare, Buffer.from(text, 'utf16le'))
    const unmarked = await countersign([...given('lint').slice(0, 3), '--config', bare])
    expect(unmarked.stderr).toContain(`${bare} is not UTF-8.`)
    for (const rest of [['lint'], ['doctor'], ['send', '--to', '+8613800138000']]) {
      const { code, stderr } = await countersign([...rest, '--connector', 'aliyun-sms', '--config', gbk])
      expect(code).toBe(2)
      expect(stderr).toContain(`${gbk} is not UTF-8.`)
    }
  })

  it('that is not there, or is a folder, is named', async () => {
    for (const [file, words] of [
      [join(folder, 'none.json'), 'There is no file'],
      [folder, 'This is a folder'],
    ] as const) {
      const { code, stdout, stderr } = await countersign([
        'doctor',
        '--connector',
        'aliyun-sms',
        '--config',
        file,
      ])
      expect(code).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toContain(words)
      expect(stderr).toContain(file)
    }
  })

  it('in place of a file name is refused and not repeated', async () => {
    const inline = JSON.stringify({ accessKeySecret: 'very-secret-value' })
    const { code, stderr } = await countersign(['lint', '--connector', 'aliyun-sms', '--config', inline])
    expect(code).toBe(2)
    expect(stderr).toContain('--config takes the name of a file')
  })

  it.each([
    ['{\n  "accessKeySecret": "very-secret-value"\n  "signName": "x"\n}', 3, 3, 'a comma'],
    ['{\n  "accessKeySecret": very-secret-value\n}', 2, 22, 'no JSON'],
    ['{ "accessKeySecret": "very-secret-value', 1, 40, 'no closing quote'],
    ['{ "accessKeySecret": "very-secret-value", }', 1, 43, 'comma is one too many'],
    ["{ 'accessKeySecret': 'very-secret-value' }", 1, 3, 'double quotes'],
    ['// very-secret-value\n{}', 1, 1, 'no JSON'],
    ['{} very-secret-value', 1, 4, 'behind the end'],
    ['', 1, 1, 'empty'],
  ])('that is no JSON is refused with the place and never quoted: %j', async (input, line, column, words) => {
    const human = await countersign(given('lint'), { input })
    expect(human.code).toBe(2)
    expect(human.stderr).toContain(`line ${line}, column ${column}: `)
    expect(human.stderr).toContain(words)
    const { code, value } = await countersignJson(given('lint'), { input })
    expect(code).toBe(2)
    expect(value.error).toMatchObject({ line, column })
  })

  it('must be an object', async () => {
    for (const value of [[sms], 'very-secret-value', null]) {
      const { code, stderr } = await countersign(given('lint'), config(value))
      expect(code).toBe(2)
      expect(stderr).toContain('must begin with {')
    }
  })

  it('that is not valid ends send and doctor with 4 and names every field', async () => {
    const bad = { ...sms, signName: '', accessKeyId: 'very-secret-value here', templates: [], region: 'moon' }
    const doctor = await countersignJson(
      given('doctor'),
      config({ ...bad, accessKeySecret: '12345678\u200B' }),
    )
    expect(doctor.code).toBe(4)
    expect(doctor.value.error.fields.map(({ field }: { field: string }) => field).sort()).toEqual(
      ['accessKeyId', 'accessKeySecret', 'region', 'signName', 'templates'].sort(),
    )
    expect(JSON.stringify(doctor.value)).not.toContain('12345678')
    const send = await countersign([...given('send'), '--to', '+8613800138000'], config(bad))
    expect(send.code).toBe(4)
    expect(send.stderr).toMatch(/ {2}signName: .*\n {2}/)
    expect(send.stderr).toContain('Register, SignIn, ForgotPassword, Generic')
  })
})

describe('lint', () => {
  it('finds nothing in the samples', async () => {
    for (const [id, sample] of Object.entries(sampleSettings)) {
      const { code, value } = await countersignJson(given('lint', id), config(sample))
      expect(value.filter(({ severity }: { severity: string }) => severity === 'error')).toEqual([])
      expect(code).toBe(0)
    }
    const { stdout } = await countersign([...given('lint'), '--mainland-only'], config(sms))
    expect(stdout).toBe('✓ Nothing to find fault with.\n')
  })

  it('warns without being asked that templates which stand alone serve mainland numbers only', async () => {
    const { code, stdout } = await countersign(given('lint'), config(sms))
    expect(code).toBe(0)
    expect(stdout).toContain('! templates[3].templateCode  overseas_template_missing')
    expect(stdout).toContain('Remedy: Add a template for numbers outside mainland China')
    expect(stdout).toMatch(/1 warning\n$/)
  })

  it('names field, severity and remedy, and exits with 1 for errors', async () => {
    const bad = { ...sms, signName: '【示例应用】', accessKeySecret: 'very-secret-value' }
    const human = await countersign(given('lint'), config(bad))
    expect(human.code).toBe(1)
    expect(human.stdout).toMatch(/✗ signName {2}\w+\n {2}.+\n {2}Remedy: .+\n/)
    expect(human.stdout).toMatch(/1 error(?:, \d+ warnings?)?\n$/)
    const { code, value } = await countersignJson([...given('lint'), '--lang', 'zh-CN'], config(bad))
    expect(code).toBe(1)
    expect(value[0]).toMatchObject({ field: 'signName', path: ['signName'], severity: 'error' })
    expect(value[0].remedy).toMatch(/\p{Script=Han}/u)
  })

  it('prints the address of the console that a remedy names', async () => {
    const input = config({ ...sms, accessKeyId: 'LTAI simulated' })
    const { stdout } = await countersign([...given('lint'), '--lang', 'zh-CN'], input)
    expect(stdout).toContain('  短信服务控制台: https://dysms.console.aliyun.com\n')
  })

  it('takes warnings for errors only when it is to be strict', async () => {
    const odd = { ...sms, signName: '示例-应用' }
    const lenient = await countersignJson(given('lint'), config(odd))
    expect(lenient.value.map(({ severity }: { severity: string }) => severity)).toContain('warning')
    expect(lenient.code).toBe(0)
    expect((await countersign([...given('lint'), '--strict'], config(odd))).code).toBe(1)
  })

  it('warns of missing overseas templates where messages go abroad', async () => {
    const mainland = {
      ...sms,
      templates: (sms.templates as { usageType: string; templateCode: string }[]).map(
        ({ usageType, templateCode }) => ({ usageType, templateCode: { china: templateCode } }),
      ),
    }
    const abroad = await countersignJson([...given('lint'), '--overseas'], config(mainland))
    const home = await countersignJson([...given('lint'), '--mainland-only'], config(mainland))
    expect(abroad.value.length).toBeGreaterThan(home.value.length)
  })
})

describe('doctor --simulated', () => {
  // Of PNVS nobody can ask about signature and templates.
  it('says of aliyun-pnvs what nobody can ask for, and leaves with the exit code for that', async () => {
    const args = [...given('doctor', 'aliyun-pnvs'), '--simulated']
    const { code, value } = await countersignJson(args, config(sampleSettings['aliyun-pnvs']))
    const open = value.filter(({ state }: { state: string }) => state !== 'approved')
    expect(value.slice(0, 2)).toMatchObject([{ subject: 'keys' }, { subject: 'permission' }])
    expect(
      open.map(({ subject, state }: { subject: string; state: string }) => `${subject}: ${state}`),
    ).toEqual([
      'signature: unknown',
      ...['100004', '100001', '100003', '100005'].map(template => `template:${template}: unknown`),
    ])
    expect(code).toBe(3)
  })

  const askable = Object.keys(sampleSettings).filter(id => id !== 'aliyun-pnvs')
  it.each(askable)('finds the sample of %s in order', async id => {
    const { code, value } = await countersignJson(
      [...given('doctor', id), '--simulated'],
      config(sampleSettings[id as keyof typeof sampleSettings]),
    )
    expect(value.length).toBeGreaterThan(2)
    expect(value.filter(({ state }: { state: string }) => state !== 'approved')).toEqual([])
    expect(code).toBe(0)
  })

  it('tells of each thing how it stands, and what to do', async () => {
    const mixed = JSON.parse(JSON.stringify(sms).replace('SMS_100000001', 'SMS_100000032'))
    const { code, stdout } = await countersign([...given('doctor'), '--simulated'], config(mixed))
    expect(code).toBe(1)
    expect(stdout).toMatch(/✓ signature +approved/)
    expect(stdout).toMatch(/✗ template:SMS_100000032 +rejected\n {4}.+\n {4}Remedy: /)
    expect(stdout).toContain('    SMS console: https://dysms.console.aliyun.com\n')
  })

  it('gives no verdict on a key that may only send', async () => {
    const narrow = {
      ...sms,
      accessKeyId: 'LTAI-simulated-send-only',
      accessKeySecret: 'simulated-secret-send-only',
    }
    const { code, stdout } = await countersign([...given('doctor'), '--simulated'], config(narrow))
    expect(code).toBe(3)
    expect(stdout).toMatch(/permission +missing/)
  })

  it('says so when the provider cannot be reached', async () => {
    const { code, value } = await countersignJson(
      given('doctor'),
      config({ ...sms, endpoint: 'http://127.0.0.1:9' }),
    )
    expect(code).toBe(3)
    expect(value[0]).toMatchObject({ state: 'unknown' })
  })
})
