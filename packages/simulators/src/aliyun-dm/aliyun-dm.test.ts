import { describe, expect, it } from 'vitest'
import { createClouds } from '../index.ts'
import { rpcRequest, type Signing } from '../signed-requests.ts'
import { MAGIC_LOCAL_PARTS } from './recipients.ts'

const sample = {
  AccountName: 'noreply@mail.example.com',
  AddressType: '1',
  ReplyToAddress: 'false',
  ToAddress: 'ada@example.com',
  Subject: '登录验证码',
  HtmlBody: '<style>p{color:red}</style><p>您的验证码是 <b>135790</b></p><p>Tom &amp; Jerry</p>',
}

function setUp() {
  const clouds = createClouds()
  const send = async (change: Record<string, string> = {}, signing: Signing = {}) => {
    const request = rpcRequest(
      'SingleSendMail',
      '2015-11-23',
      { ...sample, ...change },
      { host: 'dm.aliyuncs.com', ...signing },
    )
    const response = await clouds.fetch(request)
    return { status: response.status, body: (await response.json()) as Record<string, string> }
  }
  return { clouds, send }
}

describe('Aliyun Direct Mail', () => {
  it('delivers a mail with its text version and code, and answers an EnvId and no Code', async () => {
    const { clouds, send } = setUp()
    const { status, body } = await send({ FromAlias: '示例应用' })
    expect(status).toBe(200)
    expect(body).toEqual({ EnvId: expect.stringMatching(/^\d+$/), RequestId: expect.any(String) })
    expect(clouds.inbox.messages()).toMatchObject([
      {
        cloud: 'aliyun-dm',
        channel: 'email',
        to: 'ada@example.com',
        from: '示例应用 <noreply@mail.example.com>',
        subject: '登录验证码',
        text: '您的验证码是 135790\nTom & Jerry',
        html: sample.HtmlBody,
        code: '135790',
      },
    ])
  })

  it.each(['AccountName', 'AddressType', 'ReplyToAddress', 'ToAddress', 'Subject'])(
    'refuses a request without %s',
    async name => {
      const { send } = setUp()
      expect(await send({ [name]: '' })).toMatchObject({ status: 400, body: { Code: `Missing${name}` } })
    },
  )

  it.each<[what: string, change: Record<string, string>, status: number, code: string]>([
    ['a mail without a body', { HtmlBody: '' }, 400, 'InvalidBody'],
    ['an address type that does not exist', { AddressType: '2' }, 400, 'InvalidAddressType'],
    ['a capital letter in true or false', { ReplyToAddress: 'False' }, 400, 'InvalidReplyToAddress'],
    ['an unknown sender', { AccountName: 'x@mail.example.com' }, 404, 'InvalidMailAddress.NotFound'],
    [
      'a sender of another region',
      { AccountName: 'noreply@sg.mail.example.com' },
      404,
      'InvalidMailAddress.NotFound',
    ],
    [
      'an unverified sender',
      { AccountName: 'unverified@mail.example.com' },
      400,
      'InvalidMailAddressStatus.Malformed',
    ],
    [
      'a frozen sender',
      { AccountName: 'frozen@mail.example.com' },
      400,
      'InvalidMailAddressStatus.Malformed',
    ],
    ['a batch sender', { AccountName: 'news@mail.example.com' }, 400, 'InvalidMailAddressSendType.Malformed'],
    ['an address without @', { ToAddress: 'ada' }, 400, 'InvalidToAddress'],
    ['an address without a domain', { ToAddress: 'ada@' }, 400, 'InvalidToAddress'],
    ['101 recipients', { ToAddress: Array(101).fill('ada@example.com').join() }, 400, 'InvalidToAddress'],
    ['a subject of 101 characters', { Subject: '验'.repeat(101) }, 400, 'InvalidSubject.Malformed'],
    ['a subject of two lines', { Subject: 'a\nBcc: b@example.com' }, 400, 'InvalidSubject.Malformed'],
    ['an alias of 15 characters', { FromAlias: '示'.repeat(15) }, 400, 'InvalidFromAlias.Malformed'],
    ['a reply alias of 16', { ReplyAddressAlias: 'a'.repeat(16) }, 400, 'InvalidReplyAddressAlias.Malformed'],
    ['a bad reply address', { ReplyAddress: 'x' }, 400, 'InvalidReplyAddress.Malformed'],
    ['an unknown tag', { TagName: 'nope' }, 400, 'InvalidTagName.Malformed'],
    ['tracking without a tag', { ClickTrace: '1' }, 400, 'MissingTagName'],
    ['three blind copies', { BccAddress: 'a@b.cn,c@d.cn,e@f.cn' }, 400, 'InvalidBccAddress'],
    ['an unknown template', { Template: '{"TemplateId":"1"}' }, 404, 'InvalidTemplate.NotFound'],
  ])('refuses %s', async (_, change, status, code) => {
    const { clouds, send } = setUp()
    const answer = await send(change)
    expect(answer).toMatchObject({ status, body: { Code: code, HostId: 'dm.aliyuncs.com' } })
    expect(answer.body.Message).not.toBe(code)
    expect(clouds.inbox.messages()).toEqual([])
  })

  it.each([
    ['dm.aliyuncs.com', 'noreply@mail.example.com'],
    ['dm.ap-southeast-1.aliyuncs.com', 'noreply@sg.mail.example.com'],
    ['dm.us-east-1.aliyuncs.com', 'noreply@us.mail.example.com'],
    ['dm.eu-central-1.aliyuncs.com', 'noreply@de.mail.example.com'],
  ])('knows at %s the sender %s alone', async (host, sender) => {
    const { send } = setUp()
    for (const AccountName of [
      'noreply@mail.example.com',
      'noreply@sg.mail.example.com',
      'noreply@us.mail.example.com',
      'noreply@de.mail.example.com',
    ]) {
      expect((await send({ AccountName }, { host })).status).toBe(AccountName === sender ? 200 : 404)
    }
  })

  it('sends to each recipient of a list and keeps international addresses', async () => {
    const { clouds, send } = setUp()
    await send({ ToAddress: 'ada@example.com,用户@例子.公司', HtmlBody: '', TextBody: 'Code: 4711' })
    expect(clouds.inbox.messages().map(({ to, code, html }) => ({ to, code, html }))).toEqual([
      { to: '用户@例子.公司', code: '4711', html: undefined },
      { to: 'ada@example.com', code: '4711', html: undefined },
    ])
  })

  it.each([
    ['ram-denied', 403, 'Forbidden.RAM'],
    ['no-balance', 400, 'InvalidSendMail.Spam'],
  ])('refuses the key of an account that is %s', async (state, status, code) => {
    const { send } = setUp()
    const signing = { keyId: `LTAI-simulated-${state}`, secret: `simulated-secret-${state}` }
    expect(await send({}, signing)).toMatchObject({ status, body: { Code: code } })
  })

  it('never sees a request whose query is too long', async () => {
    const { clouds } = setUp()
    const response = await clouds.fetch(
      new Request(`https://dm.aliyuncs.com/?HtmlBody=${'x'.repeat(90_000)}`),
    )
    expect(response.status).toBe(414)
  })

  it.each(MAGIC_LOCAL_PARTS)(
    'fails for $localPart@… with $code, whatever the settings',
    async ({ localPart, code }) => {
      const { send } = setUp()
      const { status, body } = await send({ ToAddress: `${localPart}@example.com`, AccountName: 'nobody' })
      expect(body.Code).toBe(code)
      expect(status).toBeGreaterThanOrEqual(400)
    },
  )
})
