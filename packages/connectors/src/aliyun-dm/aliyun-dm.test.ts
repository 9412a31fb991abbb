import type { Fetch, Message } from '@countersign/kit'
import { type SendError, settingsSchema } from '@countersign/kit'
import { testConnector } from '@countersign/kit/test-connector'
import { sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { simulatedCloud } from '../testing-clouds.ts'
import { aliyunDm } from './aliyun-dm.ts'

const schema = settingsSchema(aliyunDm.settings)

const temporaryKey = {
  accessKeyId: 'STS.simulated-ok',
  accessKeySecret: 'simulated-secret-sts',
  securityToken: 'simulated-token',
}

describe.each([
  ['as the sample has it', {}],
  ['signed with V1', { signatureVersion: 'v1' }],
  ['with a temporary key', temporaryKey],
  ['with a token for its events', { eventToken: 's3cret-event-token' }],
  ['with a temporary key, signed with V1', { ...temporaryKey, signatureVersion: 'v1' }],
])('aliyun-dm against its simulator, %s', (_, change) => {
  testConnector(test, {
    connector: aliyunDm,
    settings: { ...sampleSettings['aliyun-dm'], ...change },
    unreachable: 'SmtpNxBox@example.com',
    provider: () => simulatedCloud('aliyun-dm', 'eventToken' in change ? { token: change.eventToken } : {}),
  })
})

const OK = { EnvId: '600000', RequestId: 'r' }
const templates = (subject: string, content: string) =>
  ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map(usageType => ({ usageType, subject, content }))

async function send({
  answer = OK as object,
  status = 200,
  to = 'ada@example.com',
  payload = { code: '739152' } as Message['payload'],
  settings = {},
} = {}) {
  const seen: { url: string; form: Record<string, string> }[] = []
  const fetch: Fetch = async (url, init) => {
    seen.push({ url, form: Object.fromEntries(new URLSearchParams(init.body)) })
    return new Response(JSON.stringify(answer), { status })
  }
  const world = { fetch, now: () => 0, random: (size: number) => new Uint8Array(size), deadline: 5000 }
  const values = schema.parse({ ...sampleSettings['aliyun-dm'], ...settings })
  const result = await aliyunDm
    .send({ to, usageType: 'SignIn', payload, attemptId: 'a1' }, values, world)
    .catch((error: SendError) => error)
  return { result, requests: seen.length, url: seen[0]?.url, form: seen[0]?.form }
}

describe('a success of Aliyun Direct Mail', () => {
  test('is HTTP 200 with an EnvId', async () => {
    expect((await send()).result).toEqual({ ids: { EnvId: '600000', RequestId: 'r' } })
  })

  test.each([
    ['an answer without EnvId', { RequestId: 'r' }, 200, 'provider_fault'],
    ['an EnvId beside the status 400', { ...OK, Code: 'InvalidToAddress' }, 400, 'recipient_invalid'],
    ['an EnvId that is no text', { EnvId: 7 }, 200, 'provider_fault'],
  ])('is not %s', async (_, answer, status, failure) => {
    expect((await send({ answer, status })).result).toMatchObject({ failure })
  })
})

describe("the sender's name of a mail over Aliyun Direct Mail", () => {
  /** The name with which a mail leaves whose template says so, where the settings say `Acme`. */
  const nameWith = async (sendFrom: unknown) => {
    const rows = templates('s', '{{code}}').map(row => ({ ...row, sendFrom }))
    const payload = { code: '739152', application: { name: 'Shop\r\n2' } }
    const { form } = await send({ payload, settings: { fromAlias: 'Acme', templates: rows } })
    return form?.FromAlias
  }

  test.each([
    ['Shop', 'Shop'],
    ['{{application.name}}', 'Shop 2'],
    ['"Shop" <elsewhere@example.com>', 'Shop'],
    ['Exactly14Chars', 'Exactly14Chars'],
  ])('is the one that the template brings: %j', async (sendFrom, name) => {
    expect(await nameWith(sendFrom)).toBe(name)
  })

  test.each(['', 'elsewhere@example.com', '<elsewhere@example.com>', 'Fifteen letters', 7, null])(
    'stays that of the settings where the template brings none that can stand there: %j',
    async sendFrom => {
      expect(await nameWith(sendFrom)).toBe('Acme')
    },
  )
})

describe('the mail that Aliyun Direct Mail is asked to send', () => {
  test('goes to one recipient, untracked, as HTML and as text', async () => {
    const { form } = await send({
      settings: {
        templates: templates('Code {{code}}', '<style>p{}</style><p>Hi,<br>{{ code }} &amp; bye</p>'),
      },
    })
    expect(form).toEqual({
      AccountName: 'noreply@mail.example.com',
      AddressType: '1',
      ReplyToAddress: 'false',
      ToAddress: 'ada@example.com',
      Subject: 'Code 739152',
      HtmlBody: '<style>p{}</style><p>Hi,<br>739152 &amp; bye</p>',
      TextBody: 'Hi,\n739152 & bye',
      FromAlias: '示例应用',
      ClickTrace: '0',
      UnSubscribeLinkType: 'disabled',
      Headers: '{"X-User-Notify-Attempt":"a1"}',
    })
  })

  test('escapes what is filled into HTML, and keeps line breaks out of the subject', async () => {
    const { form } = await send({
      payload: { code: '<b>1&2</b>\r\nBcc: eve@example.com' },
      settings: { templates: templates('{{code}}', '{{code}}') },
    })
    expect(form?.HtmlBody).toBe('&lt;b&gt;1&amp;2&lt;/b&gt;\r\nBcc: eve@example.com')
    expect(form?.Subject).toBe('<b>1&2</b> Bcc: eve@example.com')
  })

  test('has no sender name when none is set', async () => {
    expect((await send({ settings: { fromAlias: '' } })).form).not.toHaveProperty('FromAlias')
  })

  test('has the text part of its template, not HTML-escaped, when there is one', async () => {
    const rows = templates('s', '<p>{{code}}</p>').map(row => ({ ...row, text: 'Code: {{code}}' }))
    const { form } = await send({ payload: { code: '1&2' }, settings: { templates: rows } })
    expect(form).toMatchObject({ HtmlBody: '<p>1&amp;2</p>', TextBody: 'Code: 1&2' })
  })

  test('says how long the code is good where the template asks', async () => {
    const settings = { templates: templates('{{code}}', '{{code}}, {{minutes}} minutes') }
    const { form } = await send({ payload: { code: '1', minutes: 10 }, settings })
    expect(form?.HtmlBody).toBe('1, 10 minutes')
  })

  test.each([
    ['zh-CN', '登录'],
    ['zh-TW', '登录'],
    ['de-AT', 'Anmelden'],
    ['fr', 'Sign in'],
    [undefined, 'Sign in'],
  ])('to a reader of %s has the subject %s', async (locale, subject) => {
    const own = { usageType: 'SignIn', content: '{{code}}' }
    const rows = [
      ...templates('Sign in', '{{code}}'),
      { ...own, subject: '登录', locale: 'zh-CN' },
      { ...own, subject: 'Anmelden', locale: 'de' },
    ]
    const { form } = await send({
      payload: { code: '1', ...(locale && { locale }) },
      settings: { templates: rows },
    })
    expect(form?.Subject).toBe(subject)
  })

  test('carries reply address, its name and the tag when they are set', async () => {
    const details = { replyAddress: 'help@example.com', replyAddressAlias: 'Help', tagName: 'sign-in' }
    const { form } = await send({ settings: { ...details, replyTo: true } })
    expect(form).toMatchObject({
      ReplyToAddress: 'true',
      ReplyAddress: 'help@example.com',
      ReplyAddressAlias: 'Help',
      TagName: 'sign-in',
    })
    for (const name of ['ReplyAddress', 'ReplyAddressAlias', 'TagName'])
      expect((await send()).form).not.toHaveProperty(name)
  })

  test('is not sent when its subject, filled in, is too long', async () => {
    const subject = `${'x'.repeat(90)}{{code}}`
    const { result, requests } = await send({
      payload: { code: 'x'.repeat(11) },
      settings: { templates: templates(subject, '{{code}}') },
    })
    expect(result).toMatchObject({ failure: 'message_rejected', code: 'subject_too_long' })
    expect(requests).toBe(0)
  })

  test.each([
    ['cn-hangzhou', 'https://dm.aliyuncs.com/'],
    ['ap-southeast-1', 'https://dm.ap-southeast-1.aliyuncs.com/'],
    ['us-east-1', 'https://dm.us-east-1.aliyuncs.com/'],
    ['eu-central-1', 'https://dm.eu-central-1.aliyuncs.com/'],
    ['ap-southeast-2', 'https://dm.ap-southeast-2.aliyuncs.com/'],
    [undefined, 'https://dm.aliyuncs.com/'],
  ])('leaves through the host of the region %s', async (region, url) => {
    expect((await send({ settings: { region } })).url).toBe(url)
  })

  test.each([
    '',
    'ada',
    'a@b.c,eve@example.com',
    'ada@example.com;eve@example.com',
    '"Eve" <eve@example.com>',
  ])('is none when the recipient is “%s”', async to => {
    const { result, requests } = await send({ to })
    expect(result).toMatchObject({ failure: 'recipient_invalid', code: 'recipient_malformed' })
    expect(requests).toBe(0)
  })

  test('is none when a text cannot be encoded', async () => {
    const { result, requests } = await send({ payload: { code: '\ud800' } })
    expect(result).toMatchObject({ failure: 'message_rejected', code: 'lone_surrogate' })
    expect(requests).toBe(0)
  })
})

test.each([
  { fromAlias: 'x'.repeat(15) },
  { replyAddressAlias: 'x'.repeat(16) },
  { replyAddress: 'a@example.com,b@example.com' },
  { tagName: '标签' },
])('a configuration with %o is refused on save', change => {
  const issues = schema.safeParse({ ...sampleSettings['aliyun-dm'], ...change }).error?.issues
  expect(issues?.map(({ path }) => path)).toEqual([Object.keys(change)])
})
