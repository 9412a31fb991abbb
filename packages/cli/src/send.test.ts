import { type RunningSimulators, sampleSettings, startSimulators } from '@countersign/simulators'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countersign, countersignJson } from './testing.ts'

const sms = sampleSettings['aliyun-sms']
const config = (settings: object) => ({ input: JSON.stringify(settings) })
const send = (id: string, to: string, ...more: string[]) => [
  'send',
  '--connector',
  id,
  '--config',
  '-',
  '--to',
  to,
  ...more,
]

describe('send --simulated', () => {
  it.each([
    ['aliyun-sms', '+86 138 0013 8000', 'BizId', '您的登录验证码为：123456'],
    ['aliyun-pnvs', '+86 138 0013 8000', 'BizId', '您的验证码为123456。'],
    ['aliyun-dm', 'lin@example.com', 'EnvId', '您正在登录，验证码为： 123456'],
    ['tencent-sms', '+86 138 0013 8000', 'SerialNo', '123456'],
  ] as const)('hands a message to %s and prints its ids and what arrived', async (id, to, name, text) => {
    const args = send(id, to, '--usage', 'signin', '--code', '123456', '--simulated')
    const { code, stdout, stderr } = await countersign(args, config(sampleSettings[id]))
    expect(code).toBe(0)
    expect(stderr).toBe('')
    expect(stdout).toMatch(new RegExp(`^ {2}${name} +\\S{8,}$`, 'm'))
    expect(stdout).toContain(text)
    expect(stdout).toContain('nothing has left this machine')
    expect(stdout).not.toContain(to)
  })

  it('says what of the configuration nothing reads, and sends all the same', async () => {
    const templates = (sampleSettings['aliyun-dm'].templates as object[]).map(row => ({
      ...row,
      content: '<p>{{{code}}} {{minute}} {{code}}</p>',
    }))
    const { code, stderr } = await countersign(
      send('aliyun-dm', 'lin@example.com', '--simulated'),
      config({ ...sampleSettings['aliyun-dm'], templates, tag: 'x' }),
    )
    expect(code).toBe(0)
    for (const said of ['{{{code}}} has more than two braces', 'Write {{minutes}}.', 'Did you mean tagName?'])
      expect(stderr).toContain(said)
  })

  it('sends a mail to the one form of an address, and says what is wrong with one that has none', async () => {
    const dm = config(sampleSettings['aliyun-dm'])
    const { code, value } = await countersignJson(
      send('aliyun-dm', 'Ida＠bücher.example.com', '--simulated'),
      dm,
    )
    expect([code, value.to]).toEqual([0, 'I***@xn--bcher-kva.example.com'])
    const refused = await countersign(send('aliyun-dm', 'a@m.com,b@m.com', '--simulated'), dm)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('--to must be an e-mail address such as name@example.com')
  })

  it.each(['+1 415 555 2671', '14155552671', '0014155552671', '+1 305 555 2671'])(
    'sends nothing to the American number %s with a template for the mainland',
    async to => {
      for (const strictPhoneRegionNumberCheck of [false, true]) {
        const { code, value } = await countersignJson(
          send('aliyun-sms', to, '--simulated'),
          config({ ...sms, strictPhoneRegionNumberCheck }),
        )
        expect(code).toBe(1)
        expect(value).toMatchObject({
          sent: false,
          failure: 'region_unsupported',
          providerCode: 'overseas_template_missing',
          answer: null,
          remedy: expect.stringContaining('Add a template for numbers outside mainland China'),
        })
      }
    },
  )

  it.each([
    ['13800138000', '+86 138****8000', 'CN', 'China'],
    ['+86 138 0013 8000', '+86 138****8000', 'CN', 'China'],
    ['008613800138000', '+86 138****8000', 'CN', 'China'],
    ['13055552671', '+1 305****2671', 'US', 'United States'],
    ['+44 7400 123456', '+44 740****3456', 'GB', 'United Kingdom'],
  ])('says what number %s was taken for', async (to, masked, country, name) => {
    const args = send('tencent-sms', to, '--simulated')
    const input = config(sampleSettings['tencent-sms'])
    const { stdout } = await countersign(args, input)
    expect(stdout).toContain(masked)
    expect(stdout).toMatch(new RegExp(`^ {2}Country +${name}$`, 'm'))
    expect((await countersignJson(args, input)).value).toMatchObject({ to: masked, country })
  })

  it('says of a refusal, too, that a simulated cloud has answered', async () => {
    const args = send('aliyun-sms', '13900000001', '--simulated')
    const { code, stdout } = await countersign(args, config(sms))
    expect(code).toBe(1)
    expect(stdout).toContain('Answered by the simulated cloud; nothing has left this machine.')
  })

  it('makes up a code, and tells it only where it was not given', async () => {
    const args = send('aliyun-sms', '+8613800138000', '--simulated')
    const random = await countersignJson(args, config(sms))
    expect(random.code).toBe(0)
    expect(random.value).toMatchObject({ sent: true, to: '+86 138****8000', usageType: 'Generic' })
    expect(random.value.verificationCode).toMatch(/^\d{6}$/)
    expect(random.value.arrived).toContain(random.value.verificationCode)
    const given = await countersignJson([...args, '--code', '246810'], config(sms))
    expect(given.value).not.toHaveProperty('verificationCode')
  })

  it("sends from the region that a configuration of Logto's own connector for Direct Mail names", async () => {
    const { region: _, ...mail } = sampleSettings['aliyun-dm']
    const abroad = { ...mail, regionId: 'ap-southeast-1', accountName: 'noreply@sg.mail.example.com' }
    const { code } = await countersign(send('aliyun-dm', 'ada@example.com', '--simulated'), config(abroad))
    expect(code).toBe(0)
  })

  it('explains a refusal: meaning, remedy, source and the raw answer without code and number', async () => {
    const args = send('aliyun-sms', '+86 139 0000 0001', '--code', '135790', '--simulated')
    const human = await countersign(args, config(sms))
    expect(human.code).toBe(1)
    expect(human.stdout).toContain('isv.BLACK_KEY_CONTROL_LIMIT (recipient_blocked)')
    for (const label of ['Meaning', 'Remedy', 'Source', 'Answer']) expect(human.stdout).toContain(label)
    expect(human.stdout).toContain('https://help.aliyun.com/document_detail/101346.html')

    const { accessKeySecret: _, ...rest } = sms
    const wrong = await countersignJson(
      send('aliyun-sms', '+8613800138000', '--code', '135790', '--simulated'),
      config({ ...rest, accessKeySecret: 'very-secret-value' }),
    )
    expect(wrong.code).toBe(1)
    expect(wrong.value).toMatchObject({
      sent: false,
      failure: 'credentials_rejected',
      providerCode: 'SignatureDoesNotMatch',
      then: 'reroute',
      maybeSent: false,
      links: [
        'https://ram.console.aliyun.com/users',
        'https://api.aliyun.com/troubleshoot?q=SignatureDoesNotMatch',
      ],
      answer: { status: 400 },
    })
    // The cloud quotes the whole request there.
    expect(wrong.value.answer.body).toContain('PhoneNumbers=******')
    expect(wrong.value.answer.body).not.toMatch(/135790|13800138000/)
  })

  it('says it in Chinese where the option or the environment asks for it', async () => {
    const args = send('tencent-sms', '+8613900000001', '--simulated')
    const input = config(sampleSettings['tencent-sms'])
    const byOption = await countersign([...args, '--lang', 'zh-CN'], input)
    expect(byOption.stdout).toMatch(/腾讯云短信拒绝了.*国家或地区 +中国.*处理办法/s)
    const byEnvironment = await countersign(args, { ...input, env: { LANG: 'zh_CN.UTF-8' } })
    expect(withoutAnswer(byEnvironment)).toBe(withoutAnswer(byOption))
    const preferred = await countersign([...args, '--lang=en'], { ...input, env: { LC_ALL: 'zh_CN' } })
    expect(preferred.stdout).toContain('Remedy')
  })

  it('goes to the simulated cloud whatever endpoint and proxy are set', async () => {
    const away = {
      ...sms,
      endpoint: 'https://sms.example.com',
      proxy: 'http://me:proxy-pass%2Dword@proxy.example.com:3128',
    }
    const { code } = await countersign(send('aliyun-sms', '+8613800138000', '--simulated'), config(away))
    expect(code).toBe(0)
  })
})

/** The answer holds ids, which differ every time. */
const withoutAnswer = ({ stdout }: { stdout: string }) => stdout.replace(/^.*RequestId.*$/m, '')

describe('send over the network', () => {
  let simulators: RunningSimulators
  let endpoint: string

  beforeAll(async () => {
    simulators = await startSimulators({ port: 0, quiet: true })
    endpoint = simulators.addresses.site!
  })
  afterAll(() => simulators.close())
  beforeEach(() => simulators.clouds.control.reset())

  it('reaches the endpoint of the configuration', async () => {
    const { code, value } = await countersignJson(
      send('tencent-sms', '+8613800138000', '--code', '424242'),
      config({ ...sampleSettings['tencent-sms'], endpoint }),
    )
    expect(code).toBe(0)
    expect(value).toMatchObject({ sent: true, simulated: false, endpoint })
    expect(simulators.clouds.inbox.messages()[0]?.code).toBe('424242')
  })

  it('warns that the message may have been sent when the answer is lost', async () => {
    simulators.clouds.control.setFault({ kind: 'drop-after' })
    const input = config({ ...sms, endpoint })
    const human = await countersign(send('aliyun-sms', '+8613800138000'), input)
    expect(human.code).toBe(3)
    expect(human.stdout).toContain('may have been sent all the same')
    expect(human.stdout).toMatch(new RegExp(`^ {2}Endpoint +${endpoint}$`, 'm'))
    const { code, value } = await countersignJson(send('aliyun-sms', '+8613800138000'), input)
    expect(code).toBe(3)
    expect(value).toMatchObject({ failure: 'unreachable', maybeSent: true })
  })

  it('gives up at the timeout', async () => {
    simulators.clouds.control.setFault({ kind: 'hang' })
    const { code, value } = await countersignJson(
      send('aliyun-sms', '+8613800138000', '--timeout', '200'),
      config({ ...sms, endpoint }),
    )
    expect(code).toBe(3)
    expect(value).toMatchObject({ failure: 'unreachable', providerCode: 'ETIMEDOUT', maybeSent: true })
  })

  it('says that nothing was sent when there is nobody, at the endpoint or at the proxy', async () => {
    const nobody = 'http://127.0.0.1:9'
    const direct = await countersign(
      send('aliyun-sms', '+8613800138000'),
      config({ ...sms, endpoint: nobody }),
    )
    expect(direct.code).toBe(3)
    expect(direct.stdout).toContain('was not reached; nothing was sent')
    const proxied = await countersignJson(
      send('aliyun-sms', '+8613800138000'),
      config({ ...sms, endpoint, proxy: 'http://me:proxy-pass-word@127.0.0.1:9' }),
    )
    expect(proxied.code).toBe(3)
    expect(proxied.value).toMatchObject({ failure: 'unreachable', maybeSent: false })
    expect(simulators.clouds.inbox.messages()).toEqual([])
  })

  it('keeps what a hostile answer holds from the terminal', async () => {
    simulators.clouds.control.setFault({ code: 'evil\u001b[2J.Code' })
    const { code, stdout } = await countersign(
      send('aliyun-sms', '+8613800138000'),
      config({ ...sms, endpoint }),
    )
    expect(code).toBe(1)
    expect(stdout).not.toContain('\u001b')
  })
})
