import type { LintContext } from '@countersign/kit'
import { sampleSettings } from '@countersign/simulators'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { connectors, lint } from '../index.ts'
import { expectLinked } from '../testing.ts'

type Id = keyof typeof sampleSettings

const CONTEXT: LintContext = { codeLength: 6 }
const withRows = (id: Id, row: object) => ({
  templates: (sampleSettings[id].templates as object[]).map((each, index) =>
    index === 1 ? { ...each, ...row } : each,
  ),
})

const found = (id: Id, change: object, context: Partial<LintContext> = {}) =>
  lint(id, { ...sampleSettings[id], ...change }, { ...CONTEXT, ...context }).map(
    ({ path, severity, code, remedy, links }) => {
      expectLinked(remedy, links, code)
      return `${severity} ${code} at ${path.join('.')}`
    },
  )

const row = (locale: string) => ({ usageType: 'Generic', templateCode: 'SMS_1', locale })

describe('a configuration', () => {
  // Their templates stand alone, as most operators begin: that is enough for mainland numbers, and no more.
  test.each(Object.keys(sampleSettings) as Id[])(
    'that the cloud of %s takes has no findings for mainland numbers',
    id => {
      expect(found(id, {}, { allowOverseas: false })).toEqual([])
    },
  )

  test.each(['aliyun-sms', 'tencent-sms'] as const)(
    'of %s whose templates stand alone is warned of once, for what is added to Generic mends every row',
    id => {
      expect(found(id, {})).toEqual(['warning overseas_template_missing at templates.3.templateCode'])
    },
  )

  test("may name the region as Logto's own connector for Direct Mail does, and is refused for one that there is not", () => {
    expect(found('aliyun-dm', { region: undefined, regionId: 'us-east-1' })).toEqual([])
    expect(found('aliyun-dm', { region: undefined, regionId: 'nowhere' })).toEqual([
      'error value_invalid at region',
    ])
  })

  test('of Aliyun SMS is in order when the row for Generic alone has a template for abroad', () => {
    const templates = (sampleSettings['aliyun-sms'].templates as object[]).map((row, index) =>
      index === 3 ? { ...row, templateCode: { china: 'SMS_4', overseas: 'SMS_5' } } : row,
    )
    expect(found('aliyun-sms', { templates }, { allowOverseas: true }).join()).not.toContain('_template')
  })

  test('that gives a template of the mainland as one for abroad is refused, in whatever row it stands', () => {
    const templates = [
      { usageType: 'SignIn', templateCode: 'SMS_1' },
      { usageType: 'Generic', templateCode: { china: 'SMS_2', overseas: 'SMS_1' } },
    ]
    expect(found('aliyun-sms', { templates })).toContain(
      'error template_codes_equal at templates.1.templateCode.overseas',
    )
  })

  test('of Aliyun SMS says that a template that stands alone serves nobody abroad', () => {
    const { templates } = sampleSettings['aliyun-sms'] as { templates: object[] }
    const abroad = found('aliyun-sms', {}, { allowOverseas: true })
    for (const index of templates.keys())
      expect(abroad).toContain(`error overseas_template_missing at templates.${index}.templateCode`)
    const mixed = [
      { usageType: 'SignIn', templateCode: { china: 'SMS_1' } },
      { usageType: 'Generic', templateCode: 'SMS_2' },
    ]
    expect(found('aliyun-sms', { templates: mixed })).toContain(
      'warning overseas_template_missing at templates.0.templateCode.overseas',
    )
  })

  test.each<[Id, object, string, Partial<LintContext>?]>([
    // Keys, tokens and endpoints
    ['aliyun-sms', { accessKeyId: 'AKIDxyz' }, 'error key_of_other_cloud at accessKeyId'],
    ['tencent-sms', { accessKeyId: 'LTAIxyz' }, 'error key_of_other_cloud at accessKeyId'],
    ['aliyun-dm', { accessKeyId: 'x', accessKeySecret: 'x' }, 'error secret_is_id at accessKeySecret'],
    ['aliyun-dm', { accessKeySecret: 'a b' }, 'error secret_has_space at accessKeySecret'],
    ['aliyun-sms', { accessKeyId: 'STS.x' }, 'error token_missing at securityToken'],
    ['aliyun-sms', { securityToken: 'x' }, 'warning temporary_key at securityToken'],
    ['tencent-sms', { token: 'x' }, 'warning temporary_key at token'],
    ['aliyun-sms', { endpoint: 'http://dysmsapi.aliyuncs.com' }, 'error endpoint_http at endpoint'],
    ['aliyun-sms', { endpoint: 'https://sms.example.com' }, 'warning endpoint_foreign at endpoint'],
    ['tencent-sms', { accessKeyId: 'IKIDxyz' }, 'warning key_of_other_site at site'],
    ['tencent-sms', { site: 'international', region: 'ap-singapore' }, 'warning key_of_other_site at site'],
    ['tencent-sms', { site: 'international' }, 'warning region_of_other_site at region'],
    [
      'tencent-sms',
      { region: 'ap-nanjing', regionalEndpoint: true },
      'warning no_regional_endpoint at regionalEndpoint',
    ],
    // Signatures and names
    ['aliyun-sms', { signName: '【示例应用】' }, 'error signature_brackets at signName'],
    ['tencent-sms', { overseasSignName: '[Example]' }, 'error signature_brackets at overseasSignName'],
    ['tencent-sms', { signName: '300001' }, 'error signature_is_id at signName'],
    ['aliyun-sms', { signName: '示例 应用' }, 'warning signature_symbols at signName'],
    ['aliyun-sms', { signName: '示' }, 'warning signature_length at signName'],
    ['aliyun-sms', { signName: '示例应用.com' }, 'error contains_url at signName'],
    ['aliyun-dm', { fromAlias: 'example.com' }, 'error contains_url at fromAlias'],
    ['aliyun-dm', { fromAlias: 'x'.repeat(15) }, 'error sender_name_too_long at fromAlias'],
    ['tencent-sms', { sdkAppId: '1300000001' }, 'warning sdk_app_id_form at sdkAppId'],
    ['aliyun-dm', { accountName: 'me@gmail.com' }, 'error sender_free_mail at accountName'],
    [
      'aliyun-dm',
      { replyTo: true, replyAddress: 'a@b.example' },
      'warning reply_address_twice at replyAddress',
    ],
    ['aliyun-dm', { replyAddressAlias: 'Help' }, 'warning reply_name_without_address at replyAddressAlias'],
    // Test resources
    ['aliyun-sms', { signName: '阿里云短信测试' }, 'warning test_signature at signName'],
    [
      'aliyun-sms',
      { signName: '阿里云短信测试' },
      'error test_signature_with_template at templates.0.templateCode',
    ],
    [
      'aliyun-sms',
      withRows('aliyun-sms', { templateCode: 'SMS_154950909' }),
      'error test_template_with_signature at templates.1.templateCode',
    ],
    // Templates
    [
      'aliyun-sms',
      withRows('aliyun-sms', { templateCode: '1234567' }),
      'warning template_code_form at templates.1.templateCode',
    ],
    [
      'tencent-sms',
      withRows('tencent-sms', { templateCode: { china: '12', overseas: '1000024' } }),
      'warning template_code_form at templates.1.templateCode.china',
    ],
    [
      'aliyun-sms',
      withRows('aliyun-sms', { templateCode: { china: 'SMS_1', overseas: 'SMS_1' } }),
      'error template_codes_equal at templates.1.templateCode.overseas',
    ],
    [
      'aliyun-sms',
      { templates: [{ usageType: 'Generic', templateCode: { china: 'SMS_1' } }] },
      'error overseas_template_missing at templates.0.templateCode.overseas',
      { allowOverseas: true },
    ],
    [
      'aliyun-sms',
      { templates: [{ usageType: 'Generic', templateCode: { china: 'SMS_1' } }] },
      'warning overseas_template_missing at templates.0.templateCode.overseas',
    ],
    [
      'tencent-sms',
      {},
      'warning overseas_template_missing at templates.0.templateCode',
      { allowOverseas: true },
    ],
    [
      'tencent-sms',
      { templates: [{ usageType: 'Generic', templateCode: { overseas: '1000024' } }] },
      'warning china_template_missing at templates.0.templateCode.china',
    ],
    // Codes
    ['aliyun-sms', {}, 'error code_length at templates', { codeLength: 3 }],
    ['aliyun-sms', {}, 'error code_length at templates', { codeLength: 8 }],
    ['tencent-sms', {}, 'error code_length at templates', { codeLength: 7 }],
    // Mails
    [
      'aliyun-dm',
      withRows('aliyun-dm', { content: '<p>Hi</p>' }),
      'error code_missing at templates.1.content',
    ],
    ['aliyun-dm', withRows('aliyun-dm', { text: 'Hi' }), 'error code_missing at templates.1.text'],
    [
      'aliyun-dm',
      withRows('aliyun-dm', { content: '{{code}} #code#' }),
      'warning placeholder_form at templates.1.content',
    ],
    [
      'aliyun-dm',
      withRows('aliyun-dm', { subject: '{code}' }),
      'warning placeholder_form at templates.1.subject',
    ],
    [
      'aliyun-dm',
      withRows('aliyun-dm', { subject: `${'x'.repeat(92)}{{code}}` }),
      'error subject_too_long at templates.1.subject',
      { codeLength: 9 },
    ],
    // Languages
    [
      'aliyun-dm',
      { templates: [{ usageType: 'Generic', subject: 's', content: '{{code}}', locale: 'de' }] },
      'warning no_fallback_language at templates.0.locale',
    ],
    [
      'aliyun-sms',
      { templates: [{ usageType: 'Generic', templateCode: 'SMS_1', locale: 'zh-TW' }] },
      'warning no_fallback_language at templates.0.locale',
      { fallbackLanguage: 'en' },
    ],
    [
      // Abroad nobody gets another one than in Traditional characters.
      'tencent-sms',
      {
        templates: [
          { usageType: 'Generic', templateCode: { china: '1000004' } },
          { usageType: 'SignIn', templateCode: { overseas: '1000024' }, locale: 'zh-TW' },
        ],
      },
      'warning no_fallback_language at templates.1.locale',
    ],
    [
      'aliyun-sms',
      withRows('aliyun-sms', { locale: 'cn' }),
      'warning language_unknown at templates.1.locale',
    ],
    [
      'tencent-sms',
      withRows('tencent-sms', { locale: 'xx' }),
      'warning language_unknown at templates.1.locale',
    ],
    [
      'aliyun-dm',
      withRows('aliyun-dm', { locale: 'en-UK' }),
      'warning language_unknown at templates.1.locale',
    ],
    [
      'aliyun-dm',
      withRows('aliyun-dm', { locale: 'zh-AB' }),
      'warning language_unknown at templates.1.locale',
    ],
    [
      'aliyun-sms',
      { templates: [row('zh-TW'), row('zh-Hant')] },
      'warning language_twice at templates.1.locale',
    ],
    [
      'aliyun-sms',
      { templates: [row('zh-TW'), row('zh-tw')] },
      'error usage_type_twice at templates.1.usageType',
    ],
    ['aliyun-sms', { templates: [row('z-TW')] }, 'error value_invalid at templates.0.locale'],
    // What the settings refuse
    ['aliyun-sms', { templates: undefined }, 'error usage_types_missing at templates'],
    ['aliyun-sms', { signName: '' }, 'error field_missing at signName'],
    ['aliyun-sms', { region: 'mars' }, 'error value_invalid at region'],
    ['tencent-sms', { sdkAppId: 'x' }, 'error value_invalid at sdkAppId'],
    [
      'aliyun-dm',
      withRows('aliyun-dm', { subject: 'x'.repeat(101) }),
      'error subject_too_long at templates.1.subject',
    ],
    [
      'aliyun-dm',
      withRows('aliyun-dm', { usageType: 'Register' }),
      'error usage_type_twice at templates.1.usageType',
    ],
  ])('of %s with %o: %s', (id, change, finding, context) => {
    expect(found(id, change, context)).toContain(finding)
  })

  test('whose overseas numbers are served by the row for Generic needs no more', () => {
    const templates = [
      { usageType: 'SignIn', templateCode: { china: 'SMS_1' } },
      { usageType: 'Generic', templateCode: { china: 'SMS_2', overseas: 'SMS_3' } },
    ]
    expect(found('aliyun-sms', { templates }, { allowOverseas: true }).join()).not.toContain(
      'overseas_template',
    )
  })

  test('in several languages is in order with a row in the fallback language, or one without a language', () => {
    const languages = (more: object, context: Partial<LintContext> = {}) =>
      found('aliyun-sms', { templates: [row('zh-TW'), row('zh-HK'), more] }, context).filter(each =>
        each.includes('language'),
      )
    expect(languages(row('en'), { fallbackLanguage: 'en-US' })).toEqual([])
    expect(languages({ ...row(''), templateCode: { china: 'SMS_2' } })).toEqual([])
    expect(languages(row('en'), { fallbackLanguage: 'ja' })).toEqual([
      'warning no_fallback_language at templates.0.locale',
    ])
  })

  test('with Chinese in one script, and a row without a language, is warned of: that one may be in the other script', () => {
    const scripts = (...locales: string[]) =>
      found('aliyun-sms', { templates: locales.map(row) }).filter(each => each.includes('other_script'))
    expect(scripts('', 'zh-TW')).toEqual(['warning other_script at templates.1.locale'])
    expect(scripts('zh', '')).toEqual(['warning other_script at templates.0.locale'])
    expect(scripts('', 'zh-HK', 'zh-CN')).toEqual([])
    expect(scripts('en', 'zh-TW')).toEqual([])
    expect(scripts('', 'en')).toEqual([])
    // Of a mail it is plain what it is in.
    const mails = (content: string) =>
      found('aliyun-dm', {
        templates: [
          { ...row(''), content },
          { ...row('zh-CN'), content: '您的验证码：{{code}}' },
        ],
      }).filter(each => each.includes('other_script'))
    expect(mails('Your code: {{code}}')).toEqual([])
    expect(mails('您的驗證碼：{{code}}')).toEqual(['warning other_script at templates.1.locale'])
  })

  test('for mainland numbers only needs no template for others', () => {
    const templates = [{ usageType: 'Generic', templateCode: { china: 'SMS_2' } }]
    expect(found('aliyun-sms', { templates }, { allowOverseas: false }).join()).not.toContain('overseas')
  })

  test('may name an endpoint on this machine without TLS', () => {
    const change = { endpoint: 'http://localhost:3003' }
    expect(found('aliyun-sms', change, { allowOverseas: false })).toEqual([])
  })

  test('is complained about once for one member that settings and cloud both refuse', () => {
    const all = found('aliyun-dm', { fromAlias: 'x'.repeat(15) })
    expect(all.filter(each => each.endsWith('at fromAlias'))).toHaveLength(1)
  })
})

test('a finding names the field and says what to do, in English and Chinese', () => {
  const templates = [{ usageType: 'SignIn', templateCode: {}, subject: '', content: '#code#', locale: 'de' }]
  for (const { id } of connectors)
    for (const draft of [
      {},
      { templates },
      { signName: '【a b】', endpoint: 'http://x.com', proxy: 'x', token: 'x' },
    ])
      for (const { path, message, remedy } of lint(id, draft, { codeLength: 9, allowOverseas: true })) {
        expect(path.length).toBeGreaterThan(0)
        for (const text of [message, remedy]) {
          expect(text.en).toMatch(/^[A-Z].{5,}\.$/s)
          expect(text['zh-CN']).toMatch(/[\u4e00-\u9fff].*。$/s)
        }
      }
})

test('a missing usage type is named', () => {
  const templates = (sampleSettings['aliyun-sms'].templates as object[]).slice(1)
  const [finding] = lint('aliyun-sms', { ...sampleSettings['aliyun-sms'], templates }, CONTEXT)
  expect(finding).toMatchObject({
    path: ['templates'],
    message: {
      en: 'Templates: has no template for Register; add one row for each.',
      'zh-CN': '“短信模板”缺少以下用途的模板：Register。',
    },
  })
})

test('a member of a row is called by its row and its name', () => {
  const draft = { ...sampleSettings['aliyun-sms'], ...withRows('aliyun-sms', { templateCode: '' }) }
  expect(lint('aliyun-sms', draft, CONTEXT)[0]).toMatchObject({
    message: {
      en: 'Templates 2, Template code: must not be empty.',
      'zh-CN': '“短信模板 2”的“模板 CODE”不能为空。',
    },
  })
})

test('anything at all can be looked at', () => {
  const keys = fc.constantFrom(
    ...['accessKeyId', 'signName', 'templates', 'templateCode', 'subject', 'content', 'locale'],
    'endpoint',
  )
  const { tree } = fc.letrec(tie => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom('【x】', 'http://x.com', '{code}', '{{code}}'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(keys, tie('tree')),
    ),
  }))
  fc.assert(
    fc.property(fc.dictionary(keys, tree), draft => {
      for (const { id } of connectors)
        expect(lint(id, draft, { codeLength: 6, allowOverseas: true })).toBeInstanceOf(Array)
    }),
    { numRuns: 300 },
  )
})
