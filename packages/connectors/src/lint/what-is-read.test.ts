import { type LintContext, settingsSchema } from '@countersign/kit'
import { sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { connectors, lint } from '../index.ts'

type Id = keyof typeof sampleSettings

const CONTEXT: LintContext = { codeLength: 6 }
const schemaOf = (id: Id) => settingsSchema(connectors.find(each => each.id === id)!.settings)
const withRows = (id: Id, row: object) => ({
  templates: (sampleSettings[id].templates as object[]).map((each, index) =>
    index === 1 ? { ...each, ...row } : each,
  ),
})
const found = (id: Id, change: object, context: Partial<LintContext> = {}) =>
  lint(id, { ...sampleSettings[id], ...change }, { ...CONTEXT, ...context }).map(
    ({ path, severity, code }) => `${severity} ${code} at ${path.join('.')}`,
  )

describe('members that nothing reads', () => {
  test.each<[Id, object, string, string | undefined]>([
    ['aliyun-dm', { replyToAddress: true }, 'replyToAddress', 'replyAddress'],
    ['aliyun-dm', { tag: 'x' }, 'tag', 'tagName'],
    ['aliyun-sms', { AccessKeyId: 'x' }, 'AccessKeyId', 'accessKeyId'],
    ['aliyun-sms', { signname: 'x' }, 'signname', 'signName'],
    ['tencent-sms', { SecretKey: 'x' }, 'SecretKey', 'accessKeySecret'],
    ['tencent-sms', { secret_id: 'x' }, 'secret_id', 'accessKeyId'],
    ['tencent-sms', { sdkAppID: 'x' }, 'sdkAppID', 'sdkAppId'],
    ['tencent-sms', { colour: 'x' }, 'colour', undefined],
    ['aliyun-dm', withRows('aliyun-dm', { Subject: 'x' }), 'templates.1.Subject', 'subject'],
    ['aliyun-sms', withRows('aliyun-sms', { templatecode: 'x' }), 'templates.1.templatecode', 'templateCode'],
    [
      'aliyun-sms',
      withRows('aliyun-sms', { templateCode: { china: 'SMS_1', oversea: 'SMS_2' } }),
      'templates.1.templateCode.oversea',
      'overseas',
    ],
  ])('of %s, %o: %s is warned of, with the name that was meant', (id, change, path, meant) => {
    const finding = lint(id, { ...sampleSettings[id], ...change }, CONTEXT).find(
      ({ code }) => code === 'member_unknown',
    )
    expect(finding).toMatchObject({
      severity: 'warning',
      message: { en: expect.stringContaining('Nothing reads') },
    })
    expect(finding?.path.join('.')).toBe(path)
    expect(finding?.remedy.en).toContain(
      meant === undefined ? 'accessKeyId, accessKeySecret' : `Did you mean ${meant}?`,
    )
  })

  test('are none of what editors read', () => {
    expect(found('aliyun-sms', { $schema: './aliyun-sms.json' }, { allowOverseas: false })).toEqual([])
  })
})

describe('placeholders of a mail', () => {
  const remediesOf = (content: string) =>
    lint('aliyun-dm', { ...sampleSettings['aliyun-dm'], ...withRows('aliyun-dm', { content }) }, CONTEXT)
      .filter(({ code }) => code.startsWith('placeholder'))
      .map(({ code, message, remedy }) => `${code}: ${message.en} ${remedy.en}`)

  test('that would stay as they are are warned of, with the one that was meant and those there are', () => {
    const [braces, unknown, ...more] = remediesOf('<p>{{{code}}} {{minute}} {{code}}</p>')
    expect(braces).toMatch(
      /^placeholder_braces: \{\{\{code\}\}\} has more than two braces.* Write \{\{code\}\}\.$/,
    )
    expect(unknown).toMatch(
      /^placeholder_unknown: .*\{\{minute\}\}.* Write \{\{minutes\}\}\. There are \{\{code\}\}/,
    )
    expect(more).toEqual([])
    expect(remediesOf('{{code}} {{验证码}}').join()).toContain('Use one of those there are')
    expect(remediesOf('{{code}} {{application.nam}}').join()).toContain('Write {{application.name}}')
    expect(remediesOf('{{ code }} {{code}').join()).toContain('placeholder_form')
  })

  test('that are filled in are not', () => {
    expect(
      remediesOf('{{code}} {{ minutes }} {{application.name}} {{locale}} {{user.profile.nickname}}'),
    ).toEqual([])
    expect(remediesOf('<style>@media print{p{color:red}}</style>{{code}}')).toEqual([])
  })
})

describe('what is saved must have its form', () => {
  const issuesOf = (id: Id, change: object) =>
    lint(id, { ...sampleSettings[id], ...change }, CONTEXT)
      .filter(({ severity }) => severity === 'error')
      .map(({ path, message, remedy }) => `${path.join('.')}: ${message.en} ${remedy.en}`)

  test.each([
    'Example <noreply@mail.example.com>',
    'a@m.com,b@m.com',
    'noreply',
    'noreply@mail.example.com\u200B',
    'noreply＠mail.example.com',
    'noreply@例子.测试',
    'noreply@mail',
  ])('so %j is no sender address', accountName => {
    const refused = schemaOf('aliyun-dm').safeParse({ ...sampleSettings['aliyun-dm'], accountName })
    expect(refused.error?.issues).toMatchObject([
      { path: ['accountName'], message: expect.stringContaining('must be exactly one mail address') },
    ])
    expect(issuesOf('aliyun-dm', { accountName }).join()).toContain('Leave the address alone in the field.')
  })

  test.each(['aliyun-dm', 'aliyun-sms', 'tencent-sms'] as const)(
    'so keys of %s have nothing in them that nobody sees',
    id => {
      for (const key of ['accessKeyId', 'accessKeySecret'])
        for (const mark of ['\u200B', '\u2060', '\u00A0', '\uFE0F'])
          expect(issuesOf(id, { [key]: `abc${mark}def` }), `${key} ${mark}`).toEqual([
            expect.stringMatching(`^${key}: .*Copy the (?:value|secret) again`),
          ])
      expect(schemaOf(id).safeParse({ ...sampleSettings[id], accessKeySecret: ' abc+/= \n' }).success).toBe(
        true,
      )
    },
  )

  test('but numbers are taken where texts of digits are meant', () => {
    const templates = (sampleSettings['tencent-sms'].templates as object[]).map(row => ({
      ...row,
      templateCode: 1234567,
    }))
    const change = { sdkAppId: 1400006666, templates }
    expect(found('tencent-sms', change, { allowOverseas: false })).toEqual([])
    const values = schemaOf('tencent-sms').parse({ ...sampleSettings['tencent-sms'], ...change })
    expect(values).toMatchObject({
      sdkAppId: '1400006666',
      templates: [{ templateCode: '1234567' }, {}, {}, {}],
    })
    expect(found('tencent-sms', { sdkAppId: 1300000001 })).toContain('warning sdk_app_id_form at sdkAppId')
    expect(issuesOf('tencent-sms', { sdkAppId: true }).join()).toContain('between double quotes')
  })
})

test('what the settings refuse is said in one language at a time', () => {
  for (const id of Object.keys(sampleSettings) as Id[])
    for (const change of [
      { signatureVersion: 'v9', templates: 7 },
      { region: 'mars' },
      { endpoint: 'x', proxy: 7 },
    ]) {
      const found = lint(id, { ...sampleSettings[id], ...change }, CONTEXT)
      for (const { message } of found.filter(({ severity }) => severity === 'error'))
        expect(message['zh-CN'], id).not.toMatch(/\b(?:expected|received|must|one of|should)\b/)
    }
})
